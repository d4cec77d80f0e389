internal import StateCommitment
package import StorageProtocol

/// An object version and every shard that exists under it (protocol.md 4).
package struct GoldenObject: Equatable, Sendable {
  package struct Shard: Equatable, Sendable {
    package let id: Digest
    package let chunkBytes: UInt64
    package let assignedNodes: [Identifier]
    /// Nil when the STORE that wrote it was carried.
    package let merkleRoot: Digest?
    /// The event of the STORE that wrote it.
    package let writer: Digest
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

  var committed: CommittedObject {
    CommittedObject(
      key: key, writer: writer, currentShardCount: currentShardCount,
      shards: shards.map { CommittedObject.Shard(merkleRoot: $0.merkleRoot, writer: $0.writer) })
  }
}

/// The state of protocol.md 4, the eligible-node cache and the event log's tree included: what a rejected entry must
/// leave exactly as it was.
package struct GoldenState: Equatable, Sendable {
  var control = ControlPlane()
  /// By key K: distinct object versions have distinct keys (protocol.md 12).
  var objects: [Digest: GoldenObject] = [:]
  var shardCount: UInt64 = 0
  var totalAtrFees = BigNum128.zero
  var totalNodRewards = BigNum128.zero
  var eventLog = LogTree()

  /// The objects by id bytes, then version.
  var sortedObjects: [GoldenObject] { objects.values.sorted { ($0.id, $0.version) < ($1.id, $1.version) } }

  /// The counters.
  var summary: StateSummary {
    StateSummary(
      nodeCount: UInt64(control.nodes.count), objectCount: UInt64(objects.count), shardCount: shardCount,
      currentEpoch: control.currentEpoch, totalAtrFees: totalAtrFees, totalNodRewards: totalNodRewards,
      eventLogCount: eventLog.count)
  }

  var nodesRoot: Digest { SparseTree.root(of: control.sortedNodes.map(\.leaf)) }

  /// The commitment to the state.
  var roots: StateRoots {
    StateRoots(
      // By key, so that the tree finds its leaves in order: comparing ids for that would be wasted.
      objects: SparseTree.root(of: objects.values.sorted { $0.key < $1.key }.map(\.committed.leaf)), nodes: nodesRoot,
      log: eventLog.root,
      summary: summary)
  }
}
