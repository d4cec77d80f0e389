package import ControlPlan
package import Derivation
package import LogDecoding
internal import StorageProtocol

/// A batch that is ready to be applied.
package struct ApplicableBatch {
  package let decoded: DecodedBatch
  package let planned: PlannedBatch
  package let derived: DerivedBatch
  /// The places of the batch's checkpoints.
  package let checkpointEntries: [Int]

  package init(decoded: DecodedBatch, planned: PlannedBatch, derived: DerivedBatch, checkpointEntries: [Int]) {
    self.decoded = decoded
    self.planned = planned
    self.derived = derived
    self.checkpointEntries = checkpointEntries
  }
}

extension ObjectPartition {
  /// Applies the partition's entries of a batch, in log order.
  ///
  /// - Returns: nil where it has none.
  package func apply(_ batch: ApplicableBatch) -> AppliedPart? {
    let routed = batch.derived.routed(to: index)
    return routed.isEmpty ? nil : objects.apply(routed, batch)
  }
}

extension ObjectTable {
  fileprivate mutating func apply(_ routed: ArraySlice<UInt32>, _ batch: ApplicableBatch) -> AppliedPart {
    var part = AppliedPart(checkpointCount: batch.checkpointEntries.count)
    guard let records = batch.decoded.records.baseAddress, let derived = batch.derived.records.baseAddress else {
      return part
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
        check(proof: entry, batch, &part)
      }
    }
    part.growth[period] = growth
    return part
  }

  // MARK: Proofs

  /// Compares a PROOF_GENERATED with the object it names, and sets what it emits (protocol.md 7).
  private mutating func check(proof entry: Int, _ batch: ApplicableBatch, _ part: inout AppliedPart) {
    let record = batch.decoded.records[entry]
    let reference = index.find(batch.derived.records[entry].key, in: records)
    let object = reference.map { self.object($0, nodeNames: batch.planned.nodeNames) { _ in JSONObject([]) } }
    let requested = record.replicaSets[0]
    let shard = object?.shards.first { requested.isDigest && $0.id == requested.shard }
    if object != nil, shard == nil { batch.derived.records[entry].flags.insert(.isCarriedProof) }
    if let object, record.flags.contains(.hasEventID), isEqual(record, object, shard),
      !batch.derived.records[entry].flags.contains(.epochDiffers)
    {
      return
    }
    let epoch = batch.planned.epoch(of: entry)
    var rereading = EntryRereading()
    let recorded = EventFields(recordedIn: rereading.object(record.text))
    let comparison = RecordComparison(
      recorded: recorded,
      derived: .proofGenerated(recorded: recorded, object: object, shard: shard, epoch: epoch),
      provenID: record.provenID, compared: StorageEvent.Field.comparedInProofs,
      ordinal: batch.planned.ordinal(of: entry), epoch: epoch, isObjectUnknown: object == nil)
    batch.derived.records[entry].eventID = comparison.eventID
    part.eventTexts.append((entry, comparison.eventText))
    part.add(comparison.divergences, entry: entry, batch.derived)
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
  fileprivate mutating func add(_ found: [Divergence], entry: Int, _ derived: DerivedBatch) {
    if !found.isEmpty { derived.records[entry].flags.insert(.isDiverged) }
    for divergence in found {
      if divergences.count < BoundedList<Divergence>.itemsMax {
        divergences.append((entry, divergence))
      } else {
        omittedDivergences += 1
      }
    }
  }
}

extension PlannedBatch {
  /// The epoch that holds at a data entry. - Complexity: O(log of the spans).
  fileprivate func epoch(of entry: Int) -> Epoch {
    var range = 0..<spans.count
    while range.count > 1 {
      let middle = range.lowerBound + range.count / 2
      range = spans[middle].firstEntry <= entry ? middle..<range.upperBound : range.lowerBound..<middle
    }
    return spans[range.lowerBound].version.epoch
  }
}
