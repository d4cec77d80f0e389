internal import ControlPlan
internal import Derivation
internal import LogDecoding
package import ShardReplay
package import StateCommitment
package import StorageProtocol

/// What of the events of a log is wanted besides their tree.
package enum EventDetail: Sendable {
  case none
  /// Ids and the ordinals of the entries that emitted them.
  case ids
  /// Ids, and the canonical JSON of every event.
  case texts
}

/// What a batch adds to the result, in log order: made on any thread, appended by one.
package struct MergedBatch: Sendable {
  package private(set) var entries = EntryCounts()
  package private(set) var stores = StoreCounts()
  package private(set) var proofs = ProofCounts()
  package private(set) var rejects = BoundedList<Rejection>()
  /// Ordinals of entries that a salvage has lost.
  package private(set) var lost: [ClosedRange<UInt64>] = []
  package private(set) var divergences = BoundedList<Divergence>()
  package private(set) var acceptanceTally = AcceptanceTally()
  package private(set) var comparedWithRecorded = false
  package private(set) var recoveryPoint = RecoveryPoint()
  /// Keys of the objects that diverged entries are about, a key for every such entry.
  package private(set) var divergedKeys: [Digest] = []
  /// Up to each checkpoint, and behind the last one.
  package private(set) var periodCounts: [PeriodCount] = []
  /// The events, hashed for the log tree; nil where they are not all known yet.
  package private(set) var stretch: LogStretch?
  /// Between two checkpoints each: what objects and shards there are more. One more than the batch has checkpoints.
  package private(set) var periods: [Period] = []
  package let checkpoints: [PendingCheckpoint]
  /// Nil without events, and where they are not all known yet.
  package private(set) var firstEventID: Digest?
  /// As ``EventDetail`` asks.
  package private(set) var eventIDs: [Digest] = []
  package private(set) var eventOrdinals: [Ordinal] = []
  /// The canonical JSON of the events, one behind the other, and where each ends.
  package private(set) var eventTexts: [UInt8] = []
  package private(set) var eventTextEnds: [Int] = []

  package struct Period: Sendable {
    package var objects = 0
    package var shards = 0
  }

  /// - Parameters:
  ///   - parts: what applying did, by partition.
  ///   - defersEvents: whether events are not all known yet: then there is no stretch.
  package init(
    _ batch: ApplicableBatch, _ settled: SettledBatch, parts: UnsafeBufferPointer<AppliedPart>, detail: EventDetail,
    defersEvents: Bool = false
  ) {
    checkpoints = settled.checkpoints
    count(batch)
    list(batch, parts)
    // Behind `list`, which counts what was rejected.
    periodCounts = PeriodCount.counts(batch, checkpoints: checkpoints, total: entries)
    periods = Array(repeating: Period(), count: checkpoints.count + 1)
    if !defersEvents { gather(batch, settled, detail, parts) }
    grow(parts)
  }

  /// Counts and rejections only, of a batch whose objects are not applied.
  package init(counting batch: ApplicableBatch) {
    checkpoints = []
    count(batch)
    list(batch, UnsafeBufferPointer(start: nil, count: 0))
  }

  // MARK: Counts

  private mutating func count(_ batch: ApplicableBatch) {
    for type in batch.decoded.unsupportedTypes { entries.countUnsupported(type) }
    guard let records = batch.decoded.records.baseAddress, let derived = batch.derived.records.baseAddress else {
      return
    }
    var lastApplied: Int?
    // Both tables have a record for every entry of the batch.
    for entry in 0..<batch.decoded.count {
      let kind = records[entry].kind
      if kind == .acknowledged { entries.acknowledged += 1 }
      if kind == .lost {
        let ordinal = batch.planned.ordinal(of: entry).value
        lost.extend(by: ordinal...ordinal)
      }
      let flags = derived[entry].flags
      guard flags.contains(.isApplied) else { continue }
      entries.applied += 1
      lastApplied = entry
      if flags.contains(.isDiverged) { noteDiverged(derived[entry]) }
      if flags.contains(.isCompared) { comparedWithRecorded = true }
      switch kind {
      case .store:
        count(records[entry].source)
        recoveryPoint.note(Tick(records[entry].tick))
      case .proofGenerated:
        proofs.generated += UInt64(records[entry].replicaSets[0].nodes.count)
        if flags.contains(.isCarriedProof) { proofs.carried += 1 }
      case .proofFailed: proofs.failed += 1
      default: break
      }
    }
    if let lastApplied { recoveryPoint.note(applied: batch.planned.ordinal(of: lastApplied)) }
  }

  private mutating func noteDiverged(_ record: DerivedRecord) {
    entries.diverged += 1
    if record.flags.contains(.touchesObjects) { divergedKeys.append(record.key) }
  }

  private mutating func count(_ source: EntryRecord.Source) {
    switch source {
    case .placeholder: stores.placeholder += 1
    case .payload: stores.reexecuted += 1
    case .carried, .lost: stores.carried += 1
    }
  }

  // MARK: Findings

  private mutating func list(_ batch: ApplicableBatch, _ parts: UnsafeBufferPointer<AppliedPart>) {
    let rejected = (batch.decoded.rejections + batch.derived.rejections).sorted { $0.entry < $1.entry }
    for item in rejected {
      entries.countRejected(item.fault.code)
      rejects.append(
        Rejection(
          ordinal: batch.planned.ordinal(of: item.entry), byteOffset: batch.decoded.byteOffset(of: item.entry),
          fault: item.fault))
    }
    // Arithmetic may have rejected an entry after it was found to diverge.
    var found = batch.derived.divergences.filter { batch.derived.records[$0.entry].flags.contains(.isApplied) }
    var omittedCount: UInt64 = 0
    if let list = batch.accepting { accept(batch, rejected, found, list) }
    for part in parts {
      found += part.divergences
      omittedCount += part.omittedDivergences
      acceptanceTally.add(part.acceptanceTally)
    }
    // The items of one entry are together already and in order: the sort is stable.
    for item in found.sorted(by: { $0.entry < $1.entry }) { divergences.append(item.divergence) }
    divergences.omit(omittedCount)
  }

  /// Notes what of the findings is accepted, but for divergences that applying found: those are noted there.
  private mutating func accept(
    _ batch: ApplicableBatch, _ rejected: [DecodedBatch.Rejected], _ found: [(entry: Int, divergence: Divergence)],
    _ list: AcceptList
  ) {
    for item in rejected {
      acceptanceTally.note(rejected: batch.planned.ordinal(of: item.entry), item.fault.code, accepting: list)
    }
    for entry in 0..<batch.decoded.count where batch.decoded.records[entry].kind == .unsupported {
      acceptanceTally.note(unsupported: batch.planned.ordinal(of: entry), accepting: list)
    }
    var rest = found[...]
    while let entry = rest.first?.entry {
      let ofEntry = rest.prefix { $0.entry == entry }
      acceptanceTally.note(ofEntry.map(\.divergence), accepting: list)
      rest = rest.dropFirst(ofEntry.count)
    }
  }

  // MARK: Events

  /// Puts event ids in log order, and hashes them for the log tree.
  private mutating func gather(
    _ batch: ApplicableBatch, _ settled: SettledBatch, _ detail: EventDetail,
    _ parts: UnsafeBufferPointer<AppliedPart>
  ) {
    var ids: [Digest] = []
    ids.reserveCapacity(settled.eventCount)
    let texts = detail == .texts ? MergedBatch.texts(parts) : [:]
    let derived = batch.derived.records
    for entry in 0..<batch.decoded.count where derived[entry].flags.isSuperset(of: .appliedEvent) {
      ids.append(derived[entry].eventID)
      if detail != .none { keep(entry, batch, detail, texts) }
    }
    precondition(ids.count == settled.eventCount, "a batch emits as many events as were settled")
    firstEventID = ids.first
    stretch = LogStretch(ids, from: settled.firstEvent)
  }

  private mutating func keep(
    _ entry: Int, _ batch: ApplicableBatch, _ detail: EventDetail, _ texts: [Int: [UInt8]]
  ) {
    eventIDs.append(batch.derived.records[entry].eventID)
    eventOrdinals.append(batch.planned.ordinal(of: entry))
    guard detail == .texts else { return }
    if let text = texts[entry] {
      eventTexts += text
    } else {
      // The arena of the batch keeps the text as long as the batch is merged.
      eventTexts.append(contentsOf: batch.derived.records[entry].eventText.raw)
    }
    precondition(eventTexts.last == UInt8(ascii: "}"), "every event has its text")
    eventTextEnds.append(eventTexts.count)
  }

  /// Events whose text applying gave.
  private static func texts(_ parts: UnsafeBufferPointer<AppliedPart>) -> [Int: [UInt8]] {
    var texts: [Int: [UInt8]] = [:]
    for part in parts {
      for (entry, text) in part.eventTexts { texts[entry] = text }
    }
    return texts
  }

  // MARK: Objects

  private mutating func grow(_ parts: UnsafeBufferPointer<AppliedPart>) {
    for part in parts {
      for (index, growth) in part.growth.enumerated() {
        periods[index].objects += growth.objects
        periods[index].shards += growth.shards
      }
    }
  }
}

extension [ClosedRange<UInt64>] {
  /// Adds numbers that are larger than all before; those that follow on the last range become part of it.
  mutating func extend(by range: ClosedRange<UInt64>) {
    if let last, last.upperBound + 1 == range.lowerBound {
      self[count - 1] = last.lowerBound...range.upperBound
    } else {
      append(range)
    }
  }
}
