internal import ControlPlan
internal import Hashing
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// The events of control entries, and what the others need: that they are applied.
  mutating func emitControls(_ batch: DecodedBatch, _ planned: PlannedBatch, _ derived: DerivedBatch) {
    for index in planned.controls.indices {
      let entry = planned.controls[index].entry
      guard entry < derived.count else { return }
      view.derived[entry].flags = [.isApplied]
      switch batch.controls[index].control {
      case .registration(let node): emitControl(entry, planned.controls[index].epoch, node, planned, derived)
      case .epochAdvancement: emitControl(entry, planned.controls[index].epoch, nil, planned, derived)
      case .unregistration, .status, .uptime, .aegisContext, .rewards: break
      }
    }
  }

  /// The event of an advancement, or of the registration of `node`: as recorded where the id proves that and its epoch is the
  /// log's, else derived and hashed in the last round. Of the fields the epoch alone is compared (protocol.md 9, step 2).
  private mutating func emitControl(
    _ entry: Int, _ epoch: Epoch, _ node: ControlEntry.NodeRegistration?, _ planned: PlannedBatch,
    _ derived: DerivedBatch
  ) {
    let record = view.entries + entry
    view.derived[entry].flags.insert(.emitsEvent)
    if record.pointee.flags.contains(.isEventDialect), record.pointee.flags.contains(.hasEpoch) {
      view.derived[entry].flags.insert(.isCompared)
      guard record.pointee.epoch == epoch.value else {
        return compareControl(entry, epoch, node, planned.ordinal(of: entry), derived)
      }
    }
    if record.pointee.flags.contains(.hasEventID) { return view.derived[entry].emit(record) }
    let text = controlEvent(epoch, node)
    view.derived[entry].eventText = text
    view.work[entry].derivedEvent = laterRound.append(text.raw)
    hashedBytes += UInt64(text.count)
  }

  private mutating func compareControl(
    _ entry: Int, _ epoch: Epoch, _ node: ControlEntry.NodeRegistration?, _ ordinal: Ordinal, _ derived: DerivedBatch
  ) {
    let record = view.entries + entry
    finish(
      RecordComparison(
        recorded: EventFields(recordedIn: rereading.object(record.pointee.text)),
        derived: EventFields(recordedIn: rereading.object(controlEvent(epoch, node))),
        provenID: record.pointee.provenID, compared: [.epoch], ordinal: ordinal, epoch: epoch), entry, derived)
  }

  /// The canonical JSON of a control event (protocol.md 8).
  private mutating func controlEvent(_ epoch: Epoch, _ node: ControlEntry.NodeRegistration?) -> ByteView {
    var quoted: (host: [UInt8], nodeID: [UInt8]) = ([], [])
    if let node {
      JSONFormat.appendString(node.host.bytes, to: &quoted.host)
      JSONFormat.appendString(node.nodeID.bytes, to: &quoted.nodeID)
    }
    var text = TextWriter(&arena, capacity: 384 + quoted.host.count + quoted.nodeID.count)
    text.append(#"{"atr_cost":"0","content_size":0,"epoch":"#)
    text.append(epoch.value)
    text.append(#","error_code":null,"error_detail":null,"event_type":""#)
    text.append(node == nil ? "EPOCH_ADVANCEMENT" : "NODE_REGISTRATION")
    text.append(#"","hash_commit":null,"object_id":null,"pqc_signature":null,"replica_sets":{"#)
    if let node {
      text.append(#""host":"#)
      text.append(quoted.host)
      text.append(#","node_id":"#)
      text.append(quoted.nodeID)
      text.append(#","port":"#)
      text.append(node.port)
    }
    text.append(#"},"shard_ids":[],"timestamp_tick":0,"version":null}"#)
    return text.view(in: &arena)
  }
}

extension TextWriter {
  fileprivate mutating func append(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { if let start = $0.baseAddress { append(start, $0.count) } }
  }
}
