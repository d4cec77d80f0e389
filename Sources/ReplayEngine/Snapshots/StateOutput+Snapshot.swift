internal import StateSnapshot
internal import StorageProtocol

extension StateOutput {
  /// Writes what another snapshot holds: the same bytes, if the same version of SQLite writes.
  ///
  /// - Throws: `.output`; `.snapshot`, `.input`.
  func finish(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) -> WrittenSnapshot {
    try copyEvents(of: snapshot)
    try writing { (writer) throws(DatabaseFailure) in
      try writer.append(snapshot.nodes)
      try writer.append(snapshot.checkpoints)
    }
    var objects = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try snapshot.objectsInKeyOrder() }
    while true {
      let object = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try objects.next() }
      guard let object else { break }
      try writing { (writer) throws(DatabaseFailure) in try writer.append(object) }
    }
    return try finish(snapshot.commitment)
  }

  private func copyEvents(of snapshot: VerifiedSnapshot) throws(ReplayFailure) {
    var events = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try snapshot.events() }
    while true {
      let event = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try events.next() }
      guard let event else { return }
      try writing { (writer) throws(DatabaseFailure) in
        try writer.append(eventIDs: [event.id], fields: event.fields, ends: [event.fields.count])
      }
    }
  }
}

extension SnapshotWriter {
  fileprivate func append(_ object: SnapshotObject) throws(DatabaseFailure) {
    try object.id.bytes.withUnsafeBufferPointer { (id) throws(DatabaseFailure) in
      let key = ObjectKey(id: UnsafeRawBufferPointer(id), version: object.version)
      try append(
        object: key, hashCommit: object.hashCommit, createdAtTick: object.createdAtTick, metadata: object.metadata,
        shardCount: object.currentShardCount, writer: object.writer)
      for (index, shard) in object.shards.enumerated() {
        try append(
          shard: index, of: key, id: shard.id, chunkBytes: shard.chunkBytes, merkleRoot: shard.merkleRoot,
          writer: shard.writer)
        for (place, node) in shard.assignedNodes.enumerated() {
          try append(replica: place, ofShard: index, of: key, node: node)
        }
      }
    }
  }
}
