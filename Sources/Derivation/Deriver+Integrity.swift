internal import Hashing
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// Checks every record against its id, and STOREs against what object, content and metadata give (protocol.md 9, step 1).
  mutating func checkIntegrity(_ derived: DerivedBatch) {
    for entry in 0..<derived.count {
      let record = view.entries + entry
      switch record.pointee.kind {
      case .store where view.derived[entry].flags.contains(.isApplied): check(store: entry, record, derived)
      case .proofGenerated, .proofFailed: check(proof: entry, record, derived)
      default: break
      }
    }
  }

  private mutating func check(store entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    view.derived[entry].key = firstRound.digest(view.work[entry].name)
    if record.pointee.source.hasContent {
      view.derived[entry].hashCommit = firstRound.digest(view.work[entry].content)
    }
    guard record.pointee.flags.contains(.isEventDialect) else { return }
    do throws(EntryFault) {
      try checkID(entry, record)
      try checkFields(entry, record, derived)
      try checkSetKeys(entry, record, derived)
    } catch {
      return derived.reject(entry, error)
    }
    if record.pointee.flags.contains(.hasEpoch) || record.pointee.flags.contains(.hasReplicaSets) {
      view.derived[entry].flags.insert(.isCompared)
    }
  }

  private func check(proof entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    do throws(EntryFault) {
      try checkID(entry, record)
    } catch {
      return derived.reject(entry, error)
    }
    view.derived[entry].flags = .comparedProof
  }

  /// The 13 recorded fields must hash to the recorded id, if there is one.
  private func checkID(_ entry: Int, _ record: UnsafePointer<EntryRecord>) throws(EntryFault) {
    guard record.pointee.flags.contains(.hasEventID) else { return }
    guard record.pointee.flags.contains(.recordIsComplete) else { throw .recordIncomplete }
    guard record.pointee.flags.contains(.eventIDIsDigest),
      firstRound.digest(view.work[entry].recordedEvent) == record.pointee.eventID
    else {
      throw .eventID
    }
  }

  private func checkFields(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch)
    throws(EntryFault)
  {
    let flags = record.pointee.flags
    if flags.contains(.hasHashCommit), record.pointee.hashCommit != view.derived[entry].hashCommit {
      throw .contradictsContent(.hashCommit)
    }
    if flags.contains(.hasContentBytes), record.pointee.recordedContentBytes != record.pointee.contentBytes {
      throw .contradictsContent(.contentSize)
    }
    if flags.contains(.hasAtrCost), !record.pointee.atrCost.isEqual(to: view.work[entry].costText) {
      throw .contradictsContent(.atrCost)
    }
    if flags.contains(.hasShardIDs), !hasShardIDs(entry, record, derived) { throw .contradictsContent(.shardIDs) }
  }

  private func hasShardIDs(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) -> Bool {
    let count = view.derived[entry].chunkCount
    guard record.pointee.flags.contains(.shardIDsAreDigests), record.pointee.shardIDs.count == count else {
      return false
    }
    for index in 0..<count where record.pointee.shardIDs[index] != shardID(entry, index) { return false }
    return true
  }

  /// The keys of the recorded placement must be the object's shards, in any order; which set is which shard's is kept.
  private mutating func checkSetKeys(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch)
    throws(EntryFault)
  {
    guard record.pointee.flags.contains(.hasReplicaSets) else { return }
    let sets = record.pointee.replicaSets
    let count = view.derived[entry].chunkCount
    guard sets.count == count, sets.allSatisfy(\.isDigest) else { throw .replicaSetKeys }
    if (0..<count).allSatisfy({ sets[$0].shard == shardID(entry, $0) }) { return }
    let shards = (0..<count).map { (id: shardID(entry, $0), index: $0) }.sorted { $0.id < $1.id }
    let places = (0..<count).sorted { sets[$0].shard < sets[$1].shard }
    let order = arena.allocate(UInt32.self, count)
    for (shard, place) in zip(shards, places) {
      guard shard.id == sets[place].shard else { throw .replicaSetKeys }
      // A shard's index is below `count`.
      (order + shard.index).initialize(to: UInt32(place))
    }
    view.work[entry].setOrder = UnsafePointer(order)
  }

  /// The id of shard `index` of a STORE, once the first round is hashed.
  func shardID(_ entry: Int, _ index: Int) -> Digest { firstRound.digest(view.work[entry].name + index) }

  /// The recorded placement of shard `index`.
  func replicaSet(_ entry: Int, _ index: Int, _ record: UnsafePointer<EntryRecord>) -> ReplicaSet {
    // A place was found for each shard.
    record.pointee.replicaSets[view.work[entry].setOrder.map { Int($0[index]) } ?? index]
  }
}
