internal import StorageProtocol

/// The members of an entry that decoding looks at; the raw value is the place in a list of found members.
enum EntryField: Int, CaseIterable {
  // The fields of an event, in canonical order.
  case atrCost, contentSize, epoch, errorCode, errorDetail, eventType, hashCommit, objectID, pqcSignature, replicaSets,
    shardIDs, timestampTick, version
  // The others.
  case eventID, payload, timestamp

  /// Fields that an event id hashes come first.
  static let eventFieldCount = StorageEvent.Field.allCases.count

  var name: StaticString {
    switch self {
    case .atrCost: "atr_cost"
    case .contentSize: "content_size"
    case .epoch: "epoch"
    case .errorCode: "error_code"
    case .errorDetail: "error_detail"
    case .eventType: "event_type"
    case .hashCommit: "hash_commit"
    case .objectID: "object_id"
    case .pqcSignature: "pqc_signature"
    case .replicaSets: "replica_sets"
    case .shardIDs: "shard_ids"
    case .timestampTick: "timestamp_tick"
    case .version: "version"
    case .eventID: "event_id"
    case .payload: "payload"
    case .timestamp: "timestamp"
    }
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
