internal import StorageProtocol

/// Reads a control entry that emits no event, and snapshots (protocol.md 6): few enough that they are read as JSON values.
struct ControlForm {
  let entry: JSONObject

  /// - Throws: a wrong form.
  func control(_ type: EventType) throws(EntryFault) -> ControlEntry {
    switch type {
    case .nodeUnregistration: return .unregistration(try identifier(entry, "node_id"))
    case .nodeStatus: return try status()
    case .nodeUptime: return try uptime()
    case .aegisContext: return try context()
    case .nodRewards: return .rewards(Epoch(try requiredEpoch()))
    case .nodeRegistration, .epochAdvancement, .store, .proofGenerated, .proofFailed, .read, .getProof, .listObjects:
      preconditionFailure("\(type.rawValue) is read by its columns")
    }
  }

  private func status() throws(EntryFault) -> ControlEntry {
    let nodeID = try identifier(entry, "node_id")
    guard let status = NodeStatus(name: try identifier(entry, "status").bytes) else { throw .status }
    return .status(nodeID, status)
  }

  private func uptime() throws(EntryFault) -> ControlEntry {
    let nodeID = try identifier(entry, "node_id")
    guard let value = entry["uptime_bucket"]?.withShortestIntegers, value.isInteger, case .number(let digits) = value,
      digits.first != UInt8(ascii: "-")
    else { throw .notNatural("uptime_bucket") }
    guard let integer = value.integer(as: UInt128.self), let bucket = try? BigNum128(integer: integer) else {
      throw .arithmetic(.overflow)
    }
    return .uptime(nodeID, bucket)
  }

  private func context() throws(EntryFault) -> ControlEntry {
    let payload = try payload()
    guard let registry = ControlForm.given(payload, "registry_snapshot"),
      let telemetry = ControlForm.given(payload, "telemetry_snapshot")
    else { throw .snapshotMissing }
    return .aegisContext(try RegistrySnapshot(registry), try TelemetrySnapshot(telemetry))
  }

  /// The snapshots in an EPOCH_ADVANCEMENT's payload.
  func advancementSnapshots() throws(EntryFault) -> (registry: RegistrySnapshot?, telemetry: TelemetrySnapshot?) {
    let payload = try payload()
    // The epoch's form is tested before that of the snapshots.
    _ = try requiredEpoch()
    var snapshots: (registry: RegistrySnapshot?, telemetry: TelemetrySnapshot?) = (nil, nil)
    if let json = ControlForm.given(payload, "registry_snapshot") { snapshots.registry = try RegistrySnapshot(json) }
    if let json = ControlForm.given(payload, "telemetry_snapshot") { snapshots.telemetry = try TelemetrySnapshot(json) }
    return snapshots
  }

  // MARK: Fields

  private func identifier(_ object: JSONObject, _ name: String) throws(EntryFault) -> Identifier {
    guard let value = object[name] else { throw .missing(name) }
    guard let bytes = value.stringBytes else { throw .notString(name) }
    return Identifier(bytes: bytes)
  }

  private func signed(_ object: JSONObject, _ name: String) throws(EntryFault) -> Int64? {
    guard let value = object[name] else { return nil }
    guard let integer = value.integer(as: Int64.self) else { throw .notSigned64(name) }
    return integer
  }

  private func requiredEpoch() throws(EntryFault) -> Int64 {
    guard let epoch = try signed(entry, "epoch") else { throw .missing("epoch") }
    return epoch
  }

  private func payload() throws(EntryFault) -> JSONObject? {
    guard let value = entry["payload"], !value.isNull else { return nil }
    guard let payload = value.objectValue else { throw .notObject("payload") }
    return payload
  }

  /// A snapshot of the payload; nil where it is absent or null.
  private static func given(_ payload: JSONObject?, _ name: String) -> JSONValue? {
    guard let json = payload?[name], !json.isNull else { return nil }
    return json
  }
}
