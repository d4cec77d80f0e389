internal import ReplayEvidence
internal import StorageProtocol

/// The verb `evidence show`: evidence for people. What does not hold is not repeated.
public struct EvidenceShowing: Sendable {
  private let path: String

  public init(path: String) { self.path = path }

  /// - Throws: `.input`.
  public func run() throws(ReplayFailure) -> Report {
    let verification = EvidenceVerification(file: try EvidenceInput.bytes(path))
    guard let document = verification.document, let result = document["result"]?.objectValue else {
      return EvidenceShowing.refusal(verification)
    }
    let view = EvidenceView(document, result, isEnvelope: verification.evidence?.envelope != nil)
    return Report(status: .done, json: view.json, text: view.lines)
  }

  /// What is said of evidence that does not hold: why, and nothing that it claims.
  private static func refusal(_ verification: EvidenceVerification) -> Report {
    let failed = verification.checks.filter { $0.outcome == .fails }
    return Report(
      status: .diverged,
      json: .members([
        "schema": .text("eqm-replay/evidence-view/1"), "holds": .boolean(false), "verdict": .null,
        "checks": .array(failed.map(\.json)),
      ]),
      text: ["this evidence does not hold, and nothing it says is shown:"]
        + failed.map { ResultText.row($0.name.rawValue, $0.detail, width: EvidenceCheck.nameWidth) })
  }
}

/// Evidence that holds, in lines.
private struct EvidenceView {
  private let document: JSONObject
  private let result: JSONObject
  private let isEnvelope: Bool

  init(_ document: JSONObject, _ result: JSONObject, isEnvelope: Bool) {
    self.document = document
    self.result = result
    self.isEnvelope = isEnvelope
  }

  /// The value at a path; null where there is none.
  private func value(_ path: String...) -> JSONValue {
    path.reduce(JSONValue.object(document)) { $0.objectValue?[$1] ?? .null }
  }

  /// A text, a number or a word for people.
  private func text(_ value: JSONValue) -> String {
    if let bytes = value.stringBytes { return PrintableText.plain(bytes) }
    return value.isNull ? "none" : String(decoding: JSONFormat.line.encode(value), as: UTF8.self)
  }

  private func row(_ name: String, _ value: JSONValue) -> String { ResultText.row(name, text(value)) }

  /// Several counts of one object: `3 re-executed, 1 carried`.
  private func counts(_ part: String, _ names: KeyValuePairs<String, String>) -> String {
    names.map { "\(text(value("result", part, $0.key))) \($0.value)" }.joined(separator: ", ")
  }

  var lines: [String] {
    [
      row("verdict", document["verdict"] ?? .null), ResultText.row("compared", compared),
      ResultText.row("reasons", list(document["reasons"])), row("made", document["timestamp"] ?? .null),
      row("log", value("run", "log")), row("log sha256", value("result", "archive", "sha256")),
    ] + (value("result", "state").isNull ? damage : replayed) + [
      "", ResultText.row("readiness", readiness),
      row("no simulation", document["zero_simulation_compliance"] ?? .null), ResultText.row("signed by", signer),
      row("snapshot", value("snapshot", "sha256")), row("previous", value("previous", "evidence_sha256")),
      row("result digest", document["result_digest"] ?? .null),
      row("digest", document["evidence_digest"] ?? .null),
    ]
  }

  private var damage: [String] { ["", row("damage", value("result", "damage", "message"))] }

  private var replayed: [String] {
    [
      "",
      ResultText.row(
        "entries",
        counts(
          "entries",
          [
            "total": "in all", "applied": "applied", "acknowledged": "acknowledged", "rejected": "rejected",
            "unsupported": "unsupported",
          ])),
      ResultText.row("diverged", "\(text(value("result", "entries", "diverged"))) of the applied"),
      // Apart: what was computed, what was taken over, and what stood for something unknown.
      ResultText.row("re-derived", counts("stores", ["reexecuted": "STOREs, every hash from their content"])),
      ResultText.row(
        "carried",
        "\(text(value("result", "stores", "carried"))) STOREs, \(text(value("result", "proofs", "carried"))) proofs,"
          + " taken over from the record"),
      ResultText.row("accepted", accepted),
      ResultText.row("placeholder", counts("stores", ["placeholder": "STOREs, whose content nobody knows"])), "",
      row("state root", value("result", "commitment", "state_root")),
      row("log root", value("result", "commitment", "log_root")),
      row("objects root", value("result", "commitment", "objects_root")),
      row("nodes root", value("result", "commitment", "nodes_root")),
    ]
  }

  /// Each side, and what came of it.
  private var compared: String {
    let sides = value("result", "comparison", "sides").objectValue?.members ?? []
    guard !sides.isEmpty else { return "with nothing: nothing is claimed" }
    return sides.map { side in
      let isEqual = side.value.objectValue?["equal"] == .boolean(true)
      let accepted = side.value.objectValue?["accepted"] ?? .integer(0)
      let outcome = isEqual ? accepted == .integer(0) ? "equal" : "equal but for \(text(accepted)) accepted" : "UNEQUAL"
      return "\(String(decoding: side.key, as: UTF8.self)) \(outcome)"
    }.joined(separator: ", ")
  }

  /// What was accepted: of a list, how much of it was found.
  private var accepted: String {
    guard !value("result", "accepted").isNull else { return "nothing: no accept list was given" }
    return counts(
      "accepted",
      [
        "used": "lines that were found", "diverged": "diverged entries", "rejected": "rejected",
        "unsupported": "unsupported",
      ]) + "; accept list \(text(value("result", "accepted", "sha256")))"
  }

  private func list(_ value: JSONValue?) -> String {
    let items = (value?.elements ?? []).map(text)
    return items.isEmpty ? "none" : items.joined(separator: ", ")
  }

  /// Evidence is ready only with the signature that it says it has.
  private var lacksSignature: Bool { !value("signed_by").isNull && !isEnvelope }

  private var isReadyElsewhere: Bool { lacksSignature && document["audit_readiness"] == .text("READY") }

  private var readiness: String {
    isReadyElsewhere ? "READY only with its envelope (.dsse.json)" : text(document["audit_readiness"] ?? .null)
  }

  private var signer: String {
    let key = value("signed_by", "key_id")
    switch (key.isNull, isEnvelope) {
    case (true, false): return "nobody"
    case (true, true): return "a key that the evidence does not name; not checked: evidence verify --key"
    case (false, false): return "\(text(key)), as it says; this file has no signature"
    case (false, true): return "\(text(key)), as it says; not checked: evidence verify --key"
    }
  }

  var json: JSONValue {
    let signature = lacksSignature ? EvidenceCheck.Outcome.missing : .notChecked
    let readiness = document["audit_readiness"] ?? .null
    var json = JSONObject([
      "schema": .text("eqm-replay/evidence-view/1"), "holds": .boolean(true),
      "verdict": document["verdict"] ?? .null, "reasons": document["reasons"] ?? .null,
    ])
    for name in ["entries", "comparison", "accepted", "archive", "stores", "proofs", "commitment", "damage"] {
      json.add(name, result[name] ?? .null)
    }
    // Of this file; what the document states is beside it.
    json.add("audit_readiness", isReadyElsewhere ? .text("NOT_READY") : readiness)
    json.add("stated_audit_readiness", readiness)
    json.add("signed_by", document["signed_by"] ?? .null)
    json.add("signature", .text(signature.rawValue))
    json.add("previous", document["previous"] ?? .null)
    json.add("evidence_digest", document["evidence_digest"] ?? .null)
    return .object(json)
  }
}
