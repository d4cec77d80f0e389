internal import StateCommitment
package import StorageProtocol

extension EvidenceDocument {
  /// The rules by which the result came about.
  static var engine: JSONValue { .members(["semantics_version": .text("1"), "commitment": .text("eqm-state/1")]) }

  /// What does not depend on machine, time or the number of workers.
  package var result: JSONValue {
    var result = JSONObject([
      "archive": archiveJSON, "engine": EvidenceDocument.engine, "constants": options.constants.json,
      "options": optionsJSON, "golden_trace": goldenTrace?.json ?? .null, "verdict": .text(verdict.rawValue),
    ])
    switch finding {
    case .damaged(let damage, _):
      result.add("damage", damage)
      result.add("state", .null)
    case .replayed(let document):
      result.add("entries", .object(document.entries))
      result.add("stores", .object(document.result.stores.json))
      result.add("proofs", .object(document.result.proofs.json))
      result.add("success_ratio", .text(document.result.entries.successRatio))
      result.add("state", .object(document.result.state.json))
      result.add("commitment", .object(document.result.roots.json))
      result.add("legacy", document.legacyHashes)
      result.add("checkpoint_count", .integer(document.result.checkpoints.count))
      result.add("comparison", document.comparison)
      result.add("accepted", document.accepted)
      result.add("completeness", document.completeness.json(document.result.entries))
      result.add("recovery", .object(document.recovery.json))
    }
    return JCS.portable(.object(result))
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
      "expected_state_hash": options.expectations.stateHash.map(JSONValue.hexadecimal) ?? .null,
      "expected_state_root": options.expectations.stateRoot.map(JSONValue.hexadecimal) ?? .null,
      "accept_sha256": options.acceptDigest.map(JSONValue.hexadecimal) ?? .null,
    ])
  }
}

extension TraceIdentity {
  fileprivate var json: JSONValue {
    .members([
      "sha256": .hexadecimal(sha256), "bytes": .integer(bytes),
      "state_root": stateRoot.map(JSONValue.hexadecimal) ?? .null,
    ])
  }
}
