package import StorageProtocol

/// The evidence a drill leaves: the runbook's fields, computed, and after them `result` (what) and `run` (when, where)
/// (operations.md 4.2).
package struct EvidenceDocument: Sendable {
  package static let schema = "eqm-replay/evidence/1"

  /// What a drill found: a result, or damage that stopped it.
  package enum Finding: Sendable {
    case replayed(ResultDocument)
    /// Nothing was applied; the value describes the damage. The golden trace was not compared with anything.
    case damaged(JSONValue, golden: TraceIdentity?)
  }

  /// The log that was replayed. What a damaged log did not reveal is nil.
  package struct Archive: Sendable {
    package let sha256: Digest?
    package let bytes: UInt64?
    package let entries: UInt64?

    package init(sha256: Digest?, bytes: UInt64?, entries: UInt64?) {
      self.sha256 = sha256
      self.bytes = bytes
      self.entries = entries
    }
  }

  /// Options that decide the result.
  package struct Options: Sendable {
    package let constants: GovernedConstants
    package let profile: PlaceholderProfile
    package let contentBytesMax: UInt64
    /// The success ratio below which a replay counts as degraded, as a decimal.
    package let threshold: BigNum128
    package let expectations: Comparisons.Expectations
    /// Of the accept list's file; nil where none was given.
    package let acceptDigest: Digest?

    package init(
      constants: GovernedConstants, profile: PlaceholderProfile, contentBytesMax: UInt64, threshold: BigNum128,
      expectations: Comparisons.Expectations, acceptDigest: Digest? = nil
    ) {
      self.constants = constants
      self.profile = profile
      self.contentBytesMax = contentBytesMax
      self.threshold = threshold
      self.expectations = expectations
      self.acceptDigest = acceptDigest
    }
  }

  /// The key that evidence is made to be signed with.
  package struct Signer: Equatable, Sendable {
    package let algorithm: String
    package let keyID: Digest

    package init(algorithm: String, keyID: Digest) {
      self.algorithm = algorithm
      self.keyID = keyID
    }
  }

  /// The evidence before this one.
  package struct Previous: Equatable, Sendable {
    /// Of the file.
    package let sha256: Digest
    package let evidenceDigest: Digest
    package let resultDigest: Digest

    package init(sha256: Digest, evidenceDigest: Digest, resultDigest: Digest) {
      self.sha256 = sha256
      self.evidenceDigest = evidenceDigest
      self.resultDigest = resultDigest
    }
  }

  package let finding: Finding
  package let archive: Archive
  package let options: Options
  /// Nil for evidence that is not signed.
  package var signer: Signer?
  /// Nil for the first evidence of a chain.
  package var previous: Previous?
  /// Nil where the state was not written.
  package var snapshot: SnapshotIdentity?

  package init(finding: Finding, archive: Archive, options: Options) {
    self.finding = finding
    self.archive = archive
    self.options = options
  }

  /// The verdict: FAILED for a damaged log.
  package var verdict: Verdict { Verdict(facts) }

  var document: ResultDocument? {
    if case .replayed(let document) = finding { document } else { nil }
  }

  /// The golden trace that was given.
  package var goldenTrace: TraceIdentity? {
    switch finding {
    case .replayed(let document): document.comparisons.goldenTrace
    case .damaged(_, let golden): golden
    }
  }

  private var facts: VerdictFacts {
    var facts = VerdictFacts()
    if let document {
      facts = document.facts
      facts.stores = document.result.stores
      facts.isBelowThreshold = VerdictFacts.isBelow(document.result.entries.successRatio, options.threshold)
    } else {
      facts.isDamaged = true
    }
    facts.isSigned = signer != nil
    return facts
  }

  /// The whole document. Its numbers are integers that every reader keeps exactly; any other number is a string.
  ///
  /// - Parameters:
  ///   - timestamp: when the evidence was made (ISO 8601, UTC).
  ///   - run: what belongs to this run and machine.
  package func json(timestamp: String, run: JSONObject) -> JSONObject {
    let facts = facts
    let document = JCS.portable(
      .members([
        "component": .text("StorageEngine"), "test_type": .text("Deterministic Replay"),
        "timestamp": .text(timestamp),
        "replay_details": document.map { RunbookFields.replayDetails($0.result.state) } ?? .null,
        "verification": verification(facts), "zero_simulation_compliance": .text(facts.zeroSimulationCompliance),
        "audit_readiness": .text(facts.auditReadiness), "schema": .text(EvidenceDocument.schema),
        "verdict": .text(verdict.rawValue), "reasons": .array(facts.reasons.map(JSONValue.text)),
        "result": result, "result_digest": .text(resultDigest), "run": .object(run),
        "snapshot": snapshot?.json ?? .null, "previous": previous?.json ?? .null, "signed_by": signer?.json ?? .null,
      ]))
    guard case .object(var object) = document else { preconditionFailure("evidence is an object") }
    object.add("evidence_digest", .text(JCS.digestText(document)))
    return object
  }

  /// SHA-256 of the canonical bytes of `result` (RFC 8785): the same for the same log and options on every machine.
  package var resultDigest: String { JCS.digestText(result) }

  private func verification(_ facts: VerdictFacts) -> JSONValue {
    var fields = RunbookFields(facts)
    if let document {
      fields.state = document.result.state
      fields.stateRoot = document.result.roots.state
      fields.goldenRoot = document.comparisons.goldenTrace?.stateRoot
      fields.epochsCompared = document.comparisons.epochsCompared
      fields.firstDivergence = document.firstDivergence
      fields.divergences = document.result.divergences.items.map { .object($0.json) }
      fields.divergencesOmitted = document.result.divergences.omittedCount
    }
    return fields.verification
  }
}

extension EvidenceDocument.Signer {
  var json: JSONValue { .members(["algorithm": .text(algorithm), "key_id": .hexadecimal(keyID)]) }
}

extension EvidenceDocument.Previous {
  package var json: JSONValue {
    .members([
      "evidence_sha256": .hexadecimal(sha256), "evidence_digest": .text("sha256:" + evidenceDigest.hexadecimal),
      "result_digest": .text("sha256:" + resultDigest.hexadecimal),
    ])
  }
}
