package import StorageProtocol

extension SnapshotWriter {
  /// Appends the next events of the log.
  ///
  /// - Parameters:
  ///   - fields: the canonical JSON of each event, one behind the other.
  ///   - ends: where each of them ends.
  package func append(eventIDs: [Digest], fields: [UInt8], ends: [Int]) throws(DatabaseFailure) {
    let events = rows(.events)
    var start = 0
    for (id, end) in zip(eventIDs, ends) {
      try events.append { (row) in
        row.append(events.rowCount)
        row.append(id)
        // `start..<end` lies inside the text: it is one event's.
        fields.withUnsafeBytes { row.append(text: UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
      }
      start = end
    }
  }

  /// Appends all nodes, in the order of their ids.
  package func append(_ nodes: [StorageNode]) throws(DatabaseFailure) {
    for node in nodes {
      try rows(.nodes).append { (row) in
        row.append(node.id)
        row.append(node.host)
        row.append(node.port)
        row.append(text: node.status.rawValue)
        row.append(node.uptimeBucket)
        row.append(node.bytesStored)
        row.append(node.proofsVerified)
        row.append(Int64(node.isAegisVerified ? 1 : 0))
        row.append(node.aegisVerificationEpoch.value)
      }
    }
  }

  /// Appends all checkpoints, in log order.
  package func append(_ checkpoints: [Checkpoint]) throws(DatabaseFailure) {
    for checkpoint in checkpoints {
      let epochs = rows(.epochs)
      try epochs.append { (row) in
        row.append(epochs.rowCount)
        row.append(checkpoint.ordinal.value)
        row.append(checkpoint.summary.currentEpoch.value)
        row.append(checkpoint.summary.eventLogCount)
        row.append(checkpoint.logRoot)
        row.append(checkpoint.nodesRoot)
        row.append(checkpoint.summary.nodeCount)
        row.append(checkpoint.summary.objectCount)
        row.append(checkpoint.summary.shardCount)
        row.append(checkpoint.summary.totalAtrFees)
        row.append(checkpoint.summary.totalNodRewards)
      }
    }
  }

  /// Appends an object; they come in the order of their ids, then of their versions as signed numbers.
  ///
  /// - Parameters:
  ///   - metadata: canonical JSON; nil where nobody knows it.
  ///   - shardCount: chunks of the current content.
  package func append(
    object: ObjectKey, hashCommit: Digest, createdAtTick: Tick, metadata: [UInt8]?, shardCount: Int, writer: Digest
  ) throws(DatabaseFailure) {
    try rows(.objects).append { (row) in
      object.append(to: &row)
      row.append(hashCommit)
      row.append(createdAtTick.value)
      if let metadata { row.append(text: metadata) } else { row.appendNull() }
      row.append(Int64(shardCount))
      row.append(writer)
    }
  }

  /// Appends a shard; they come by object, then index.
  ///
  /// - Parameter merkleRoot: nil where nobody knows it.
  package func append(
    shard index: Int, of object: ObjectKey, id: Digest, chunkBytes: UInt64, merkleRoot: Digest?, writer: Digest
  ) throws(DatabaseFailure) {
    try rows(.shards).append { (row) in
      object.append(to: &row)
      row.append(Int64(index))
      row.append(id)
      row.append(chunkBytes)
      if let merkleRoot { row.append(merkleRoot) } else { row.appendNull() }
      row.append(writer)
    }
  }

  /// Appends a replica; they come by shard, then place.
  package func append(
    replica place: Int, ofShard index: Int, of object: ObjectKey, node: Identifier
  ) throws(DatabaseFailure) {
    try rows(.replicas).append { (row) in
      object.append(to: &row)
      row.append(Int64(index))
      row.append(Int64(place))
      row.append(node)
    }
  }

  /// What rows of one object begin with.
  package struct ObjectKey {
    let id: UnsafeRawBufferPointer
    let version: UInt64

    /// - Parameter id: stays where it is as long as rows of the object are appended.
    package init(id: UnsafeRawBufferPointer, version: ObjectVersion) {
      self.id = id
      self.version = version.value
    }

    func append(to row: inout RowText) {
      row.append(blob: id)
      row.append(version)
    }
  }
}
