internal import Derivation
internal import LogDecoding
internal import StorageProtocol

/// The records of a partition.
struct ObjectTable: ~Copyable {
  var index: KeyIndex
  var records = RecordArena()
  let constants: GovernedConstants
  let keepsMetadata: Bool
  /// By record, from the first orphan on.
  var orphans = OrphanLists()
  /// Canonical JSON by record.
  var metadata: [RecordReference: [UInt8]] = [:]
  var explicitPlacements = ExplicitPlacements()
  /// What looking ahead saw: kept so that it is not left out.
  var touched: UInt64 = 0

  init(index: consuming KeyIndex, constants: GovernedConstants, keepsMetadata: Bool) {
    self.index = index
    self.constants = constants
    self.keepsMetadata = keepsMetadata
  }

  /// Inserts or replaces an object (protocol.md 5.4).
  ///
  /// - Parameter explicit: the batch's placements that no word can say.
  /// - Returns: how many objects and shards there are more.
  mutating func apply(
    _ record: UnsafePointer<EntryRecord>, _ derived: UnsafePointer<DerivedRecord>, _ explicit: [[Identifier]]
  ) -> (objects: Int, shards: Int) {
    let chunkCount = derived.pointee.chunkCount
    guard let found = index.find(derived.pointee.key, in: records) else {
      let reference = allocate(shardCount: chunkCount, record, derived)
      index.insert(derived.pointee.key, reference, in: records)
      write(record, derived, explicit, to: reference)
      return (1, chunkCount)
    }
    let before = Int(records.header(found).pointee.shardCount)
    forgetPlacements(found, chunkCount)
    if chunkCount > before {
      let reference = allocate(shardCount: chunkCount, record, derived)
      index.replace(derived.pointee.key, reference, in: records)
      orphans[found] = []
      metadata[found] = nil
      records.free(found, records.header(found).byteCount)
      write(record, derived, explicit, to: reference)
      return (0, chunkCount - before)
    }
    if chunkCount < before || !orphans.isEmpty { keepOrphans(found, chunkCount) }
    write(record, derived, explicit, to: found)
    return (0, 0)
  }

  private mutating func allocate(
    shardCount: Int, _ record: UnsafePointer<EntryRecord>, _ derived: UnsafePointer<DerivedRecord>
  ) -> RecordReference {
    let id = record.pointee.objectID
    let reference = records.allocate(RecordArena.byteCount(shardCount: shardCount, idCount: id.count))
    let header = records.header(reference)
    header.pointee.shardCount = UInt32(shardCount)
    header.pointee.idCount = UInt32(id.count)
    header.pointee.key = derived.pointee.key
    header.pointee.version = record.pointee.version
    // The record was made for `shardCount` shards and this id.
    header.id.update(from: id.start, count: id.count)
    return reference
  }

  private mutating func write(
    _ record: UnsafePointer<EntryRecord>, _ derived: UnsafePointer<DerivedRecord>, _ explicit: [[Identifier]],
    to reference: RecordReference
  ) {
    let header = records.header(reference)
    header.pointee.writer = derived.pointee.eventID
    header.pointee.hashCommit = derived.pointee.hashCommit
    header.pointee.tick = record.pointee.tick
    header.pointee.contentBytes = record.pointee.contentBytes
    header.pointee.currentCount = UInt32(derived.pointee.chunkCount)
    header.pointee.isCarried = record.pointee.source == .carried
    for chunk in 0..<derived.pointee.chunkCount {
      // The record has `chunkCount` shards or more; the batch has a placement and, unless carried, a root for each.
      let placement = derived.pointee.placements.map { $0[chunk] } ?? Placement()
      header.shards[chunk] = ShardRecord(
        merkleRoot: derived.pointee.merkleRoots.map { $0[chunk] } ?? .zero,
        placement: explicitPlacements.adopt(placement, from: explicit))
    }
    if keepsMetadata { metadata[reference] = header.pointee.isCarried ? nil : record.pointee.metadata.array }
  }

  /// What replacing content by `chunkCount` chunks makes, or leaves, of orphans: they keep their own writers.
  private mutating func keepOrphans(_ reference: RecordReference, _ chunkCount: Int) {
    let header = records.header(reference)
    let (current, total) = (Int(header.pointee.currentCount), Int(header.pointee.shardCount))
    let old = orphans[reference]
    var kept: [Orphan] = []
    for shard in chunkCount..<total {
      if shard >= current {
        kept.append(old[shard - current])
      } else {
        let chunkBytes = constants.chunkBytes(at: UInt64(shard), contentBytes: header.pointee.contentBytes)
        kept.append(Orphan(writer: header.pointee.writer, chunkBytes: chunkBytes))
      }
    }
    orphans[reference] = kept
  }

  /// Gives back the explicit placements of shards that are about to be replaced.
  private mutating func forgetPlacements(_ reference: RecordReference, _ chunkCount: Int) {
    guard !explicitPlacements.isEmpty else { return }
    let header = records.header(reference)
    for shard in 0..<min(chunkCount, Int(header.pointee.shardCount)) {
      explicitPlacements.remove(header.shards[shard].placement)
    }
  }

  // MARK: Objects

  /// What is known of a shard besides its nodes.
  ///
  /// - Parameter orphans: of the record.
  func shard(_ index: Int, of header: UnsafeMutablePointer<ObjectHeader>, _ orphans: [Orphan]) -> HeldShard {
    let current = Int(header.pointee.currentCount)
    let orphan = index < current ? nil : orphans[index - current]
    // The record has a place for every shard that exists.
    let root = header.shards[index].merkleRoot
    return HeldShard(
      chunkBytes: orphan?.chunkBytes
        ?? constants.chunkBytes(at: UInt64(index), contentBytes: header.pointee.contentBytes),
      merkleRoot: root == .zero ? nil : root, writer: orphan?.writer ?? header.pointee.writer)
  }

  /// The object of a record without its metadata, its names computed again: for the proofs that need a closer look.
  ///
  /// - Parameter nodeNames: every id ever registered, by number.
  func object(_ reference: RecordReference, nodeNames: [Identifier]) -> StoredObject {
    let header = records.header(reference)
    let id = header.identifier
    let version = ObjectVersion(header.pointee.version)
    let orphans = orphans[reference]
    let current = Int(header.pointee.currentCount)
    let shards = (0..<Int(header.pointee.shardCount)).map { index in
      let shard = shard(index, of: header, orphans)
      return StoredObject.Shard(
        id: ObjectNaming.shardID(object: id, version: version, index: UInt64(index)), chunkBytes: shard.chunkBytes,
        assignedNodes: explicitPlacements.nodes(header.shards[index].placement, nodeNames),
        merkleRoot: shard.merkleRoot, writer: shard.writer)
    }
    return StoredObject(
      key: header.pointee.key, id: id, version: version, hashCommit: header.pointee.hashCommit, metadata: nil,
      createdAtTick: Tick(header.pointee.tick), writer: header.pointee.writer, currentShardCount: current,
      shards: shards)
  }
}
