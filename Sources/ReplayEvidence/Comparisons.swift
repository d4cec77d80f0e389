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

  /// Compares what the log recorded and what the caller expects with what the replay gave.
  package init(_ result: ReplayResult, stateHash: Digest, expectations: Expectations) {
    coverState = expectations.stateRoot != nil
    if result.comparedWithRecorded {
      sides.append(.recorded)
      firstDivergence = result.divergences.items.first.map(Comparisons.divergence)
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
