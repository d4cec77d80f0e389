internal import Derivation
internal import LogDecoding
internal import ShardReplay
internal import StorageProtocol

/// What became of the entries between two advancements, for those who watch a run.
package struct PeriodCount: Sendable {
  /// The advancement at its end is one of them.
  package var entries: UInt64 = 0
  /// Rejected ones and those of unknown type.
  package var notApplied: UInt64 = 0
}

extension PeriodCount {
  /// The entries of a batch, parted behind each of its checkpoints: one part more than there are checkpoints.
  static func counts(
    _ batch: ApplicableBatch, checkpoints: [PendingCheckpoint], total entries: EntryCounts
  ) -> [PeriodCount] {
    guard !checkpoints.isEmpty else {
      return [PeriodCount(entries: entries.total, notApplied: entries.rejected + entries.unsupported)]
    }
    var start = 0
    let ends = checkpoints.map { $0.entry + 1 } + [batch.decoded.count]
    return ends.map { end in
      defer { start = end }
      return PeriodCount(batch, start..<end)
    }
  }

  private init(_ batch: ApplicableBatch, _ range: Range<Int>) {
    // Both tables have a record for every entry of the batch.
    for entry in range {
      let kind = batch.decoded.records[entry].kind
      guard kind != .lost else { continue }
      entries += 1
      if kind != .acknowledged, !batch.derived.records[entry].flags.contains(.isApplied) { notApplied += 1 }
    }
  }
}
