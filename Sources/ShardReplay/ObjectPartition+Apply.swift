package import ControlPlan
package import Derivation
package import LogDecoding
internal import StateCommitment
package import StorageProtocol

/// A batch that is ready to be applied.
package struct ApplicableBatch {
  package let decoded: DecodedBatch
  package let planned: PlannedBatch
  package let derived: DerivedBatch
  /// The places of the batch's checkpoints.
  package let checkpointEntries: [Int]
  /// Checkpoints of the log before the batch.
  package let checkpointsBefore: Int
  /// What is accepted of the log; nil where nothing was listed.
  package let accepting: AcceptList?
  /// Whether every divergence that applying finds is listed, not only as many as a result lists.
  let listsEveryDivergence: Bool

  package init(
    decoded: DecodedBatch, planned: PlannedBatch, derived: DerivedBatch, checkpointEntries: [Int],
    checkpointsBefore: Int = 0, accepting: AcceptList? = nil, listsEveryDivergence: Bool = false
  ) {
    self.decoded = decoded
    self.planned = planned
    self.derived = derived
    self.checkpointEntries = checkpointEntries
    self.checkpointsBefore = checkpointsBefore
    self.accepting = accepting
    self.listsEveryDivergence = listsEveryDivergence
  }

  /// An entry that is a PROOF_GENERATED.
  func proof(_ entry: Int) -> GivenProof {
    guard let derived = derived.records.baseAddress else { preconditionFailure("the entry has a record") }
    return GivenProof(
      record: decoded.records[entry], derived: derived + entry, ordinal: planned.ordinal(of: entry))
  }
}

/// A PROOF_GENERATED that is to be compared with the state, and what that needs besides the state.
struct GivenProof {
  let record: EntryRecord
  /// What it emits is set there.
  let derived: UnsafeMutablePointer<DerivedRecord>
  let ordinal: Ordinal

  /// Whether the proof is as nearly all are: complete, with an id, of one shard, at the right epoch.
  var isPlain: Bool {
    record.flags.contains(.hasEventID) && record.flags.contains(.hasHashCommit)
      && record.flags.contains(.shardIDsAreDigests) && record.shardIDs.count == 1
      && !derived.pointee.flags.contains(.epochDiffers)
  }
}

extension ObjectPartition {
  /// Applies the partition's entries of a batch, in log order.
  ///
  /// - Parameter part: becomes what that did.
  package func apply(_ batch: ApplicableBatch, _ part: inout AppliedPart) {
    let routed = batch.derived.routed(to: index)
    if routed.isEmpty { part.removeAll() } else { objects.apply(routed, batch, &part) }
  }
}

extension ObjectPartition {
  /// Has memory fetch what ``apply(_:)`` of the same batch will look at.
  package func prepare(_ batch: ApplicableBatch) { objects.touch(batch.derived.routed(to: index), batch) }
}

extension ObjectTable {
  fileprivate mutating func touch(_ routed: UnsafeBufferPointer<UInt32>, _ batch: ApplicableBatch) {
    guard let derived = batch.derived.records.baseAddress else { return }
    var seen: UInt64 = 0
    // The table has a record for every entry of the batch.
    for entry in routed { seen &+= index.touch(derived[Int(entry)].key, in: records) }
    touched &+= seen
  }

  fileprivate mutating func apply(
    _ routed: UnsafeBufferPointer<UInt32>, _ batch: ApplicableBatch, _ part: inout AppliedPart
  ) {
    part.begin(checkpointCount: batch.checkpointEntries.count)
    guard let records = batch.decoded.records.baseAddress, let derived = batch.derived.records.baseAddress else {
      return
    }
    let explicitPlacements = batch.derived.explicitPlacements
    let checkpoints = batch.checkpointEntries
    var period = 0
    var growth = (objects: 0, shards: 0)
    for routedEntry in routed {
      let entry = Int(routedEntry)
      // Both tables have a record for every entry of the batch.
      guard derived[entry].flags.contains(.isApplied) else { continue }
      while period < checkpoints.count, checkpoints[period] < entry {
        part.growth[period] = growth
        growth = (0, 0)
        period += 1
      }
      if records[entry].kind == .store {
        let more = apply(records + entry, derived + entry, explicitPlacements)
        growth.objects += more.objects
        growth.shards += more.shards
      } else {
        guard
          let comparison = check(
            batch.proof(entry), epoch: batch.planned.epoch(of: entry), nodeNames: batch.planned.nodeNames)
        else { continue }
        part.eventTexts.append((entry, comparison.eventText))
        part.add(comparison.divergences, entry: entry, batch)
      }
    }
    part.growth[period] = growth
  }

  // MARK: Proofs

  /// Compares a PROOF_GENERATED with the object it names, and sets what it emits (protocol.md 7).
  ///
  /// - Parameters:
  ///   - epoch: the one that holds at the entry.
  ///   - nodeNames: every id registered so far, by number.
  /// - Returns: what was found where not everything is as recorded.
  func check(
    _ proof: GivenProof, epoch: @autoclosure () -> Epoch, nodeNames: [Identifier]
  ) -> RecordComparison? {
    let (record, derived) = (proof.record, proof.derived)
    let reference = index.find(derived.pointee.key, in: records)
    if let reference, proof.isPlain {
      switch compareOneShard(reference, record, nodeNames) {
      case .equal: return nil
      case .equalWithoutNodes:
        derived.pointee.flags.insert(.isCarriedProof)
        return nil
      case .unequal: break
      }
    }
    let object = reference.map { self.object($0, nodeNames: nodeNames) }
    let requested = record.replicaSets[0]
    let shard = object?.shards.first { requested.isDigest && $0.id == requested.shard }
    if object != nil, shard == nil { derived.pointee.flags.insert(.isCarriedProof) }
    if let object, record.flags.contains(.hasEventID), isEqual(record, object, shard),
      !derived.pointee.flags.contains(.epochDiffers)
    {
      return nil
    }
    let epoch = epoch()
    var rereading = EntryRereading()
    let recorded = EventFields(recordedIn: rereading.object(record.text))
    let comparison = RecordComparison(
      recorded: recorded,
      derived: .proofGenerated(recorded: recorded, object: object, shard: shard, epoch: epoch),
      provenID: record.provenID, compared: StorageEvent.Field.comparedInProofs,
      ordinal: proof.ordinal, epoch: epoch, isObjectUnknown: object == nil)
    derived.pointee.eventID = comparison.eventID
    if !comparison.divergences.isEmpty { derived.pointee.flags.insert(.isDiverged) }
    return comparison
  }

  private enum Comparison { case equal, equalWithoutNodes, unequal }

  /// Compares a plain proof with an object of one shard without building either: unequal means that a closer look is owed.
  private func compareOneShard(
    _ reference: RecordReference, _ record: EntryRecord, _ nodeNames: [Identifier]
  ) -> Comparison {
    let header = records.header(reference)
    guard header.pointee.shardCount == 1, header.pointee.currentCount == 1, header.pointee.version == record.version,
      header.pointee.hashCommit == record.hashCommit, isRedacted(header, record.objectID)
    else { return .unequal }
    let requested = record.replicaSets[0]
    guard requested.isDigest, requested.shard == header.pointee.key else { return .equalWithoutNodes }
    let placement = header.shards[0].placement
    guard placement.explicitIndex == nil else { return .unequal }
    var count = 0
    var areEqual = true
    placement.forEachName { name in
      areEqual =
        areEqual && count < requested.nodes.count && requested.nodes[count].raw.elementsEqual(nodeNames[name].bytes)
      count += 1
    }
    return areEqual && count == requested.nodes.count ? .equal : .unequal
  }

  /// Whether `text` is the redacted form of an object's id.
  private func isRedacted(_ header: UnsafeMutablePointer<ObjectHeader>, _ text: ByteView) -> Bool {
    guard text.count == 16 else { return false }
    let digest = TreeHash.sha256(UnsafeBufferPointer(start: header.id, count: Int(header.pointee.idCount)))
    return withUnsafeTemporaryAllocation(byteCount: 2 * Digest.byteCount, alignment: 8) { digits in
      guard let start = digits.baseAddress else { return false }
      digest.storeHexadecimal(to: start)
      // `text` has 16 bytes.
      return digits.prefix(16).elementsEqual(text.raw)
    }
  }

  /// Whether a complete record says of an object what the state says.
  private func isEqual(_ record: EntryRecord, _ object: StoredObject, _ shard: StoredObject.Shard?) -> Bool {
    guard record.version == object.version.value, record.objectID.array == ObjectNaming.redacted(object.id),
      record.flags.isSuperset(of: [.hasHashCommit, .shardIDsAreDigests]), record.hashCommit == object.hashCommit,
      record.shardIDs.elementsEqual(object.shardIDs)
    else { return false }
    guard let shard else { return true }
    return record.replicaSets[0].nodes.elementsEqual(shard.assignedNodes) { $0.array == $1.bytes }
  }
}

extension AppliedPart {
  fileprivate mutating func add(_ found: [Divergence], entry: Int, _ batch: ApplicableBatch) {
    if let list = batch.accepting { acceptanceTally.note(found, accepting: list) }
    for divergence in found {
      if batch.listsEveryDivergence || divergences.count < BoundedList<Divergence>.itemsMax {
        divergences.append((entry, divergence))
      } else {
        omittedDivergences += 1
      }
    }
  }
}

extension PlannedBatch {
  /// The epoch that holds at a data entry. - Complexity: O(log of the spans).
  func epoch(of entry: Int) -> Epoch {
    var range = 0..<spans.count
    while range.count > 1 {
      let middle = range.lowerBound + range.count / 2
      range = spans[middle].firstEntry <= entry ? middle..<range.upperBound : range.lowerBound..<middle
    }
    return spans[range.lowerBound].version.epoch
  }
}
