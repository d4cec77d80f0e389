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
      "audit_readiness", "schema", "verdict", "reasons", "result", "result_digest", "run", "snapshot", "previous",
      "signed_by", "evidence_digest",
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
    try checkSnapshot(document)
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
    let bytes = try fileBytes(archive)
    let entries = try archive.optionalCount("entries") ?? 0
    guard bytes > 0 || entries == 0 else { throw .impossible(archive.path("bytes")) }
    try checkConstants(result)
    try checkOptions(result)
    guard try !result.value("golden_trace").isNull else { return }
    let golden = try result.fields("golden_trace")
    try golden.require(["sha256", "bytes", "state_root"])
    _ = try golden.digest("sha256")
    guard try fileBytes(golden) > 0 else { throw .impossible(golden.path("bytes")) }
  }

  /// `bytes` of a file: no more than a file can have.
  private static func fileBytes(_ file: EvidenceFields) throws(EvidenceFault) -> UInt64 {
    let bytes = try file.count("bytes")
    guard bytes <= UInt64(Int64.max) else { throw .impossible(file.path("bytes")) }
    return bytes
  }

  /// Constants that an engine can work with: a replay has no others.
  private static func checkConstants(_ result: EvidenceFields) throws(EvidenceFault) {
    let constants = try result.fields("constants")
    try constants.require(GovernedConstants().json.objectValue.map(EvidenceForm.names) ?? [])
    var stated = GovernedConstants()
    stated.chunkBytes = try constants.count("BLOCK_SIZE_BYTES")
    stated.replicationFactor = Int(clamping: try constants.count("REPLICATION_FACTOR"))
    stated.merkleBlockBytes = Int(clamping: try constants.count("MERKLE_BLOCK_BYTES"))
    stated.schemaVersion = try constants.text("SCHEMA_VERSION")
    stated.atrCostPerKibibyte = try constants.count("ATR_COST_PER_KIB")
    if let name = stated.nameOutOfRange { throw .impossible(constants.path(name)) }
  }

  private static func checkOptions(_ result: EvidenceFields) throws(EvidenceFault) {
    let options = try result.fields("options")
    let digests = ["expected_state_hash", "expected_state_root", "accept_sha256"]
    try options.require(["profile", "max_content_size", "threshold"] + digests)
    guard PlaceholderProfile(rawValue: try options.text("profile")) != nil else {
      throw .impossible(options.path("profile"))
    }
    guard try options.count("max_content_size") <= ReplayConfiguration.contentBytesLimit else {
      throw .impossible(options.path("max_content_size"))
    }
    let threshold = try options.decimal("threshold")
    guard threshold.raw <= BigNum128.scale else { throw .impossible(options.path("threshold")) }
    try options.compare("threshold", .text(threshold.trimmedDecimalString), from: "its own value")
    for name in digests { _ = try options.optionalDigest(name) }
  }

  private static func names(_ object: JSONObject) -> [String] {
    object.members.map { String(decoding: $0.key, as: UTF8.self) }
  }
}
