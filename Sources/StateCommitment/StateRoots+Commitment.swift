package import StorageProtocol

extension StateRoots {
  /// The commitment to a state: its three trees and its counters (protocol.md 12, `state_root`).
  package init(objects: Digest, nodes: Digest, log: Digest, summary: StateSummary) {
    var text = CommitmentEncoding(Array("eqm-state/1".utf8))
    text.append(objects)
    text.append(nodes)
    text.append(log)
    text.append(summary.objectCount)
    text.append(summary.shardCount)
    text.append(summary.nodeCount)
    text.append(summary.currentEpoch.value)
    text.append(summary.totalAtrFees)
    text.append(summary.totalNodRewards)
    text.append(summary.eventLogCount)
    self.init(state: Digest.sha256(text.bytes), objects: objects, nodes: nodes, log: log)
  }

  /// The root of a fresh engine: what a replay starts from.
  package static var empty: StateRoots {
    StateRoots(objects: .zero, nodes: .zero, log: LogTree().root, summary: .empty)
  }
}

extension StateSummary {
  /// The counters of a fresh engine.
  package static var empty: StateSummary {
    StateSummary(
      nodeCount: 0, objectCount: 0, shardCount: 0, currentEpoch: Epoch(0), totalAtrFees: .zero,
      totalNodRewards: .zero, eventLogCount: 0)
  }
}
