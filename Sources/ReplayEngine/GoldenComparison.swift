internal import DivergenceSearch
internal import EpochMerge
internal import GoldenTrace
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol
internal import Synchronization

/// Compares a replay with a golden trace while it runs: every event id, or the root of every block of events, every checkpoint,
/// the end; what is left over on either side is a difference too.
final class GoldenComparison: Sendable {
  fileprivate struct State {
    var checkpointsCompared = 0
    var eventCount: UInt64 = 0
    var firstDivergence: Comparisons.FirstDivergence?
    /// Where a difference showed first while the log was replayed.
    var sighting: DivergenceCase.Sighting?
    /// One of each part of the end that differs.
    var endDifferences: [Comparisons.FirstDivergence] = []
    /// Events of the block that is not complete yet, and the ordinal of the first of them: for traces without ids.
    var block: [Digest] = []
    var blockStart: Ordinal?
    var blocksCompared = 0
    /// The last entry of the first block that differs.
    var blockEnd: Ordinal?
  }

  let trace: TraceReader
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
    try state.withLock { (state) throws(TraceError) in
      var remaining = checkpoints[...]
      for (id, ordinal) in zip(batch.eventIDs, batch.eventOrdinals) {
        while let checkpoint = remaining.first, checkpoint.ordinal < ordinal {
          compare(checkpoint, &state)
          remaining.removeFirst()
        }
        try compare(id, ordinal, &state)
      }
      for checkpoint in remaining { compare(checkpoint, &state) }
    }
  }

  private func compare(_ id: Digest, _ ordinal: Ordinal, _ state: inout State) throws(TraceError) {
    defer { state.eventCount += 1 }
    guard trace.hasEventIDs else { return compareBlock(id, ordinal, &state) }
    let expected = try trace.nextEventID()
    guard expected != id else { return }
    state.sighting = state.sighting ?? .event(index: state.eventCount, ordinal: ordinal)
    state.note(
      Comparisons.FirstDivergence(
        ordinal: ordinal, field: "event_id", expected: expected.map(JSONValue.hexadecimal), actual: .hexadecimal(id)))
  }

  private func compareBlock(_ id: Digest, _ ordinal: Ordinal, _ state: inout State) {
    if state.block.isEmpty { state.blockStart = ordinal }
    state.block.append(id)
    guard state.block.count == TraceReader.blockEvents else { return }
    let root = LogTree.subtrees(of: state.block[...], from: 0)[0].root
    let expected = state.blocksCompared < trace.blockRoots.count ? trace.blockRoots[state.blocksCompared] : nil
    if expected != root {
      state.blockEnd = state.blockEnd ?? ordinal
      state.sight(
        Comparisons.FirstDivergence(
          ordinal: state.blockStart, field: DivergenceCase.Sighting.blockField,
          expected: expected.map(JSONValue.hexadecimal),
          actual: .hexadecimal(root)))
    }
    state.blocksCompared += 1
    state.block.removeAll(keepingCapacity: true)
  }

  private func compare(_ checkpoint: Checkpoint, _ state: inout State) {
    defer { state.checkpointsCompared += 1 }
    guard state.checkpointsCompared < trace.checkpoints.count else { return }
    let expected = trace.checkpoints[state.checkpointsCompared]
    for member in checkpoint.json.members {
      let name = String(decoding: member.key, as: UTF8.self)
      guard expected[name] != member.value else { continue }
      let difference = Comparisons.FirstDivergence(
        ordinal: checkpoint.ordinal, epoch: checkpoint.summary.currentEpoch, field: "checkpoint.\(name)",
        expected: expected[name], actual: member.value)
      state.note(difference)
      // Where a checkpoint lies in its log is no part of the state.
      guard name != "ordinal" else { continue }
      return state.sight(difference)
    }
  }

  /// What came of it, once the replay has ended.
  func finding(_ result: ReplayResult) -> Comparisons.GoldenFinding {
    var identity = identity
    identity.stateRoot = isPartial ? nil : trace.result.stateRoot
    return state.withLock { state in
      if !isPartial { compareEnd(result, &state) }
      return Comparisons.GoldenFinding(
        firstDivergence: state.firstDivergence, trace: identity,
        checkpointsCompared: min(state.checkpointsCompared, trace.checkpoints.count))
    }
  }

  private func compareEnd(_ result: ReplayResult, _ state: inout State) {
    if trace.hasEventIDs, trace.eventCount > result.state.eventLogCount {
      state.sighting = state.sighting ?? .event(index: state.eventCount, ordinal: nil)
      state.note(
        Comparisons.FirstDivergence(
          epoch: result.state.currentEpoch, field: "event_log_count", expected: .integer(trace.eventCount),
          actual: .integer(result.state.eventLogCount)))
    }
    // Nobody took checkpoints of a recorded log.
    if !trace.header.isRecorded, trace.checkpoints.count != result.checkpoints.count {
      let difference = Comparisons.FirstDivergence(
        field: "checkpoints", expected: .integer(trace.checkpoints.count), actual: .integer(result.checkpoints.count))
      state.note(difference)
      state.endDifferences.append(difference)
    }
    for part in result.comparedParts {
      guard let expected = trace.result.part(part.name) else { continue }
      if let difference = part.json.firstDifference(from: expected, in: part.name) {
        state.note(difference)
        state.endDifferences.append(difference)
      }
    }
  }
}

/// What a search for the cause asks.
extension GoldenComparison {
  /// What was seen so far.
  var seen: SeenDifference {
    state.withLock { state in
      var seen = SeenDifference()
      seen.ordinal = state.sighting?.ordinal
      if case .event(let index, _) = state.sighting { seen.eventIndex = index }
      return seen
    }
  }

  /// Where a difference of state or event log shows first, once the replay has ended; nil where both are the same.
  var sighting: DivergenceCase.Sighting? {
    state.withLock { state in
      state.sighting ?? state.endDifferences.first(where: \.isOfState).map(DivergenceCase.Sighting.init)
    }
  }

  /// The first difference of anything else: what became of entries, or where a checkpoint lies; nil where there is none.
  var otherDifference: Comparisons.FirstDivergence? { state.withLock { $0.firstDivergence } }

  /// The entry up to which the log must be replayed to show the sighting; nil for all of it.
  var sightingEnd: Ordinal? { state.withLock { $0.blockEnd ?? $0.sighting?.ordinal } }
}

extension Comparisons.FirstDivergence {
  /// Whether a field of the end is one of the state, and not of what became of entries.
  fileprivate var isOfState: Bool {
    field == "checkpoints" || field.hasPrefix("state.") || field.hasPrefix("commitment.")
  }
}

extension DivergenceCase.Sighting {
  fileprivate init(_ divergence: Comparisons.FirstDivergence) {
    self = .value(
      ordinal: divergence.ordinal, field: divergence.field, expected: divergence.expected, actual: divergence.actual)
  }
}

extension GoldenComparison.State {
  /// Only the first difference is kept: batches come in log order, and so does what is in them.
  fileprivate mutating func note(_ divergence: Comparisons.FirstDivergence) {
    firstDivergence = firstDivergence ?? divergence
  }

  /// Notes a difference that showed while the log was replayed.
  fileprivate mutating func sight(_ divergence: Comparisons.FirstDivergence) {
    sighting = sighting ?? DivergenceCase.Sighting(divergence)
    note(divergence)
  }
}
