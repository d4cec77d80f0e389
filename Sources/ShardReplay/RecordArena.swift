internal import CPrefetch
internal import StorageProtocol

/// The records of one partition's objects, in slabs that never move.
///
/// A reference is 32 bits: slab and 8-byte unit in it. What is given back is used again for records of the same size, so
/// that objects written over and over take no more memory than once; a large record, of many shards, is a slab of its own,
/// and goes back to where all memory comes from.
struct RecordArena: ~Copyable {
  private static let unitBytes = 8
  private static let slabUnitBits: UInt32 = 13
  private static let slabBytes = 1 << (slabUnitBits + 3)
  /// About 45 shards. What objects leave behind that grow shard by shard is at most all smaller sizes once.
  private static let sharedBytesMax = 2048

  /// By number; one that was given back is empty.
  private var slabs: [UnsafeMutableRawPointer?] = []
  /// Bytes of each slab, 0 of one that was given back.
  private var slabSizes: [Int] = []
  private var freeSlabs: [Int] = []
  private var currentSlab = 0
  private var freeUnit = 0
  private var freeBytes = 0
  /// References given back, by units of the record: a list in a list is changed in place, one in a dictionary takes memory for it.
  private var returned = [[RecordReference]](repeating: [], count: sharedBytesMax / unitBytes + 1)
  /// Bytes of all slabs.
  private(set) var allocatedBytes = 0

  deinit { for slab in slabs { slab?.deallocate() } }

  /// Bytes of a record with `shardCount` shards and an id of `idCount` bytes.
  static func byteCount(shardCount: Int, idCount: Int) -> Int {
    let bytes = MemoryLayout<ObjectHeader>.stride + shardCount * MemoryLayout<ShardRecord>.stride + idCount
    return (bytes + unitBytes - 1) & ~(unitBytes - 1)
  }

  /// Returns room for a record; what it holds is undefined.
  mutating func allocate(_ byteCount: Int) -> RecordReference {
    if byteCount > RecordArena.sharedBytesMax {
      return RecordArena.reference(slab: addSlab(byteCount), unit: 0)
    }
    if let reference = returned[byteCount / RecordArena.unitBytes].popLast() { return reference }
    if byteCount > freeBytes {
      currentSlab = addSlab(RecordArena.slabBytes)
      freeUnit = 0
      freeBytes = RecordArena.slabBytes
    }
    let reference = RecordArena.reference(slab: currentSlab, unit: freeUnit)
    freeUnit += byteCount / RecordArena.unitBytes
    freeBytes -= byteCount
    return reference
  }

  private mutating func addSlab(_ byteCount: Int) -> Int {
    let slab = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 8)
    allocatedBytes += byteCount
    if let number = freeSlabs.popLast() {
      slabs[number] = slab
      slabSizes[number] = byteCount
      return number
    }
    slabs.append(slab)
    slabSizes.append(byteCount)
    return slabs.count - 1
  }

  private static func reference(slab: Int, unit: Int) -> RecordReference {
    precondition(slab < 1 << (32 - Int(slabUnitBits)), "a partition holds at most 32 GiB: use more partitions")
    return RecordReference(unit: UInt32(slab) << slabUnitBits | UInt32(unit))
  }

  /// Gives a record back.
  mutating func free(_ reference: RecordReference, _ byteCount: Int) {
    if byteCount > RecordArena.sharedBytesMax {
      let slab = RecordArena.slab(of: reference)
      slabs[slab]?.deallocate()
      slabs[slab] = nil
      slabSizes[slab] = 0
      freeSlabs.append(slab)
      allocatedBytes -= byteCount
      return
    }
    returned[byteCount / RecordArena.unitBytes].append(reference)
  }

  /// The record; valid until it is given back.
  func header(_ reference: RecordReference) -> UnsafeMutablePointer<ObjectHeader> {
    // A reference was made by `allocate`: its slab exists and holds the whole record.
    let unit = Int(reference.unit & (1 << RecordArena.slabUnitBits - 1))
    guard let slab = slabs[RecordArena.slab(of: reference)] else {
      preconditionFailure("a record that was given back is not looked at")
    }
    return (slab + unit * RecordArena.unitBytes).assumingMemoryBound(to: ObjectHeader.self)
  }

  /// Has memory fetch a record that will be looked at soon: all that an object of one shard has.
  func prefetch(_ reference: RecordReference) { cprefetch_record(header(reference)) }

  private static func slab(of reference: RecordReference) -> Int { Int(reference.unit >> slabUnitBits) }
}

// MARK: Images

extension RecordArena {
  /// Forgets every record.
  mutating func removeAll() { self = RecordArena() }

  func writeImage<Failure: Error>(_ write: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
    try ImageCoding.write(slabSizes, write)
    try ImageCoding.write([currentSlab, freeUnit, freeBytes], write)
    for (units, references) in returned.enumerated() where !references.isEmpty {
      try ImageCoding.write([units * RecordArena.unitBytes] + references.map { Int($0.unit) }, write)
    }
    try ImageCoding.write([], write)
    for (slab, size) in zip(slabs, slabSizes) {
      // A slab has the size that is kept of it.
      if let slab { try write(UnsafeRawBufferPointer(start: slab, count: size)) }
    }
  }

  mutating func readImage<Failure: Error>(
    _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    removeAll()
    let sizes = try ImageCoding.numbers(read)
    let current = try ImageCoding.numbers(read)
    (currentSlab, freeUnit, freeBytes) = (current[0], current[1], current[2])
    while case let units = try ImageCoding.numbers(read), let size = units.first {
      returned[size / RecordArena.unitBytes] = units.dropFirst().map { RecordReference(unit: UInt32($0)) }
    }
    for (number, size) in sizes.enumerated() {
      slabSizes.append(size)
      guard size > 0 else {
        slabs.append(nil)
        freeSlabs.append(number)
        continue
      }
      let slab = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
      slabs.append(slab)
      allocatedBytes += size
      try read(UnsafeMutableRawBufferPointer(start: slab, count: size))
    }
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
