internal import StorageProtocol

/// An entry of either dialect whose form is right (protocol.md 9): what the log says, nothing derived yet.
enum LogEntry {
  case store(StoreEntry)
  case proofGenerated(ProofEntry)
  case proofFailed(ProofEntry)
  case nodeRegistration(NodeRegistrationEntry)
  case nodeUnregistration(Identifier)
  case nodeStatus(Identifier, NodeStatus)
  case nodeUptime(Identifier, uptimeBucket: UptimeBucket)
  case aegisContext(RegistrySnapshot, TelemetrySnapshot)
  case epochAdvancement(EpochAdvancementEntry)
  case nodRewards(Epoch)
  /// A public read.
  case acknowledged
  /// An event type nobody knows.
  case unsupported(Identifier)
}

struct StoreEntry {
  enum Source {
    /// Runbook dialect: placeholder bytes.
    case placeholder
    case payload(content: [UInt8])
    /// Event dialect without a payload: hash and cost are as recorded.
    case carried(hashCommit: Digest, atrCost: [UInt8])
  }

  let objectID: Identifier
  let version: ObjectVersion
  let tick: Tick
  let contentBytes: UInt64
  let source: Source
  /// Empty for a carried STORE: nobody knows.
  let metadata: JSONObject
  /// Nil in the runbook dialect.
  let recorded: RecordedEvent?
}

struct ProofEntry {
  /// 16 hexadecimal digits in place of the id (protocol.md 7).
  let redactedObjectID: [UInt8]
  let version: ObjectVersion
  /// The shard that was asked for; nil in a PROOF_FAILED.
  let requestedShard: [UInt8]?
  /// The nodes recorded for the requested shard.
  let nodes: [Identifier]
  let shardIDs: [[UInt8]]
  let recorded: RecordedEvent
}

struct NodeRegistrationEntry {
  let nodeID: Identifier
  let host: Identifier
  let port: Int64
  let recorded: RecordedEvent?
}

struct EpochAdvancementEntry {
  let epoch: Epoch
  let registry: RegistrySnapshot?
  let telemetry: TelemetrySnapshot?
  let recorded: RecordedEvent?
}

/// The value of a NODE_UPTIME: any integer ≥ 0, so possibly too large for a ``BigNum128``.
struct UptimeBucket {
  let digits: [UInt8]
}

/// What an entry of the event dialect recorded of its event.
struct RecordedEvent {
  let fields: EventFields
  let eventID: JSONValue?

  init(in entry: JSONObject) {
    fields = EventFields(recordedIn: entry)
    eventID = entry["event_id"]
  }

  /// Returns the event that the record proves: all 13 fields, which hash to the recorded id (protocol.md 9, step 1); nil
  /// where no id is recorded.
  ///
  /// - Throws: `SE_ERR_INTEGRITY_MISMATCH`.
  func provenEvent() throws(EntryFault) -> StorageEvent? {
    guard let eventID else { return nil }
    guard fields.isComplete else {
      throw EntryFault.recordIncomplete
    }
    let event = StorageEvent(fields)
    guard eventID.stringBytes == event.id.hexadecimalBytes else {
      throw EntryFault.eventID
    }
    return event
  }
}
