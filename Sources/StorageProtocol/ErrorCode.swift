/// The codes under which an entry is rejected (protocol.md 10).
public enum ErrorCode: String, CaseIterable, Sendable, Codable {
  case invalidInput = "SE_ERR_INVALID_INPUT"
  case invalidVersion = "SE_ERR_INVALID_VERSION"
  case integrityMismatch = "SE_ERR_INTEGRITY_MISMATCH"
  case aegisContextMissing = "SE_ERR_AEGIS_CONTEXT_MISSING"
  /// Arithmetic overflow.
  case `internal` = "SE_ERR_INTERNAL"
}
