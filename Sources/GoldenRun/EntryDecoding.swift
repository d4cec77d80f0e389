internal import LogReading
internal import StorageProtocol

/// Turns the text of an entry into a ``LogEntry``: JSON faults, then the type, then the form of the fields
/// (protocol.md 10, order of tests).
struct EntryDecoding {
  let configuration: ReplayConfiguration

  /// - Throws: a fault that rejects the entry.
  func decode(_ value: JSONValue) throws(EntryFault) -> LogEntry {
    guard let object = value.objectValue else { throw EntryFault.entryNotObject }
    let form = EntryForm(object: object)
    guard let name = object["event_type"] else { throw EntryFault.missing("event_type") }
    guard let name = name.stringBytes else { throw EntryFault.notString("event_type") }
    guard let type = EventType(name: name) else { return .unsupported(Identifier(bytes: name)) }
    switch type {
    case .read, .getProof, .listObjects: return .acknowledged
    case .store: return .store(try store(form))
    case .proofGenerated: return .proofGenerated(try proofGenerated(form))
    case .proofFailed: return .proofFailed(try proofFailed(form))
    case .nodeRegistration: return .nodeRegistration(try nodeRegistration(form))
    case .nodeUnregistration: return .nodeUnregistration(try form.identifier("node_id"))
    case .nodeStatus: return try nodeStatus(form)
    case .nodeUptime: return try nodeUptime(form)
    case .aegisContext: return try aegisContext(form)
    case .epochAdvancement: return .epochAdvancement(try epochAdvancement(form))
    case .nodRewards: return .nodRewards(Epoch(try form.signed("epoch")))
    }
  }

  // MARK: Proofs

  private func proofGenerated(_ form: EntryForm) throws(EntryFault) -> ProofEntry {
    let objectID = try form.identifier("object_id")
    let version = try form.version()
    _ = try form.signedIfPresent("epoch")
    _ = try form.hashCommitIfPresent(allowsNull: true)
    guard let sets = try form.replicaSetsIfPresent(), let requested = sets.first, sets.count == 1 else {
      throw EntryFault.requestedShards
    }
    return ProofEntry(
      redactedObjectID: objectID.bytes, version: version, requestedShard: requested.shardID,
      nodes: requested.nodes, shardIDs: try form.shardIDsIfPresent() ?? [],
      recorded: RecordedEvent(in: form.object))
  }

  private func proofFailed(_ form: EntryForm) throws(EntryFault) -> ProofEntry {
    let objectID = try form.identifier("object_id")
    let version = try form.version()
    _ = try form.signedIfPresent("epoch")
    return ProofEntry(
      redactedObjectID: objectID.bytes, version: version, requestedShard: nil, nodes: [], shardIDs: [],
      recorded: RecordedEvent(in: form.object))
  }

  // MARK: The control plane

  private func nodeRegistration(_ form: EntryForm) throws(EntryFault) -> NodeRegistrationEntry {
    guard let replicaSets = form.object["replica_sets"] else {
      return try nodeRegistration(fields: form, recorded: nil)
    }
    guard let object = replicaSets.objectValue else {
      throw EntryFault.notObject("replica_sets")
    }
    _ = try form.signedIfPresent("epoch")
    return try nodeRegistration(fields: EntryForm(object: object), recorded: RecordedEvent(in: form.object))
  }

  private func nodeRegistration(
    fields: EntryForm, recorded: RecordedEvent?
  ) throws(EntryFault) -> NodeRegistrationEntry {
    NodeRegistrationEntry(
      nodeID: try fields.identifier("node_id"), host: try fields.identifier("host", default: "localhost"),
      port: try fields.signedIfPresent("port") ?? 8080, recorded: recorded)
  }

  private func nodeStatus(_ form: EntryForm) throws(EntryFault) -> LogEntry {
    let nodeID = try form.identifier("node_id")
    guard let status = NodeStatus(name: try form.identifier("status").bytes) else {
      throw EntryFault.status
    }
    return .nodeStatus(nodeID, status)
  }

  private func nodeUptime(_ form: EntryForm) throws(EntryFault) -> LogEntry {
    let nodeID = try form.identifier("node_id")
    guard let value = form.object["uptime_bucket"], value.isInteger,
      case .number(let digits) = value.withShortestIntegers, digits.first != UInt8(ascii: "-")
    else { throw EntryFault.notNatural("uptime_bucket") }
    return .nodeUptime(nodeID, uptimeBucket: UptimeBucket(digits: digits))
  }

  private func aegisContext(_ form: EntryForm) throws(EntryFault) -> LogEntry {
    let payload = try form.payload()
    guard let registry = EntryDecoding.given(payload, "registry_snapshot"),
      let telemetry = EntryDecoding.given(payload, "telemetry_snapshot")
    else { throw EntryFault.snapshotMissing }
    return .aegisContext(try RegistrySnapshot(registry), try TelemetrySnapshot(telemetry))
  }

  private func epochAdvancement(_ form: EntryForm) throws(EntryFault) -> EpochAdvancementEntry {
    let payload = try form.payload()
    let isEvent = form.object["replica_sets"] != nil
    let epoch = Epoch(try form.signed("epoch"))
    let registry = EntryDecoding.given(payload, "registry_snapshot")
    let telemetry = EntryDecoding.given(payload, "telemetry_snapshot")
    return EpochAdvancementEntry(
      epoch: epoch, registry: try registry.map { (json) throws(EntryFault) in try RegistrySnapshot(json) },
      telemetry: try telemetry.map { (json) throws(EntryFault) in try TelemetrySnapshot(json) },
      recorded: isEvent ? RecordedEvent(in: form.object) : nil)
  }

  /// A snapshot of the payload; nil where it is absent or null.
  private static func given(_ payload: JSONObject?, _ name: String) -> JSONValue? {
    guard let json = payload?[name], !json.isNull else { return nil }
    return json
  }
}
