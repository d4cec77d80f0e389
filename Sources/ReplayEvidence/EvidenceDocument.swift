internal import StateCommitment
package import StorageProtocol

/// The evidence a drill leaves: the runbook's fields, computed, and after them `result` (what) and `run` (when, where)
/// (operations.md 4.2).
package struct EvidenceDocument: Sendable {
  /// What a drill found: a result, or damage that stopped it.
  package enum Finding: Sendable {
    case replayed(ResultDocument)
    /// Nothing was applied; the value describes the damage.
    case damaged(JSONValue)
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

    package init(
      constants: GovernedConstants, profile: PlaceholderProfile, contentBytesMax: UInt64, threshold: BigNum128
    ) {
      self.constants = constants
      self.profile = profile
      self.contentBytesMax = contentBytesMax
      self.threshold = threshold
    }
  }

  package let finding: Finding
  package let archive: Archive
  package let options: Options
  /// Whether the evidence will be signed.
  package let isSigned: Bool

  package init(finding: Finding, archive: Archive, options: Options, isSigned: Bool) {
    self.finding = finding
    self.archive = archive
    self.options = options
    self.isSigned = isSigned
  }

  /// The verdict: FAILED for a damaged log.
  package var verdict: Verdict {
    switch finding {
    case .replayed(let document): document.verdict
    case .damaged: .failed
    }
  }

  private var document: ResultDocument? {
    if case .replayed(let document) = finding { document } else { nil }
  }

  /// The whole document.
  ///
  /// - Parameters:
  ///   - timestamp: when the evidence was made (ISO 8601, UTC).
  ///   - run: what belongs to this run and machine.
  package func json(timestamp: String, run: JSONObject) -> JSONValue {
    return .members([
      "component": .text("StorageEngine"), "test_type": .text("Deterministic Replay"),
      "timestamp": .text(timestamp), "replay_details": replayDetails, "verification": verification,
      "zero_simulation_compliance": .text(zeroSimulationCompliance),
      "audit_readiness": .text(isReadyForAudit ? "READY" : "NOT_READY"),
      "schema": .text("eqm-replay/evidence/1"), "verdict": .text(verdict.rawValue),
      "reasons": .array(reasons.map(JSONValue.text)), "result": JCS.portable(result),
      "result_digest": .text(resultDigest), "run": .object(run),
    ])
  }

  /// SHA-256 of the canonical bytes of `result` (RFC 8785): the same for the same log and options on every machine.
  package var resultDigest: String { "sha256:" + Digest.sha256(JCS.encode(JCS.portable(result))).hexadecimal }

  // MARK: The runbook's fields

  private var replayDetails: JSONValue {
    guard let state = document?.result.state else { return .null }
    return .members([
      "node_count": .integer(state.nodeCount), "object_count": .integer(state.objectCount),
      "shard_count": .integer(state.shardCount), "current_epoch": .integer(state.currentEpoch.value),
      "total_atr_fees_collected": .decimal(state.totalAtrFees),
      "total_nod_rewards_distributed": .decimal(state.totalNodRewards),
      "storage_event_count": .integer(state.eventLogCount),
    ])
  }

  private var verification: JSONValue {
    let areEqual = document?.comparisons.areEqual
    let outcome = areEqual.map { $0 ? Verdict.passed : .failed } ?? .notCompared
    let sides = document?.comparisons.sides.map(\.rawValue) ?? []
    return .members([
      "deterministic_replay": .text(outcome.rawValue),
      "bit_for_bit_match": bitForBitMatch,
      "state_hash": document.map { .hexadecimal($0.legacy.evidence) } ?? .null,
      "state_details_hash": document.map { .hexadecimal($0.legacy.state) } ?? .null,
      "state_root": document.map { .hexadecimal($0.result.roots.state) } ?? .null,
      "golden_root": document?.comparisons.goldenRoot.map(JSONValue.hexadecimal) ?? .null,
      "epochs_compared": .integer(document?.comparisons.epochsCompared ?? 0),
      "compared_with": .text(sides.isEmpty ? "none" : sides.joined(separator: ", ")),
      "first_divergence": document?.firstDivergence ?? .null,
      "divergences": .array(document?.result.divergences.items.map { .object($0.json) } ?? []),
      "divergences_omitted": .integer(document?.result.divergences.omittedCount ?? 0),
      "legacy_hashes_cover": .text("counters only: equal state_hash values prove little"),
    ])
  }

  /// True only where a root that commits to the whole state was compared and equal, false where any comparison was
  /// unequal; null else: equal counters or equal recorded events say less.
  private var bitForBitMatch: JSONValue {
    guard let comparisons = document?.comparisons, let areEqual = comparisons.areEqual else { return .null }
    guard areEqual else { return .boolean(false) }
    return comparisons.coverState ? .boolean(true) : .null
  }

  /// PASS if every STORE was re-executed from its content; NOT_APPLICABLE without STOREs; else FAIL. Nobody knows
  /// whether a damaged log has STOREs.
  private var zeroSimulationCompliance: String {
    guard let stores = document?.result.stores else { return "FAIL" }
    guard stores.total > 0 else { return "NOT_APPLICABLE" }
    return stores.reexecuted == stores.total ? "PASS" : "FAIL"
  }

  /// Only if PASSED against golden or expected, without a placeholder STORE, and signed.
  private var isReadyForAudit: Bool {
    guard isSigned, let document, document.verdict == .passed else { return false }
    let sides = document.comparisons.sides
    return document.result.stores.placeholder == 0 && (sides.contains(.golden) || sides.contains(.expected))
  }

  /// Why the verdict is not a clean PASSED.
  private var reasons: [String] {
    guard let document else { return ["log-damaged"] }
    let entries = document.result.entries
    let facts: [(holds: Bool, reason: String)] = [
      (document.comparisons.areEqual == false, "comparison-unequal"),
      (document.comparisons.areEqual == nil, "nothing-compared"), (entries.total == 0, "log-empty"),
      (entries.rejected > 0, "entries-rejected"), (entries.unsupported > 0, "entries-unsupported"),
      (isBelowThreshold(entries), "success-ratio-below-threshold"),
    ]
    return facts.filter(\.holds).map(\.reason)
  }

  private func isBelowThreshold(_ entries: EntryCounts) -> Bool {
    guard let ratio = try? BigNum128(parsing: Array(entries.successRatio.utf8)) else {
      preconditionFailure("a success ratio is a decimal number")
    }
    return ratio < options.threshold
  }

  // MARK: The result

  /// What does not depend on machine, time or the number of workers.
  private var result: JSONValue {
    var result = JSONObject([
      "archive": archiveJSON,
      "engine": .members(["semantics_version": .text("1"), "commitment": .text("eqm-state/1")]),
      "constants": options.constants.json, "options": optionsJSON, "verdict": .text(verdict.rawValue),
    ])
    switch finding {
    case .damaged(let damage):
      result.add("damage", damage)
      result.add("state", .null)
    case .replayed(let document):
      result.add("entries", document.entries)
      result.add("stores", .object(document.result.stores.json))
      result.add("proofs", .object(document.result.proofs.json))
      result.add("success_ratio", .text(document.result.entries.successRatio))
      result.add("state", .object(document.result.state.json))
      result.add("commitment", .object(document.result.roots.json))
      result.add("legacy", document.legacyHashes)
      result.add("comparison", document.comparison)
      result.add("completeness", document.completeness.json(document.result.entries))
    }
    return .object(result)
  }

  private var archiveJSON: JSONValue {
    .members([
      "sha256": archive.sha256.map(JSONValue.hexadecimal) ?? .null,
      "bytes": archive.bytes.map(JSONValue.integer) ?? .null,
      "entries": archive.entries.map(JSONValue.integer) ?? .null,
    ])
  }

  private var optionsJSON: JSONValue {
    .members([
      "profile": .text(options.profile.rawValue), "max_content_size": .integer(options.contentBytesMax),
      "threshold": .text(options.threshold.trimmedDecimalString),
    ])
  }
}
