internal import EpochMerge
internal import ReplayEvidence
internal import StorageProtocol
internal import Synchronization

/// Watches the batches of one replay go by, for evidence and metrics: nothing of a result follows from it.
final class RunObservation: Sendable {
  /// What was seen.
  struct Finding: Sendable {
    let epochs: [EpochSpan]
    /// Objects, versions apart, of which at least one applied entry diverged.
    let divergentObjects: Int
  }

  private struct State {
    var epochs = EpochSpans()
    var divergedKeys: Set<Digest> = []
    /// When the last batch was merged.
    var lastNote = Duration.zero
  }

  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// Takes the next batch of the log.
  func note(_ batch: MergedBatch) {
    let elapsed = ContinuousClock.now - start
    let parts = batch.periodCounts.enumerated().map { index, count in
      EpochSpans.Part(
        entries: count.entries, notApplied: count.notApplied,
        nextEpoch: index < batch.checkpoints.count ? batch.checkpoints[index].summary.currentEpoch : nil)
    }
    state.withLock { state in
      state.epochs.append(parts, at: elapsed)
      state.lastNote = elapsed
      state.divergedKeys.formUnion(batch.divergedKeys)
    }
  }

  /// What was seen until now.
  var finding: Finding {
    state.withLock { state in
      Finding(epochs: state.epochs.ended(at: state.lastNote), divergentObjects: state.divergedKeys.count)
    }
  }
}
