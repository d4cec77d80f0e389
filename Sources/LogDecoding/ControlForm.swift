internal import StorageProtocol

/// Reads a control entry (protocol.md 6): few enough that they are read as JSON values.
struct ControlForm {
  let entry: JSONObject

  /// - Throws: a wrong form; a record whose fields do not hash to its id.
  func control(_ type: EventType) throws(EntryFault) -> ControlEntry {
    switch type {
    case .nodeRegistration: return .registration(try registration())
    case .nodeUnregistration: return .unregistration(try identifier(entry, "node_id"))
    case .nodeStatus: return try status()
    case .nodeUptime: return try uptime()
    case .aegisContext: return try context()
    case .epochAdvancement: return .epochAdvancement(try advancement())
    case .nodRewards: return .rewards(Epoch(try requiredEpoch()))
    case .store, .proofGenerated, .proofFailed, .read, .getProof, .listObjects:
      preconditionFailure("\(type.rawValue) is no control entry")
    }
  }

  private func registration() throws(EntryFault) -> ControlEntry.NodeRegistration {
    guard let sets = entry["replica_sets"] else { return try registration(of: entry, isRecorded: false) }
    guard let fields = sets.objectValue else { throw .notObject("replica_sets") }
    _ = try signed(entry, "epoch")
    return try registration(of: fields, isRecorded: true)
  }

  private func registration(
    of fields: JSONObject, isRecorded: Bool
  ) throws(EntryFault) -> ControlEntry.NodeRegistration {
    let nodeID = try identifier(fields, "node_id")
    let host = fields["host"] == nil ? Identifier("localhost") : try identifier(fields, "host")
    let port = try signed(fields, "port") ?? 8080
    return ControlEntry.NodeRegistration(
      nodeID: nodeID, host: host, port: port, recorded: isRecorded ? try recorded() : nil)
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

  private func advancement() throws(EntryFault) -> ControlEntry.EpochAdvancement {
    let payload = try payload()
    let epoch = Epoch(try requiredEpoch())
    var registry: RegistrySnapshot?
    var telemetry: TelemetrySnapshot?
    if let json = ControlForm.given(payload, "registry_snapshot") { registry = try RegistrySnapshot(json) }
    if let json = ControlForm.given(payload, "telemetry_snapshot") { telemetry = try TelemetrySnapshot(json) }
    return ControlEntry.EpochAdvancement(
      epoch: epoch, registry: registry, telemetry: telemetry,
      recorded: entry["replica_sets"] == nil ? nil : try recorded())
  }

  // MARK: Fields

  /// The recorded event. - Throws: `SE_ERR_INTEGRITY_MISMATCH`.
  private func recorded() throws(EntryFault) -> RecordedControl {
    let fields = EventFields(recordedIn: entry)
    return RecordedControl(fields: fields, proven: try fields.proven(by: entry["event_id"]))
  }

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

extension EventFields {
  /// The event that these fields are, if `id` is there.
  ///
  /// - Throws: `SE_ERR_INTEGRITY_MISMATCH` where a field is missing or the id is another.
  fileprivate func proven(by id: JSONValue?) throws(EntryFault) -> StorageEvent? {
    guard let id else { return nil }
    guard isComplete else { throw .recordIncomplete }
    let event = StorageEvent(self)
    guard id == .hexadecimal(event.id) else { throw .eventID }
    return event
  }
}
