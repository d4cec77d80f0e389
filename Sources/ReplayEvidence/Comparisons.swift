package import StorageProtocol

/// What a result was compared with, and what came of it.
package struct Comparisons: Equatable, Sendable {
  /// The sides a result can be compared with, in the order in which reports name them.
  package enum Side: String, CaseIterable, Sendable {
    /// The events that a live engine recorded in the log, but for divergences that are accepted.
    case recorded
    /// A sequential run of the same log.
    case sequential
    /// A golden trace.
    case golden
    /// Values given on the command line.
    case expected
  }

  /// Where a comparison failed first. What is not known there is nil.
  package struct FirstDivergence: Equatable, Sendable {
    package let ordinal: Ordinal?
    package let epoch: Epoch?
    package let objectID: JSONValue?
    package let version: JSONValue?
    package let field: String
    package let expected: JSONValue?
    package let actual: JSONValue?

    package init(
      ordinal: Ordinal? = nil, epoch: Epoch? = nil, objectID: JSONValue? = nil, version: JSONValue? = nil,
      field: String, expected: JSONValue?, actual: JSONValue?
    ) {
      self.ordinal = ordinal
      self.epoch = epoch
      self.objectID = objectID
      self.version = version
      self.field = field
      self.expected = expected
      self.actual = actual
    }
  }

  /// Other runs of the log that a result was compared with.
  package struct Counterparts: Sendable {
    /// What a sequential run gave.
    package var sequential: ReplayResult?
    /// What came of comparing with a golden trace while replaying.
    package var golden: GoldenFinding?

    package init() {}
  }

  /// What came of a golden trace.
  package struct GoldenFinding: Sendable {
    package let firstDivergence: FirstDivergence?
    package let trace: TraceIdentity
    package let checkpointsCompared: Int

    package init(firstDivergence: FirstDivergence?, trace: TraceIdentity, checkpointsCompared: Int) {
      self.firstDivergence = firstDivergence
      self.trace = trace
      self.checkpointsCompared = checkpointsCompared
    }
  }

  /// Values that a result must have, given from outside.
  package struct Expectations: Equatable, Sendable {
    /// The legacy state hash of step 4 of the runbook.
    package var stateHash: Digest?
    package var stateRoot: Digest?

    package init() {}
  }

  /// What came of comparing with one side.
  package struct Outcome: Equatable, Sendable {
    package let side: Side
    package let firstDivergence: FirstDivergence?
    /// Diverged entries that are no difference only because they are accepted; 0 of every side but `recorded`.
    package let accepted: UInt64
  }

  /// One for every side, whatever came of those before it.
  package private(set) var outcomes: [Outcome] = []
  /// Whether a state root was compared: it commits to every part of the state, the legacy hashes to counters only.
  package let coverState: Bool
  /// The golden trace that was compared with.
  package let goldenTrace: TraceIdentity?
  /// Checkpoints of the result that were compared with others.
  package let epochsCompared: Int

  /// Compares what the log recorded, what other runs gave and what the caller expects with what the replay gave.
  package init(
    _ result: ReplayResult, stateHash: Digest, expectations: Expectations, counterparts: Counterparts = Counterparts()
  ) {
    coverState =
      expectations.stateRoot != nil || counterparts.sequential != nil
      || counterparts.golden?.trace.stateRoot != nil
    goldenTrace = counterparts.golden?.trace
    epochsCompared = max(
      counterparts.golden?.checkpointsCompared ?? 0,
      counterparts.sequential.map { min($0.checkpoints.count, result.checkpoints.count) } ?? 0)
    if result.comparedWithRecorded {
      add(
        .recorded, result.firstDivergence.map(Comparisons.divergence),
        accepted: result.acceptance?.tally.diverged ?? 0)
    }
    if let sequential = counterparts.sequential { add(.sequential, result.firstDifference(from: sequential)) }
    if let golden = counterparts.golden { add(.golden, golden.firstDivergence) }
    guard expectations != Expectations() else { return }
    add(
      .expected,
      expectations.firstDivergence(stateHash: stateHash, stateRoot: result.roots.state, at: result.state.currentEpoch))
  }

  private mutating func add(_ side: Side, _ firstDivergence: FirstDivergence?, accepted: UInt64 = 0) {
    outcomes.append(Outcome(side: side, firstDivergence: firstDivergence, accepted: accepted))
  }

  package var sides: [Side] { outcomes.map(\.side) }

  /// Diverged entries without which a side would be unequal, or more unequal: those that are accepted.
  package var accepted: UInt64 { outcomes.reduce(0) { $0 + $1.accepted } }

  /// Nil when no comparison was made. Accepted divergences make nothing unequal: ``accepted`` says how many there are.
  package var areEqual: Bool? {
    outcomes.isEmpty ? nil : outcomes.allSatisfy { $0.firstDivergence == nil }
  }

  /// The divergence that comes first in the log, whichever side showed it; without a place, that of the first side.
  package var firstDivergence: FirstDivergence? {
    let found = outcomes.compactMap(\.firstDivergence)
    let placed = found.compactMap { divergence in divergence.ordinal.map { (ordinal: $0, divergence: divergence) } }
    return placed.min { $0.ordinal < $1.ordinal }?.divergence ?? found.first
  }

  private static func divergence(_ divergence: Divergence) -> FirstDivergence {
    FirstDivergence(
      ordinal: divergence.ordinal, epoch: divergence.epoch, objectID: divergence.objectID,
      version: divergence.version, field: divergence.field, expected: divergence.recorded,
      actual: divergence.derived)
  }
}

extension Comparisons.Expectations {
  /// The first value that was expected otherwise.
  ///
  /// - Parameter epoch: where the replay ended.
  package func firstDivergence(stateHash: Digest, stateRoot: Digest, at epoch: Epoch) -> Comparisons.FirstDivergence? {
    let pairs = [("state_hash", self.stateHash, stateHash), ("state_root", self.stateRoot, stateRoot)]
    for (field, expected, actual) in pairs {
      guard let expected, expected != actual else { continue }
      return Comparisons.FirstDivergence(
        epoch: epoch, field: field, expected: .hexadecimal(expected), actual: .hexadecimal(actual))
    }
    return nil
  }
}
