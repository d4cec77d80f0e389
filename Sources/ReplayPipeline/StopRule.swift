internal import LogDecoding
internal import StorageProtocol

/// Says in which batch a replay stops, and behind which of its entries.
struct StopRule: Sendable {
  /// Why a replay stops before the log's end.
  enum Reason: Equatable {
    case asked
    /// For a checkpoint: it goes on.
    case pause
  }

  let stop: ReplayStop
  /// Whether it is time for a checkpoint.
  let isPauseDue: @Sendable () -> Bool

  init(_ stop: ReplayStop, isPauseDue: @escaping @Sendable () -> Bool = { false }) {
    self.stop = stop
    self.isPauseDue = isPauseDue
  }

  /// Forgets the entries of a batch that lie behind the stop; nil where the replay goes on behind the batch.
  ///
  /// - Parameter mayPause: whether all of the batch's text became entries: what follows damage must not be passed over.
  func truncate(_ batch: DecodedBatch, from firstOrdinal: UInt64, mayPause: Bool) -> Reason? {
    if let end = end(in: batch, from: firstOrdinal) {
      batch.truncate(to: end)
      return .asked
    }
    // Behind nothing there is nothing to keep: at the log's end that would never end.
    return mayPause && batch.count > 0 && isPauseDue() ? .pause : nil
  }

  /// How many entries of a batch are replayed; nil for all of them, and more to come.
  private func end(in batch: DecodedBatch, from firstOrdinal: UInt64) -> Int? {
    switch stop {
    case .end: return nil
    case .before(let ordinal):
      guard ordinal.value <= firstOrdinal + UInt64(batch.count) else { return nil }
      return Int(ordinal.value - firstOrdinal)
    case .after(let epoch):
      return batch.controls.first { entry in
        if case .epochAdvancement(let advancement) = entry.control { advancement.epoch == epoch } else { false }
      }.map { $0.entry + 1 }
    }
  }
}
