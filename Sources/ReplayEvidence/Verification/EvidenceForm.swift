internal import StorageProtocol

/// The shape of evidence: which members it has, and what kind of value each holds.
enum EvidenceForm {
  static let damagedMembers = [
    "archive", "engine", "constants", "options", "golden_trace", "verdict", "damage", "state",
  ]
  static let replayedMembers = [
    "archive", "engine", "constants", "options", "golden_trace", "verdict", "entries", "stores", "proofs",
    "success_ratio", "state", "commitment", "legacy", "checkpoint_count", "comparison", "accepted", "completeness",
    "recovery",
  ]

  static func check(_ document: EvidenceFields) throws(EvidenceFault) {
    try document.require([
      "component", "test_type", "timestamp", "replay_details", "verification", "zero_simulation_compliance",
      "audit_readiness", "schema", "verdict", "reasons", "result", "result_digest", "run", "previous", "signed_by",
      "evidence_digest",
    ])
    guard JCS.portable(.object(document.object)) == .object(document.object) else { throw .inexactNumber }
    try document.compare("component", .text("StorageEngine"), from: "the schema")
    try document.compare("test_type", .text("Deterministic Replay"), from: "the schema")
    let result = try document.fields("result")
    if try EvidenceForm.isDamaged(result) {
      try result.require(damagedMembers)
      try checkDamage(result.fields("damage"))
    } else {
      try result.require(replayedMembers)
    }
    try result.compare("engine", EvidenceDocument.engine, from: "the schema")
    try checkInputs(result)
  }

  static func isDamaged(_ result: EvidenceFields) throws(EvidenceFault) -> Bool { try result.value("state").isNull }

  private static func checkDamage(_ damage: EvidenceFields) throws(EvidenceFault) {
    try damage.require(["message", "ordinal", "byte_offset", "file_offset"])
    _ = try damage.text("message")
    for name in ["ordinal", "byte_offset", "file_offset"] { _ = try damage.optionalCount(name) }
  }

  /// The archive, constants and options that a replay was given.
  private static func checkInputs(_ result: EvidenceFields) throws(EvidenceFault) {
    let archive = try result.fields("archive")
    try archive.require(["sha256", "bytes", "entries"])
    // Even damage has an identity.
    _ = try archive.digest("sha256")
    _ = try archive.count("bytes")
    let constants = try result.fields("constants")
    try constants.require(GovernedConstants().json.objectValue.map(EvidenceForm.names) ?? [])
    for name in ["BLOCK_SIZE_BYTES", "REPLICATION_FACTOR", "MERKLE_BLOCK_BYTES", "ATR_COST_PER_KIB"] {
      _ = try constants.count(name)
    }
    _ = try constants.text("SCHEMA_VERSION")
    let options = try result.fields("options")
    let digests = ["expected_state_hash", "expected_state_root", "accept_sha256"]
    try options.require(["profile", "max_content_size", "threshold"] + digests)
    guard PlaceholderProfile(rawValue: try options.text("profile")) != nil else {
      throw .impossible(options.path("profile"))
    }
    _ = try options.count("max_content_size")
    let threshold = try options.decimal("threshold")
    guard threshold.raw <= BigNum128.scale else { throw .impossible(options.path("threshold")) }
    try options.compare("threshold", .text(threshold.trimmedDecimalString), from: "its own value")
    for name in digests { _ = try options.optionalDigest(name) }
    guard try !result.value("golden_trace").isNull else { return }
    let golden = try result.fields("golden_trace")
    try golden.require(["sha256", "bytes", "state_root"])
    _ = try golden.digest("sha256")
    _ = try golden.count("bytes")
  }

  private static func names(_ object: JSONObject) -> [String] {
    object.members.map { String(decoding: $0.key, as: UTF8.self) }
  }

  /// What belongs to one run and its place in a chain.
  static func circumstances(_ document: EvidenceFields) throws(EvidenceFault) {
    let run = try document.fields("run")
    try document.compare("timestamp", .text(run.text("ended")), from: "run.ended")
    let (started, ended) = (try run.text("started"), try run.text("ended"))
    guard isTime(started), isTime(ended) else { throw .impossible("run.ended") }
    try checkGoldenName(run, document.fields("result"))
    if try !document.value("signed_by").isNull {
      let signer = try document.fields("signed_by")
      try signer.require(["algorithm", "key_id"])
      _ = try signer.digest("key_id")
      guard ["ed25519", "p256"].contains(try signer.text("algorithm")) else {
        throw .impossible("signed_by.algorithm")
      }
    }
    guard try !document.value("previous").isNull else { return }
    let previous = try document.fields("previous")
    try previous.require(["evidence_sha256", "evidence_digest", "result_digest"])
    _ = try previous.digest("evidence_sha256")
    _ = try previous.prefixedDigest("evidence_digest")
    _ = try previous.prefixedDigest("result_digest")
  }

  private static func checkGoldenName(_ run: EvidenceFields, _ result: EvidenceFields) throws(EvidenceFault) {
    _ = try run.text("log")
    let isNamed = try !run.value("golden").isNull
    if isNamed { _ = try run.text("golden") }
    guard try isNamed == !result.value("golden_trace").isNull else {
      throw .differs("run.golden", from: "result.golden_trace")
    }
  }

  /// Whether a text is a moment as `TimeOfDay` writes it: `2026-11-23T14:05:09.123456Z`.
  private static func isTime(_ text: String) -> Bool {
    let pattern = Array("0000-00-00T00:00:00.000000Z".utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.utf8.count == pattern.count && CalendarDay(iso8601: text.utf8.prefix(10)) != nil
      && zip(text.utf8, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? digits.contains($0) : $0 == $1 }
  }
}
