internal import Hashing
internal import StorageProtocol

/// Control entries (protocol.md 6). Those that emit events, of which a log may be full, are read by their columns; the others, and
/// snapshots, as JSON values.
extension EntryDecoder {
  mutating func decodeControl(
    _ type: EventType, _ record: UnsafeMutablePointer<EntryRecord>, into batch: DecodedBatch
  ) throws(EntryFault) {
    let control: ControlEntry =
      switch type {
      case .nodeRegistration: .registration(try registration(record))
      case .epochAdvancement: .epochAdvancement(try advancement(record))
      default: try controlForm().control(type)
      }
    if record.pointee.flags.contains(.isEventDialect) { try decodeControlEvent(record, batch.count - 1) }
    record.pointee.kind = .control
    record.pointee.control = UInt32(batch.controls.count)
    batch.controls.append((batch.count - 1, control))
  }

  private func controlForm() throws(EntryFault) -> ControlForm {
    guard let entry = tape.value(0).objectValue else { throw .entryNotObject }
    return ControlForm(entry: entry)
  }

  /// Of the event dialect where there are replica sets: they hold the node then.
  private mutating func registration(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault)
    -> ControlEntry.NodeRegistration
  {
    var fields: JSONTape.Node = 0
    if let sets = member(.replicaSets) {
      guard tape.isObject(sets) else { throw .notObject("replica_sets") }
      try decodeEpoch(record)
      record.pointee.flags.insert(.isEventDialect)
      fields = sets
    }
    // One slot a name.
    let (nodeID, host, port) = withUnsafeTemporaryAllocation(
      of: JSONTape.Node.self, capacity: RegistrationField.allCases.count
    ) { values in
      guard let found = values.baseAddress else { preconditionFailure("slots were asked for") }
      tape.find(registrationNames, in: fields, found)
      return (
        found[RegistrationField.nodeID.rawValue], found[RegistrationField.host.rawValue],
        found[RegistrationField.port.rawValue]
      )
    }
    guard nodeID != 0 else { throw .missing("node_id") }
    return ControlEntry.NodeRegistration(
      nodeID: try identifier(nodeID, "node_id"),
      host: host == 0 ? Identifier("localhost") : try identifier(host, "host"),
      port: port == 0 ? 8080 : try signed(port, "port"))
  }

  private mutating func identifier(_ node: JSONTape.Node, _ name: String) throws(EntryFault) -> Identifier {
    guard tape.isString(node) else { throw .notString(name) }
    return Identifier(bytes: tape.bytes(node, &arena).array)
  }

  private func signed(_ node: JSONTape.Node, _ name: String) throws(EntryFault) -> Int64 {
    guard let value = tape.signed(node) else { throw .notSigned64(name) }
    return value
  }

  private mutating func advancement(_ record: UnsafeMutablePointer<EntryRecord>) throws(EntryFault)
    -> ControlEntry.EpochAdvancement
  {
    var snapshots: (registry: RegistrySnapshot?, telemetry: TelemetrySnapshot?) = (nil, nil)
    if let payload = member(.payload), !tape.isNull(payload) { snapshots = try controlForm().advancementSnapshots() }
    try decodeEpoch(record)
    guard record.pointee.flags.contains(.hasEpoch) else { throw .missing("epoch") }
    if member(.replicaSets) != nil { record.pointee.flags.insert(.isEventDialect) }
    return ControlEntry.EpochAdvancement(
      epoch: Epoch(record.pointee.epoch), registry: snapshots.registry, telemetry: snapshots.telemetry)
  }

  // MARK: Recorded events

  /// Keeps the event that an entry recorded, and its id for ``proveControls(_:)``.
  ///
  /// - Throws: `SE_ERR_INTEGRITY_MISMATCH` where an id cannot be that of the fields.
  private mutating func decodeControlEvent(_ record: UnsafeMutablePointer<EntryRecord>, _ entry: Int) throws(EntryFault)
  {
    decodeRecordedEvent(record)
    guard record.pointee.flags.contains(.hasEventID) else { return }
    guard record.pointee.flags.contains(.recordIsComplete) else { throw .recordIncomplete }
    guard record.pointee.flags.contains(.eventIDIsDigest) else { throw .eventID }
    controlEvents.append(record.pointee.eventText.raw)
    recordedControls.append(entry)
  }

  /// Checks the recorded events of a batch's control entries against their ids, all of them side by side: before plan, which an
  /// entry that is rejected must not reach. Entries that the batch has no more, behind a content that is not there, are none of its.
  mutating func proveControls(_ batch: DecodedBatch) {
    guard !recordedControls.isEmpty else { return }
    controlEvents.hash()
    var refuted: [Int] = []
    for (slot, entry) in recordedControls.enumerated()
    where entry < batch.count && controlEvents.digest(slot) != batch.records[entry].eventID { refuted.append(entry) }
    if !refuted.isEmpty { batch.reject(controls: refuted, .eventID) }
    controlEvents.removeAll()
    recordedControls.removeAll(keepingCapacity: true)
  }
}
