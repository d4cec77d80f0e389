/// The members of an entry that decoding looks at; the raw value is the place in a list of found members.
///
/// In the order in which a live engine writes them: members are found fastest in that order.
enum EntryField: Int, CaseIterable {
  case eventType, epoch, timestampTick, objectID, version, hashCommit, contentSize, shardIDs, replicaSets, atrCost,
    pqcSignature, errorCode, errorDetail, eventID, payload, timestamp

  var name: StaticString {
    switch self {
    case .eventType: "event_type"
    case .epoch: "epoch"
    case .timestampTick: "timestamp_tick"
    case .objectID: "object_id"
    case .version: "version"
    case .hashCommit: "hash_commit"
    case .contentSize: "content_size"
    case .shardIDs: "shard_ids"
    case .replicaSets: "replica_sets"
    case .atrCost: "atr_cost"
    case .pqcSignature: "pqc_signature"
    case .errorCode: "error_code"
    case .errorDetail: "error_detail"
    case .eventID: "event_id"
    case .payload: "payload"
    case .timestamp: "timestamp"
    }
  }
}

extension CanonicalMembers {
  /// The 13 fields of an event.
  static func event() -> CanonicalMembers {
    let keys: [(EntryField, StaticString)] = [
      (.atrCost, #"{"atr_cost":"#), (.contentSize, #","content_size":"#), (.epoch, #","epoch":"#),
      (.errorCode, #","error_code":"#), (.errorDetail, #","error_detail":"#), (.eventType, #","event_type":"#),
      (.hashCommit, #","hash_commit":"#), (.objectID, #","object_id":"#), (.pqcSignature, #","pqc_signature":"#),
      (.replicaSets, #","replica_sets":"#), (.shardIDs, #","shard_ids":"#), (.timestampTick, #","timestamp_tick":"#),
      (.version, #","version":"#),
    ]
    return CanonicalMembers(keys.map { ($0.0.rawValue, $0.1) })
  }
}

/// The members of a STORE's payload that decoding looks at.
enum PayloadField: Int, CaseIterable {
  case metadata, content

  var name: StaticString {
    switch self {
    case .metadata: "metadata"
    case .content: "content"
    }
  }
}

/// The members of a registration, or of its replica sets, that say which node it is.
enum RegistrationField: Int, CaseIterable {
  case host, nodeID, port

  var name: StaticString {
    switch self {
    case .host: "host"
    case .nodeID: "node_id"
    case .port: "port"
    }
  }
}

/// The members of an archive's payload that say where its content is.
enum ReferenceField: Int, CaseIterable {
  case pack, offset, stored, size

  var name: StaticString {
    switch self {
    case .pack: "pack"
    case .offset: "offset"
    case .stored: "stored"
    case .size: "size"
    }
  }
}
