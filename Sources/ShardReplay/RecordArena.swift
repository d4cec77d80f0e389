internal import StorageProtocol

/// The records of one partition's objects, in slabs that never move.
///
/// A reference is 32 bits: slab and 8-byte unit in it. What is given back is used again for records of the same size, so
/// that objects written over and over take no more memory than once.
struct RecordArena: ~Copyable {
  private static let unitBytes = 8
  private static let slabUnitBits: UInt32 = 13
  private static let slabBytes = 1 << (slabUnitBits + 3)

  private var slabs: [UnsafeMutableRawPointer] = []
  private var currentSlab = 0
  private var freeUnit = 0
  private var freeBytes = 0
  /// References given back, by bytes of the record.
  private var returned: [Int: [RecordReference]] = [:]

  deinit { for slab in slabs { slab.deallocate() } }

  /// Bytes of a record with `shardCount` shards and an id of `idCount` bytes.
  static func byteCount(shardCount: Int, idCount: Int) -> Int {
    let bytes = MemoryLayout<ObjectHeader>.stride + shardCount * MemoryLayout<ShardRecord>.stride + idCount
    return (bytes + unitBytes - 1) & ~(unitBytes - 1)
  }

  /// Returns room for a record; what it holds is undefined.
  mutating func allocate(_ byteCount: Int) -> RecordReference {
    if let reference = returned[byteCount]?.popLast() { return reference }
    if byteCount > RecordArena.slabBytes { return addSlab(byteCount) }
    if byteCount > freeBytes {
      _ = addSlab(RecordArena.slabBytes)
      freeUnit = 0
      freeBytes = RecordArena.slabBytes
      currentSlab = slabs.count - 1
    }
    let reference = RecordArena.reference(slab: currentSlab, unit: freeUnit)
    freeUnit += byteCount / RecordArena.unitBytes
    freeBytes -= byteCount
    return reference
  }

  private mutating func addSlab(_ byteCount: Int) -> RecordReference {
    slabs.append(.allocate(byteCount: byteCount, alignment: 8))
    return RecordArena.reference(slab: slabs.count - 1, unit: 0)
  }

  private static func reference(slab: Int, unit: Int) -> RecordReference {
    precondition(slab < 1 << (32 - Int(slabUnitBits)), "a partition holds at most 32 GiB: use more partitions")
    return RecordReference(unit: UInt32(slab) << slabUnitBits | UInt32(unit))
  }

  /// Gives a record back.
  mutating func free(_ reference: RecordReference, _ byteCount: Int) {
    returned[byteCount, default: []].append(reference)
  }

  /// The record; valid until it is given back.
  func header(_ reference: RecordReference) -> UnsafeMutablePointer<ObjectHeader> {
    // A reference was made by `allocate`: its slab exists and holds the whole record.
    let unit = Int(reference.unit & (1 << RecordArena.slabUnitBits - 1))
    return (slabs[Int(reference.unit >> RecordArena.slabUnitBits)] + unit * RecordArena.unitBytes)
      .assumingMemoryBound(to: ObjectHeader.self)
  }
}

extension UnsafeMutablePointer<ObjectHeader> {
  /// The shards, `shardCount` of them.
  var shards: UnsafeMutablePointer<ShardRecord> {
    UnsafeMutableRawPointer(self + 1).assumingMemoryBound(to: ShardRecord.self)
  }

  /// The id's bytes, `idCount` of them.
  var id: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(shards + Int(pointee.shardCount)).assumingMemoryBound(to: UInt8.self)
  }

  var identifier: Identifier {
    Identifier(bytes: Array(UnsafeBufferPointer(start: id, count: Int(pointee.idCount))))
  }

  /// Bytes of the whole record.
  var byteCount: Int {
    RecordArena.byteCount(shardCount: Int(pointee.shardCount), idCount: Int(pointee.idCount))
  }
}
