/// The registry half of an AEGIS context (protocol.md 6). Only what verification looks at is kept.
package struct RegistrySnapshot: Equatable, Sendable, Codable {
  package struct Node: Equatable, Sendable, Codable {
    package let isRevoked: Bool
    package let publicKey: [UInt8]?
    package let scheme: [UInt8]?
  }

  /// Nil where the snapshot has no `nodes`: well formed, and no node verifies.
  package let nodes: [Identifier: Node]?

  /// - Throws: `SE_ERR_INVALID_INPUT` for a malformed snapshot.
  package init(_ json: JSONValue) throws(EntryFault) {
    nodes = try SnapshotForm.nodes(of: json, name: "registry_snapshot") { (node) throws(EntryFault) in
      Node(
        isRevoked: try SnapshotForm.flag(node, "revoked"),
        publicKey: try SnapshotForm.text(node, "pqc_public_key"),
        scheme: try SnapshotForm.text(node, "pqc_scheme"))
    }
  }
}

/// The telemetry half of an AEGIS context (protocol.md 6).
package struct TelemetrySnapshot: Equatable, Sendable, Codable {
  package struct Node: Equatable, Sendable, Codable {
    package let uptimeRatio: BigNum128?
    package let healthScore: BigNum128?
    package let isInConflict: Bool
  }

  package let schemaVersion: [UInt8]?
  package let telemetryHash: [UInt8]?
  package let nodes: [Identifier: Node]?

  /// - Throws: `SE_ERR_INVALID_INPUT` for a malformed snapshot.
  package init(_ json: JSONValue) throws(EntryFault) {
    nodes = try SnapshotForm.nodes(of: json, name: "telemetry_snapshot") { (node) throws(EntryFault) in
      Node(
        uptimeRatio: try SnapshotForm.ratio(node, "uptime_ratio"),
        healthScore: try SnapshotForm.ratio(node, "health_score"),
        isInConflict: try SnapshotForm.flag(node, "conflict_detected"))
    }
    schemaVersion = json.objectValue?["schema_version"]?.stringBytes
    telemetryHash = json.objectValue?["telemetry_hash"]?.stringBytes
  }
}

/// The rules by which a snapshot is malformed.
private enum SnapshotForm {
  static func nodes<Node>(
    of json: JSONValue, name: String, read: (JSONObject) throws(EntryFault) -> Node
  ) throws(EntryFault) -> [Identifier: Node]? {
    guard let object = json.objectValue else { throw EntryFault.malformedSnapshot("\(name) is not an object") }
    guard let listed = object["nodes"] else { return nil }
    guard let members = listed.objectValue?.members else {
      throw EntryFault.malformedSnapshot("nodes of \(name) is not an object")
    }
    var nodes: [Identifier: Node] = [:]
    for member in members {
      guard let node = member.value.objectValue else {
        throw EntryFault.malformedSnapshot("a node of \(name) is not an object")
      }
      nodes[Identifier(bytes: member.key)] = try read(node)
    }
    return nodes
  }

  static func flag(_ node: JSONObject, _ name: String) throws(EntryFault) -> Bool {
    switch node[name] {
    case .none, .null?: false
    case .boolean(let flag)?: flag
    default: throw EntryFault.malformedSnapshot("\(name) is neither true, false nor null")
    }
  }

  static func text(_ node: JSONObject, _ name: String) throws(EntryFault) -> [UInt8]? {
    switch node[name] {
    case .none, .null?: nil
    case .string(let text)?: text
    default: throw EntryFault.malformedSnapshot("\(name) is neither a string nor null")
    }
  }

  static func ratio(_ node: JSONObject, _ name: String) throws(EntryFault) -> BigNum128? {
    guard let text = try text(node, name) else { return nil }
    do {
      return try BigNum128(parsing: text)
    } catch {
      throw EntryFault.malformedSnapshot("\(name) is not a decimal number")
    }
  }
}
