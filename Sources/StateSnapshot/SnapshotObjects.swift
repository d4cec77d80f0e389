internal import StorageProtocol

/// Objects of a snapshot with their shards, one at a time, by id bytes, then version.
package struct SnapshotObjects: ~Copyable {
  private var objects: TableScan
  private var shards: TableScan
  private var replicas: TableScan

  /// - Parameters:
  ///   - id: of the only object that is wanted; nil for all.
  ///   - isKeyOrder: whether versions come as the signed numbers that keys have, not as the unsigned ones they are.
  init(
    _ connection: SnapshotConnection, of id: Identifier? = nil, isKeyOrder: Bool = false
  ) throws(SnapshotFault) {
    let versions = isKeyOrder ? "version" : "version < 0, version"
    let order = "\(id == nil ? "" : "WHERE object_id = ?1") ORDER BY object_id, \(versions)"
    let objects = try connection.scan(.objects, "SELECT * FROM objects \(order)")
    var shards = try connection.scan(.shards, "SELECT * FROM shards \(order), shard_index")
    var replicas = try connection.scan(.replicas, "SELECT * FROM replicas \(order), shard_index, replica_index")
    if let id {
      objects.bind(id.bytes, to: 1)
      shards.bind(id.bytes, to: 1)
      replicas.bind(id.bytes, to: 1)
    }
    try shards.next()
    try replicas.next()
    self.objects = objects
    self.shards = shards
    self.replicas = replicas
  }

  /// The next object; nil behind the last.
  package mutating func next() throws(SnapshotFault) -> SnapshotObject? {
    guard try objects.next() else { return nil }
    var object = try SnapshotObject(objects)
    while try object.owns(shards) {
      let shard = try shard(of: object)
      object.shards.append(shard)
      try shards.next()
    }
    return object
  }

  private mutating func shard(of object: SnapshotObject) throws(SnapshotFault) -> StoredObject.Shard {
    var nodes: [Identifier] = []
    while try object.owns(replicas), try replicas.integer(2) == shards.integer(2) {
      nodes.append(Identifier(bytes: try replicas.blob(4)))
      try replicas.next()
    }
    return StoredObject.Shard(
      id: try shards.digest(3), chunkBytes: try shards.count(4), assignedNodes: nodes,
      merkleRoot: shards.isNull(5) ? nil : try shards.digest(5), writer: try shards.digest(6))
  }
}

/// Events of a snapshot, one at a time, in log order.
package struct SnapshotEvents: ~Copyable {
  private var events: TableScan

  init(_ connection: SnapshotConnection, in range: Range<UInt64>) throws(SnapshotFault) {
    events = try connection.scan(
      .events, "SELECT * FROM events WHERE event_number >= ?1 AND event_number < ?2 ORDER BY event_number")
    events.bind(Int64(range.lowerBound), to: 1)
    events.bind(Int64(range.upperBound), to: 2)
  }

  /// The next event; nil behind the last.
  package mutating func next() throws(SnapshotFault) -> SnapshotEvent? {
    try events.next() ? try SnapshotEvent(events) : nil
  }
}
