/// A control entry in one form, whatever its dialect and spelling: what it asks for, as an entry of the runbook dialect that a
/// replay reads again (protocol.md 6).
///
/// Control entries with equal calls do the same to every state: of snapshots there is only what verification looks at.
package struct ControlCall: Equatable, Sendable {
  package let json: JSONObject

  /// A call as ``json`` once was.
  package init(json: JSONObject) { self.json = json }

  private init(_ type: EventType, _ members: KeyValuePairs<String, JSONValue> = [:]) {
    var json = JSONObject(["event_type": .text(type.rawValue)])
    for (name, value) in members { json.add(name, value) }
    self.json = json
  }

  package static func registration(_ id: Identifier, host: Identifier, port: Int64) -> ControlCall {
    ControlCall(
      .nodeRegistration, ["node_id": .string(id.bytes), "host": .string(host.bytes), "port": .integer(port)])
  }

  package static func unregistration(_ id: Identifier) -> ControlCall {
    ControlCall(.nodeUnregistration, ["node_id": .string(id.bytes)])
  }

  package static func status(_ id: Identifier, _ status: NodeStatus) -> ControlCall {
    ControlCall(.nodeStatus, ["node_id": .string(id.bytes), "status": .text(status.rawValue)])
  }

  /// - Parameter digits: of a whole number.
  package static func uptime(_ id: Identifier, digits: [UInt8]) -> ControlCall {
    ControlCall(.nodeUptime, ["node_id": .string(id.bytes), "uptime_bucket": .number(digits)])
  }

  package static func context(_ registry: RegistrySnapshot, _ telemetry: TelemetrySnapshot) -> ControlCall {
    ControlCall(.aegisContext, ["payload": payload(registry, telemetry)])
  }

  package static func advancement(
    to epoch: Epoch, _ registry: RegistrySnapshot?, _ telemetry: TelemetrySnapshot?
  ) -> ControlCall {
    ControlCall(.epochAdvancement, ["epoch": .integer(epoch.value), "payload": payload(registry, telemetry)])
  }

  package static func rewards(_ epoch: Epoch) -> ControlCall {
    ControlCall(.nodRewards, ["epoch": .integer(epoch.value)])
  }

  private static func payload(_ registry: RegistrySnapshot?, _ telemetry: TelemetrySnapshot?) -> JSONValue {
    .members(["registry_snapshot": registry?.json ?? .null, "telemetry_snapshot": telemetry?.json ?? .null])
  }

  /// The type by name; empty where a call read from a file has none.
  package var type: [UInt8] { json["event_type"]?.stringBytes ?? [] }

  /// The node that the call is about, if it is about one.
  package var nodeID: [UInt8]? { json["node_id"]?.stringBytes }

  /// One line.
  package var text: [UInt8] { JSONFormat.line.encode(.object(json)) }
}

extension RegistrySnapshot {
  /// What verification looks at, as a snapshot that says the same.
  package var json: JSONValue {
    SnapshotText.snapshot(
      nodes?.sorted { $0.key < $1.key }.map { id, node in
        (
          id,
          [
            ("revoked", node.isRevoked ? .boolean(true) : nil),
            ("pqc_public_key", node.publicKey.map(JSONValue.string)),
            ("pqc_scheme", node.scheme.map(JSONValue.string)),
          ]
        )
      }, [])
  }
}

extension TelemetrySnapshot {
  /// What verification looks at, as a snapshot that says the same.
  package var json: JSONValue {
    SnapshotText.snapshot(
      nodes?.sorted { $0.key < $1.key }.map { id, node in
        (
          id,
          [
            ("uptime_ratio", node.uptimeRatio.map(JSONValue.decimal)),
            ("health_score", node.healthScore.map(JSONValue.decimal)),
            ("conflict_detected", node.isInConflict ? .boolean(true) : nil),
          ]
        )
      },
      [
        ("schema_version", schemaVersion.map(JSONValue.string)),
        ("telemetry_hash", telemetryHash.map(JSONValue.string)),
      ])
  }
}

/// Snapshots as JSON, absent members left out.
private enum SnapshotText {
  typealias Members = [(name: String, value: JSONValue?)]

  static func snapshot(_ nodes: [(id: Identifier, members: Members)]?, _ members: Members) -> JSONValue {
    let listed = nodes.map { nodes in
      JSONValue.object(JSONObject(nodes.map { ($0.id.bytes, object($0.members)) }))
    }
    return object([("nodes", listed)] + members)
  }

  private static func object(_ members: Members) -> JSONValue {
    .object(JSONObject(members.compactMap { name, value in value.map { (Array(name.utf8), $0) } }))
  }
}
