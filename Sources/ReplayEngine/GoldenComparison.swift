internal import EpochMerge
internal import GoldenTrace
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol
internal import Synchronization

/// Compares a replay with a golden trace while it runs: every event id, every checkpoint, the end; what is left over on either
/// side is a difference too.
final class GoldenComparison: Sendable {
  private struct State {
    var checkpointsCompared = 0
    var firstDivergence: Comparisons.FirstDivergence?
  }

  private let trace: TraceReader
  /// The trace's file, without its root.
  let identity: TraceIdentity
  private let state = Mutex(State())

  /// Whether the replay stops before the log's end: what the trace has behind that is not compared.
  private let isPartial: Bool

  init(_ trace: TraceReader, _ identity: TraceIdentity, isPartial: Bool) {
    self.trace = trace
    self.identity = identity
    self.isPartial = isPartial
  }

  /// Compares what was appended to the log, in its order: a checkpoint comes right behind the event of its own entry.
  ///
  /// - Throws: a trace that changed since it was opened.
  func compare(_ batch: MergedBatch, _ checkpoints: [Checkpoint]) throws(TraceError) {
    var remaining = checkpoints[...]
    for (id, ordinal) in zip(batch.eventIDs, batch.eventOrdinals) {
      while let checkpoint = remaining.first, checkpoint.ordinal < ordinal {
        compare(checkpoint)
        remaining.removeFirst()
      }
      let expected = try trace.nextEventID()
      guard expected != id else { continue }
      note(
        Comparisons.FirstDivergence(
          ordinal: ordinal, field: "event_id", expected: expected.map(JSONValue.hexadecimal), actual: .hexadecimal(id)))
    }
    for checkpoint in remaining { compare(checkpoint) }
  }

  /// Only the first difference is kept: batches come in log order, and so does what is in them.
  private func note(_ divergence: Comparisons.FirstDivergence) {
    state.withLock { $0.firstDivergence = $0.firstDivergence ?? divergence }
  }

  private func compare(_ checkpoint: Checkpoint) {
    let index = state.withLock { state in
      defer { state.checkpointsCompared += 1 }
      return state.checkpointsCompared
    }
    guard index < trace.checkpoints.count else { return }
    let expected = trace.checkpoints[index]
    for member in checkpoint.json.members {
      let name = String(decoding: member.key, as: UTF8.self)
      guard expected[name] != member.value else { continue }
      return note(
        Comparisons.FirstDivergence(
          ordinal: checkpoint.ordinal, epoch: checkpoint.summary.currentEpoch, field: "checkpoint.\(name)",
          expected: expected[name], actual: member.value))
    }
  }

  /// What came of it, once the replay has ended.
  func finding(_ result: ReplayResult) -> Comparisons.GoldenFinding {
    guard !isPartial else { return finding }
    if trace.eventCount > result.state.eventLogCount {
      note(
        Comparisons.FirstDivergence(
          epoch: result.state.currentEpoch, field: "event_log_count", expected: .integer(trace.eventCount),
          actual: .integer(result.state.eventLogCount)))
    }
    if trace.checkpoints.count != result.checkpoints.count {
      note(
        Comparisons.FirstDivergence(
          field: "checkpoints", expected: .integer(trace.checkpoints.count), actual: .integer(result.checkpoints.count))
      )
    }
    for part in result.comparedParts {
      if let difference = part.json.firstDifference(from: trace.result.part(part.name), in: part.name) {
        note(difference)
      }
    }
    return finding
  }

  private var finding: Comparisons.GoldenFinding {
    var identity = identity
    identity.stateRoot = isPartial ? nil : trace.result.stateRoot
    return state.withLock { state in
      Comparisons.GoldenFinding(
        firstDivergence: state.firstDivergence, trace: identity,
        checkpointsCompared: min(state.checkpointsCompared, trace.checkpoints.count))
    }
  }
}
