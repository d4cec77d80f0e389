/// What became of the entries of a log (protocol.md 10):
/// total = applied + acknowledged + rejected + unsupported, always.
public struct EntryCounts: Equatable, Sendable, Codable {
  /// Entries applied, diverged ones included.
  public package(set) var applied: UInt64 = 0
  /// Applied entries whose record the log alone does not explain.
  public package(set) var diverged: UInt64 = 0
  /// Public reads.
  public package(set) var acknowledged: UInt64 = 0
  public private(set) var rejected: UInt64 = 0
  public private(set) var unsupported: UInt64 = 0
  private var rejectedByCode: [ErrorCode: UInt64] = [:]
  private var unsupportedByType: [Identifier: UInt64] = [:]

  package init() {}

  /// Counts whose codes and types are not known.
  package init(applied: UInt64, diverged: UInt64, acknowledged: UInt64, rejected: UInt64, unsupported: UInt64) {
    self.applied = applied
    self.diverged = diverged
    self.acknowledged = acknowledged
    self.rejected = rejected
    self.unsupported = unsupported
  }

  package mutating func countRejected(_ code: ErrorCode) {
    rejected += 1
    rejectedByCode[code, default: 0] += 1
  }

  package mutating func countUnsupported(_ type: Identifier) {
    unsupported += 1
    unsupportedByType[type, default: 0] += 1
  }

  /// Adds the counts of entries that follow.
  package mutating func add(_ other: EntryCounts) {
    applied += other.applied
    diverged += other.diverged
    acknowledged += other.acknowledged
    rejected += other.rejected
    unsupported += other.unsupported
    rejectedByCode.merge(other.rejectedByCode, uniquingKeysWith: +)
    unsupportedByType.merge(other.unsupportedByType, uniquingKeysWith: +)
  }

  public var total: UInt64 { applied + acknowledged + rejected + unsupported }

  /// Codes that occurred, by name.
  public var rejections: [(code: ErrorCode, count: UInt64)] {
    ErrorCode.allCases.compactMap { code in rejectedByCode[code].map { (code, $0) } }
      .sorted { $0.code.rawValue.utf8.lexicographicallyPrecedes($1.code.rawValue.utf8) }
  }

  /// Unknown event types that occurred, by bytes of the name.
  public var unsupportedTypes: [(type: Identifier, count: UInt64)] {
    unsupportedByType.keys.sorted().map { ($0, unsupportedByType[$0, default: 0]) }
  }

  /// (applied + acknowledged) / total, cut to six digits; `0.000000` for an empty log, which is degraded, not perfect.
  public var successRatio: String { EntryCounts.ratio(succeeded: applied + acknowledged, total: total) }

  /// `succeeded` / `total`, as ``successRatio`` writes it.
  package static func ratio(succeeded: UInt64, total: UInt64) -> String {
    let millionths = total == 0 ? 0 : UInt128(succeeded) * 1_000_000 / UInt128(total)
    let digits = String(millionths % 1_000_000)
    return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - digits.count) + digits
  }
}

/// Applied STOREs by how much of them was computed (protocol.md 9).
public struct StoreCounts: Equatable, Sendable, Codable {
  /// With their content: every hash computed from it.
  public package(set) var reexecuted: UInt64 = 0
  /// Without content: the recorded content hash was taken over.
  public package(set) var carried: UInt64 = 0
  /// Runbook dialect: placeholder bytes stood for the content.
  public package(set) var placeholder: UInt64 = 0

  package init() {}

  /// Adds the counts of entries that follow.
  package mutating func add(_ other: StoreCounts) {
    reexecuted += other.reexecuted
    carried += other.carried
    placeholder += other.placeholder
  }

  public var total: UInt64 { reexecuted + carried + placeholder }
}

/// Applied proof events (protocol.md 7).
public struct ProofCounts: Equatable, Sendable, Codable {
  /// Nodes named by all applied PROOF_GENERATED, carried ones included.
  public package(set) var generated: UInt64 = 0
  /// Applied PROOF_FAILED.
  public package(set) var failed: UInt64 = 0
  /// Applied PROOF_GENERATED whose nodes could not be compared.
  public package(set) var carried: UInt64 = 0

  package init() {}

  /// Adds the counts of entries that follow.
  package mutating func add(_ other: ProofCounts) {
    generated += other.generated
    failed += other.failed
    carried += other.carried
  }
}
