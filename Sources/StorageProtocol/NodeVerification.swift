/// The AEGIS verification of one node: the first failing rule wins (protocol.md 6).
package enum NodeVerification: Equatable, Sendable {
  case verified
  case unverified(status: String, reason: String)

  private static let uptimeRatioMin = BigNum128(raw: 900_000_000_000_000_000)
  private static let healthScoreMin = BigNum128(raw: 750_000_000_000_000_000)
  private static let schemes = ["Dilithium5", "Dilithium3", "Dilithium2"].map { Array($0.utf8) }
  private static let telemetryHashCharacters = 64

  package var isVerified: Bool { self == .verified }

  /// Returns what the context says of `node`.
  package static func verify(
    _ node: Identifier, registry: RegistrySnapshot, telemetry: TelemetrySnapshot
  ) -> NodeVerification {
    registryFailure(node, registry) ?? telemetryFailure(node, telemetry) ?? .verified
  }

  private static func registryFailure(_ id: Identifier, _ registry: RegistrySnapshot) -> NodeVerification? {
    guard let nodes = registry.nodes else {
      return .unverified(status: "UNVERIFIED_NO_REGISTRY_ENTRY", reason: "REGISTRY_SNAPSHOT_MALFORMED")
    }
    guard let node = nodes[id] else {
      return .unverified(status: "UNVERIFIED_NO_REGISTRY_ENTRY", reason: "NODE_NOT_IN_REGISTRY")
    }
    if node.isRevoked { return .unverified(status: "UNVERIFIED_REVOKED", reason: "NODE_REVOKED") }
    guard let key = node.publicKey, !key.isEmpty else {
      return .unverified(status: "UNVERIFIED_NO_PQC_KEY", reason: "PQC_KEY_MISSING")
    }
    guard let scheme = node.scheme, schemes.contains(scheme) else {
      return .unverified(status: "UNVERIFIED_UNSUPPORTED_PQC_SCHEME", reason: "PQC_SCHEME_UNSUPPORTED")
    }
    return nil
  }

  private static func telemetryFailure(_ id: Identifier, _ telemetry: TelemetrySnapshot) -> NodeVerification? {
    guard let nodes = telemetry.nodes else { return malformedTelemetry("TELEMETRY_SNAPSHOT_MALFORMED") }
    guard let node = nodes[id] else { return malformedTelemetry("NODE_NOT_IN_TELEMETRY") }
    guard let uptimeRatio = node.uptimeRatio else { return malformedTelemetry("UPTIME_RATIO_MISSING") }
    guard uptimeRatio >= uptimeRatioMin else {
      return .unverified(status: "UNVERIFIED_LOW_UPTIME", reason: "UPTIME_BELOW_THRESHOLD")
    }
    guard let healthScore = node.healthScore else { return malformedTelemetry("HEALTH_SCORE_MISSING") }
    guard healthScore >= healthScoreMin else {
      return .unverified(status: "UNVERIFIED_UNHEALTHY", reason: "HEALTH_BELOW_THRESHOLD")
    }
    return documentFailure(telemetry) ?? conflict(node)
  }

  private static func documentFailure(_ telemetry: TelemetrySnapshot) -> NodeVerification? {
    guard telemetry.schemaVersion == Array("v1.0".utf8) else {
      return malformedTelemetry("TELEMETRY_SCHEMA_VERSION_MISMATCH")
    }
    let hash = telemetry.telemetryHash.map { String(decoding: $0, as: UTF8.self).unicodeScalars.count }
    return hash == telemetryHashCharacters ? nil : malformedTelemetry("TELEMETRY_HASH_INVALID")
  }

  private static func conflict(_ node: TelemetrySnapshot.Node) -> NodeVerification? {
    guard node.isInConflict else { return nil }
    return .unverified(status: "UNVERIFIED_TELEMETRY_HASH_CONFLICT", reason: "TELEMETRY_CONFLICT_DETECTED")
  }

  private static func malformedTelemetry(_ reason: String) -> NodeVerification {
    .unverified(status: "UNVERIFIED_TELEMETRY_MALFORMED", reason: reason)
  }
}
