internal import StateCommitment
internal import StorageProtocol

extension StoredObject {
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
  var objects: [Digest: StoredObject] = [:]
  var shardCount: UInt64 = 0
  var totalAtrFees = BigNum128.zero
  var totalNodRewards = BigNum128.zero
  var eventLog = LogTree()

  /// The objects by id bytes, then version.
  var sortedObjects: [StoredObject] { objects.values.sorted { ($0.id, $0.version) < ($1.id, $1.version) } }

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
