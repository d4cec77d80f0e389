package import StorageProtocol

/// What a result was compared with, and what came of it.
package struct Comparisons: Equatable, Sendable {
  /// The sides a result can be compared with, in the order in which reports name them.
  package enum Side: String, CaseIterable, Sendable {
    /// The events that a live engine recorded in the log.
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
    /// The trace's state root.
    package let root: Digest
    package let checkpointsCompared: Int

    package init(firstDivergence: FirstDivergence?, root: Digest, checkpointsCompared: Int) {
      self.firstDivergence = firstDivergence
      self.root = root
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

  package private(set) var sides: [Side] = []
  package private(set) var firstDivergence: FirstDivergence?
  /// Whether a state root was compared: it commits to every part of the state, the legacy hashes to counters only.
  package let coverState: Bool
  /// The state root of a golden trace.
  package let goldenRoot: Digest?
  /// Checkpoints of the result that were compared with others.
  package let epochsCompared: Int

  /// Compares what the log recorded, what other runs gave and what the caller expects with what the replay gave.
  package init(
    _ result: ReplayResult, stateHash: Digest, expectations: Expectations, counterparts: Counterparts = Counterparts()
  ) {
    coverState = expectations.stateRoot != nil || counterparts.sequential != nil || counterparts.golden != nil
    goldenRoot = counterparts.golden?.root
    epochsCompared =
      counterparts.golden?.checkpointsCompared
      ?? counterparts.sequential.map { min($0.checkpoints.count, result.checkpoints.count) } ?? 0
    if result.comparedWithRecorded {
      sides.append(.recorded)
      firstDivergence = result.divergences.items.first.map(Comparisons.divergence)
    }
    if let sequential = counterparts.sequential {
      sides.append(.sequential)
      firstDivergence = firstDivergence ?? result.firstDifference(from: sequential)
    }
    if let golden = counterparts.golden {
      sides.append(.golden)
      firstDivergence = firstDivergence ?? golden.firstDivergence
    }
    if expectations != Expectations() { sides.append(.expected) }
    compare("state_hash", expected: expectations.stateHash, actual: stateHash, of: result)
    compare("state_root", expected: expectations.stateRoot, actual: result.roots.state, of: result)
  }

  /// Nil when no comparison was made.
  package var areEqual: Bool? { sides.isEmpty ? nil : firstDivergence == nil }

  private mutating func compare(_ field: String, expected: Digest?, actual: Digest, of result: ReplayResult) {
    guard let expected, expected != actual, firstDivergence == nil else { return }
    firstDivergence = FirstDivergence(
      ordinal: nil, epoch: result.state.currentEpoch, objectID: nil, version: nil, field: field,
      expected: .hexadecimal(expected), actual: .hexadecimal(actual))
  }

  private static func divergence(_ divergence: Divergence) -> FirstDivergence {
    FirstDivergence(
      ordinal: divergence.ordinal, epoch: divergence.epoch, objectID: divergence.objectID,
      version: divergence.version, field: divergence.field, expected: divergence.recorded,
      actual: divergence.derived)
  }
}
