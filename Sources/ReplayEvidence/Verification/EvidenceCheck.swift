package import StorageProtocol

/// One check of evidence, and what came of it.
package struct EvidenceCheck: Equatable, Sendable {
  /// In the order in which they are made and reported.
  package enum Name: String, CaseIterable, Sendable {
    /// One JSON document of the known schema: exactly its members, integers that every reader keeps.
    case form
    /// The envelope is signed by the key that was given.
    case signature
    /// The envelope's statement is about this evidence.
    case statement
    case evidenceDigest = "evidence_digest"
    case resultDigest = "result_digest"
    /// Sums of entries, STOREs and proofs; the success ratio.
    case entries
    case completeness
    /// The recovery point, and what was not recovered.
    case recovery
    /// State root and legacy hashes, from roots and counters.
    case state
    /// What was compared and what came of it agree.
    case comparison
    /// What an accept list accepted and what was found agree.
    case accepted
    /// The runbook's copies equal the result.
    case runbookFields = "runbook_fields"
    /// Verdict, reasons, compliance and readiness, from the result.
    case verdict
    /// Time, signer and the link to the evidence before.
    case circumstances
    /// The evidence that was given is the one that this one follows.
    case previous
    /// The snapshot that was given is the one that was written.
    case snapshot
    /// The golden trace that was given is the one that was compared with.
    case golden
    /// The accept list that was given is the one of the drill.
    case acceptList = "accept_list"
    /// The log that was given is the one that was replayed.
    case archive
    /// Another replay gives the same result.
    case replay
  }

  package enum Outcome: String, Sendable {
    case holds, fails
    /// The evidence speaks of something that the file must have and has not: its signature.
    case missing
    case notChecked = "not_checked"
  }

  /// Whether evidence of which this came of a check does not hold.
  package static let unequal: [Outcome] = [.fails, .missing]

  /// Columns for a name and what separates it from its outcome.
  package static let nameWidth = 17

  package let name: Name
  package let outcome: Outcome
  /// A sentence for people.
  package let detail: String

  package init(_ name: Name, _ outcome: Outcome, _ detail: String) {
    self.name = name
    self.outcome = outcome
    self.detail = detail
  }

  package var json: JSONValue {
    .members(["name": .text(name.rawValue), "outcome": .text(outcome.rawValue), "detail": .text(detail)])
  }
}
