/// The parts of a result as JSON: the same in result documents, evidence and golden traces (cli.md).
extension Checkpoint {
  package var json: JSONObject {
    JSONObject([
      "ordinal": .integer(ordinal.value), "epoch": .integer(summary.currentEpoch.value),
      "event_count": .integer(summary.eventLogCount), "log_root": .hexadecimal(logRoot),
      "nodes_root": .hexadecimal(nodesRoot), "node_count": .integer(summary.nodeCount),
      "object_count": .integer(summary.objectCount), "shard_count": .integer(summary.shardCount),
      "total_atr_fees": .decimal(summary.totalAtrFees), "total_nod_rewards": .decimal(summary.totalNodRewards),
    ])
  }
}

extension StateSummary {
  package var json: JSONObject {
    JSONObject([
      "node_count": .integer(nodeCount), "object_count": .integer(objectCount), "shard_count": .integer(shardCount),
      "current_epoch": .integer(currentEpoch.value), "total_atr_fees": .decimal(totalAtrFees),
      "total_nod_rewards": .decimal(totalNodRewards), "event_log_count": .integer(eventLogCount),
    ])
  }
}

extension StateRoots {
  package var json: JSONObject {
    JSONObject([
      "state_root": .hexadecimal(state), "objects_root": .hexadecimal(objects), "nodes_root": .hexadecimal(nodes),
      "log_root": .hexadecimal(log),
    ])
  }
}

extension StorageNode {
  package var json: JSONObject {
    JSONObject([
      "node_id": .string(id.bytes), "host": .string(host.bytes), "port": .integer(port),
      "status": .text(status.rawValue), "uptime_bucket": .decimal(uptimeBucket),
      "bytes_stored": .decimal(bytesStored), "proofs_verified": .decimal(proofsVerified),
      "is_aegis_verified": .boolean(isAegisVerified),
      "aegis_verification_epoch": .integer(aegisVerificationEpoch.value),
    ])
  }
}

extension EntryCounts {
  /// Without the unsupported types, which may be many.
  package var json: JSONObject {
    JSONObject([
      "total": .integer(total), "applied": .integer(applied), "diverged": .integer(diverged),
      "acknowledged": .integer(acknowledged), "rejected": .integer(rejected), "unsupported": .integer(unsupported),
      "rejected_by_code": .object(
        JSONObject(rejections.map { (Array($0.code.rawValue.utf8), .integer($0.count)) })),
    ])
  }
}

extension StoreCounts {
  package var json: JSONObject {
    JSONObject([
      "reexecuted": .integer(reexecuted), "carried": .integer(carried), "placeholder": .integer(placeholder),
    ])
  }
}

extension ProofCounts {
  package var json: JSONObject {
    JSONObject(["generated": .integer(generated), "failed": .integer(failed), "carried": .integer(carried)])
  }
}

extension Rejection {
  package var json: JSONObject {
    JSONObject([
      "ordinal": .integer(ordinal.value), "byte_offset": .integer(byteOffset), "code": .text(code.rawValue),
      "message": .text(message),
    ])
  }
}

extension Divergence {
  package var json: JSONObject {
    JSONObject([
      "ordinal": .integer(ordinal.value), "field": .text(field), "recorded": recorded ?? .null,
      "derived": derived ?? .null,
    ])
  }
}

extension RecoveryPoint {
  package var json: JSONObject {
    JSONObject([
      "ordinal": lastApplied.map { .integer($0.value) } ?? .null, "tick": lastTick.map { .integer($0.value) } ?? .null,
      "highest_tick": highestTick.map { .integer($0.value) } ?? .null,
    ])
  }
}

extension ReplayResult {
  /// What two replays of one log must agree in, checkpoints apart: each part by its name in a result document.
  package var comparedParts: [(name: String, json: JSONObject)] {
    [
      ("entries", entries.json), ("stores", stores.json), ("proofs", proofs.json), ("state", state.json),
      ("commitment", roots.json),
    ]
  }
}
