package import LogDecoding
package import ShardReplay
package import StorageProtocol

extension StoredObject {
  /// What a partition holds of an object.
  ///
  /// - Parameter nodeNames: every id ever registered, by number.
  package init(_ view: ObjectView, nodeNames: [Identifier], _ rereading: inout EntryRereading) {
    self.init(
      key: view.shardID(0), id: Identifier(bytes: Array(view.id)), version: view.version, hashCommit: view.hashCommit,
      metadata: view.metadata.map { $0.isEmpty ? JSONObject([]) : rereading.object($0) },
      createdAtTick: view.createdAtTick, writer: view.writer,
      currentShardCount: view.currentShardCount,
      shards: (0..<view.shardCount).map { index in
        let shard = view.shard(index)
        return Shard(
          id: view.shardID(index), chunkBytes: shard.chunkBytes, assignedNodes: view.nodes(ofShard: index, nodeNames),
          merkleRoot: shard.merkleRoot, writer: shard.writer)
      })
  }
}
