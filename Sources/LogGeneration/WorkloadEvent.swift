internal import StorageProtocol

/// An event of a workload: what its 13 fields say (protocol.md 8).
struct WorkloadEvent {
  enum ReplicaSets {
    /// The shards and their nodes; none for most control events.
    case shards
    /// What a NODE_REGISTRATION registers.
    case registration(node: Int)
  }

  /// A shard and the position of its first node among all nodes.
  struct Shard {
    let id: Digest
    let firstNode: Int
  }

  let type: EventType
  let epoch: Int
  var tick = 0
  var objectID: [UInt8]?
  var version: Int?
  var hashCommit: Digest?
  var contentBytes = 0
  /// By index.
  var shards: [Shard] = []
  var replicaSets = ReplicaSets.shards
  var atrCost = Array("0".utf8)

  init(_ type: EventType, epoch: Int) {
    self.type = type
    self.epoch = epoch
  }
}

/// How an event is written: the order of its fields, and blanks.
struct WorkloadForm {
  /// What is hashed: canonical JSON (protocol.md 3).
  static let canonical = WorkloadForm(StorageEvent.Field.allCases, blank: "", sortsShards: true)

  /// What a live engine logs.
  static let recorded = WorkloadForm(
    [
      .eventType, .epoch, .timestampTick, .objectID, .version, .hashCommit, .contentSize, .shardIDs, .replicaSets,
      .atrCost, .pqcSignature, .errorCode, .errorDetail,
    ], blank: " ", sortsShards: false)

  /// The fields in order, each with everything before its value.
  let fields: [(field: StorageEvent.Field, before: [UInt8])]
  let comma: [UInt8]
  let colon: [UInt8]
  /// Whether replica_sets are by shard id; else by index.
  let sortsShards: Bool

  private init(_ order: [StorageEvent.Field], blank: String, sortsShards: Bool) {
    comma = Array(",\(blank)".utf8)
    colon = Array(":\(blank)".utf8)
    self.sortsShards = sortsShards
    fields = order.enumerated().map { position, field in
      (field, Array("\(position == 0 ? "{" : ",\(blank)")\"\(field.rawValue)\":\(blank)".utf8))
    }
  }
}
