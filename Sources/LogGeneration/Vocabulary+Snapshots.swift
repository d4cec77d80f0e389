internal import StorageProtocol

/// Snapshots of the registry and of telemetry (protocol.md 6).
extension Vocabulary {
  /// A payload with both snapshots.
  ///
  /// - Parameter lacksSome: whether one of them, or both, may be absent or null.
  static func snapshots(
    _ random: inout SeededGenerator, _ traits: GeneratorTraits, lacksSome: Bool = false
  ) -> JSONValue {
    var members: [JSONObject.Pair] = []
    let isLacking = lacksSome && random.happens(percent: 40)
    if !isLacking || random.happens(percent: 40) {
      members.append((Array("registry_snapshot".utf8), registry(&random, traits)))
    }
    if !isLacking || random.happens(percent: 40) {
      members.append((Array("telemetry_snapshot".utf8), telemetry(&random, traits)))
    } else if random.happens(percent: 50) {
      members.append((Array("telemetry_snapshot".utf8), .null))
    }
    return .object(JSONObject(members))
  }

  private static func registry(_ random: inout SeededGenerator, _ traits: GeneratorTraits) -> JSONValue {
    if random.happens(percent: 3) { return .members([:]) }
    let listed = nodeIDs(traits).filter { _ in random.happens(percent: 75) }
    let nodes = listed.map { id -> JSONObject.Pair in
      var node = JSONObject([
        "pqc_public_key": random.happens(percent: 95) ? .text("0x1") : random.choice([.text(""), .null]),
        "pqc_scheme": .text(random.choice(["Dilithium5", "Dilithium3", "Dilithium2", "Dilithium5", "RSA"])),
      ])
      if random.happens(percent: 60) {
        node.add("revoked", random.choice([.boolean(false), .boolean(false), .boolean(false), .boolean(true), .null]))
      }
      return (Array(id.utf8), .object(node))
    }
    return .members(["nodes": .object(JSONObject(nodes))])
  }

  private static func telemetry(_ random: inout SeededGenerator, _ traits: GeneratorTraits) -> JSONValue {
    let listed = nodeIDs(traits).filter { _ in random.happens(percent: 95) }
    let nodes = listed.map { id -> JSONObject.Pair in
      var node = JSONObject([
        "uptime_ratio": .text(random.choice(["0.95", "0.90", " 1 ", "0.9", "0.899999999999999999"])),
        "health_score": random.happens(percent: 95)
          ? .text("0.80") : random.choice([.null, .text("0.749"), .text(".")]),
      ])
      if random.happens(percent: 10) { node.add("conflict_detected", .boolean(random.happens(percent: 50))) }
      return (Array(id.utf8), .object(node))
    }
    var members: [JSONObject.Pair] = [
      (Array("schema_version".utf8), .text(random.happens(percent: 97) ? "v1.0" : "v2")),
      (Array("telemetry_hash".utf8), .text(String(repeating: "0", count: random.happens(percent: 97) ? 64 : 63))),
    ]
    if random.happens(percent: 97) { members.append((Array("nodes".utf8), .object(JSONObject(nodes)))) }
    return .object(JSONObject(members))
  }
}
