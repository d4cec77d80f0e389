package import StorageProtocol

/// The hashes that old evidence quotes (protocol.md 11).
///
/// They hash counters only: two different states with equal counters have equal legacy hashes.
package struct LegacyHashes: Equatable, Sendable {
  package let state: Digest
  package let evidence: Digest
  package let drill: Digest

  package init(_ summary: StateSummary) {
    let nodes = JSONValue.integer(summary.nodeCount)
    let objects = JSONValue.integer(summary.objectCount)
    let shards = JSONValue.integer(summary.shardCount)
    let epoch = JSONValue.integer(summary.currentEpoch.value)
    let fees = JSONValue.decimal(summary.totalAtrFees)
    let rewards = JSONValue.decimal(summary.totalNodRewards)
    let events = JSONValue.integer(summary.eventLogCount)
    state = LegacyHashes.hash([
      "current_epoch": epoch, "event_log_count": events, "node_count": nodes, "object_count": objects,
      "shard_count": shards, "total_atr_fees": fees, "total_nod_rewards": rewards,
    ])
    evidence = LegacyHashes.hash(["node_count": nodes, "object_count": objects, "shard_count": shards])
    drill = LegacyHashes.hash([
      "current_epoch": epoch, "node_count": nodes, "object_count": objects, "shard_count": shards,
      "storage_event_count": events, "total_atr_fees_collected": fees,
      "total_nod_rewards_distributed": rewards,
    ])
  }

  private static func hash(_ members: KeyValuePairs<String, JSONValue>) -> Digest {
    Digest.sha256(JSONFormat.spaced.encode(.members(members)))
  }
}
