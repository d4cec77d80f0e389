/// An object version and every shard that exists under it (protocol.md 4).
package struct StoredObject: Equatable, Sendable {
  package struct Shard: Equatable, Sendable {
    package let id: Digest
    package let chunkBytes: UInt64
    package let assignedNodes: [Identifier]
    /// Nil when the STORE that wrote it was carried.
    package let merkleRoot: Digest?
    /// The event of the STORE that wrote it.
    package let writer: Digest

    package init(id: Digest, chunkBytes: UInt64, assignedNodes: [Identifier], merkleRoot: Digest?, writer: Digest) {
      self.id = id
      self.chunkBytes = chunkBytes
      self.assignedNodes = assignedNodes
      self.merkleRoot = merkleRoot
      self.writer = writer
    }
  }

  /// The id of shard 0, which is the object's key in the commitment.
  package let key: Digest
  package let id: Identifier
  package let version: ObjectVersion
  package var hashCommit: Digest
  /// Nil when the STORE that wrote the object was carried.
  package var metadata: JSONObject?
  package var createdAtTick: Tick
  /// The event of the STORE that wrote the object.
  package var writer: Digest
  /// Chunks of the current content.
  package var currentShardCount: Int
  /// By index. Replacing never removes: those from ``currentShardCount`` on are orphans of earlier content.
  package var shards: [Shard]

  /// The ids of the current content's shards, in index order.
  package var shardIDs: [Digest] { shards.prefix(currentShardCount).map(\.id) }

  package init(
    key: Digest, id: Identifier, version: ObjectVersion, hashCommit: Digest, metadata: JSONObject?,
    createdAtTick: Tick, writer: Digest, currentShardCount: Int, shards: [Shard]
  ) {
    self.key = key
    self.id = id
    self.version = version
    self.hashCommit = hashCommit
    self.metadata = metadata
    self.createdAtTick = createdAtTick
    self.writer = writer
    self.currentShardCount = currentShardCount
    self.shards = shards
  }
}
