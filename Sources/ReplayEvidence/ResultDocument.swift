package import StateCommitment
package import StorageProtocol

/// The document that `replay --json` and `drill --json` print (cli.md, `eqm-replay/result/1`).
package struct ResultDocument: Sendable {
  package let result: ReplayResult
  package let legacy: LegacyHashes
  package let comparisons: Comparisons
  package let verdict: Verdict

  package init(_ result: ReplayResult, expectations: Comparisons.Expectations) {
    self.result = result
    legacy = LegacyHashes(result.state)
    comparisons = Comparisons(result, stateHash: legacy.state, expectations: expectations)
    verdict = Verdict(entries: result.entries, comparisons: comparisons)
  }

  /// The whole document.
  package func json(run: RunFacts) -> JSONValue {
    .members([
      "schema": .text("eqm-replay/result/1"), "verdict": .text(verdict.rawValue), "entries": entries,
      "stores": stores, "proofs": proofs, "success_ratio": .text(result.entries.successRatio),
      "rejects": .array(result.rejects.items.map(ResultDocument.json)),
      "rejects_omitted": .integer(result.rejects.omittedCount),
      "divergences": .array(result.divergences.items.map(ResultDocument.json)),
      "divergences_omitted": .integer(result.divergences.omittedCount), "state": state,
      "commitment": commitment, "legacy": legacyHashes,
      "checkpoints": .array(result.checkpoints.map(ResultDocument.json)), "comparison": comparison,
      "run": .object(run.json(entryCount: result.entries.total)),
    ])
  }

  // MARK: Parts

  package var entries: JSONValue {
    let entries = result.entries
    let types = entries.unsupportedTypes
    let shown = types.prefix(BoundedList<Rejection>.itemsMax)
    var json = JSONObject([
      "total": .integer(entries.total), "applied": .integer(entries.applied),
      "diverged": .integer(entries.diverged), "acknowledged": .integer(entries.acknowledged),
      "rejected": .integer(entries.rejected), "unsupported": .integer(entries.unsupported),
      "rejected_by_code": .object(
        JSONObject(entries.rejections.map { (Array($0.code.rawValue.utf8), .integer($0.count)) })),
      "unsupported_types": .object(
        JSONObject(shown.map { ($0.type.bytes, .integer($0.count)) })),
    ])
    if types.count > shown.count { json.add("unsupported_types_omitted", .integer(types.count - shown.count)) }
    return .object(json)
  }

  package var stores: JSONValue {
    .members([
      "reexecuted": .integer(result.stores.reexecuted), "carried": .integer(result.stores.carried),
      "placeholder": .integer(result.stores.placeholder),
    ])
  }

  package var proofs: JSONValue {
    .members([
      "generated": .integer(result.proofs.generated), "failed": .integer(result.proofs.failed),
      "carried": .integer(result.proofs.carried),
    ])
  }

  package var state: JSONValue {
    let state = result.state
    return .members([
      "node_count": .integer(state.nodeCount), "object_count": .integer(state.objectCount),
      "shard_count": .integer(state.shardCount), "current_epoch": .integer(state.currentEpoch.value),
      "total_atr_fees": .decimal(state.totalAtrFees), "total_nod_rewards": .decimal(state.totalNodRewards),
      "event_log_count": .integer(state.eventLogCount),
    ])
  }

  package var commitment: JSONValue {
    .members([
      "state_root": .hexadecimal(result.roots.state), "objects_root": .hexadecimal(result.roots.objects),
      "nodes_root": .hexadecimal(result.roots.nodes), "log_root": .hexadecimal(result.roots.log),
    ])
  }

  package var legacyHashes: JSONValue {
    .members([
      "state_hash": .hexadecimal(legacy.state), "evidence_state_hash": .hexadecimal(legacy.evidence),
      "drill_state_hash": .hexadecimal(legacy.drill),
    ])
  }

  package var comparison: JSONValue {
    .members([
      "with": .array(comparisons.sides.map { .text($0.rawValue) }),
      "equal": comparisons.areEqual.map(JSONValue.boolean) ?? .null, "first_divergence": firstDivergence,
    ])
  }

  package var firstDivergence: JSONValue {
    guard let first = comparisons.firstDivergence else { return .null }
    return .members([
      "ordinal": first.ordinal.map { .integer($0.value) } ?? .null,
      "epoch": first.epoch.map { .integer($0.value) } ?? .null, "object_id": first.objectID ?? .null,
      "version": first.version ?? .null, "field": .text(first.field), "expected": first.expected ?? .null,
      "actual": first.actual ?? .null,
    ])
  }

  // MARK: Items

  private static func json(_ rejection: Rejection) -> JSONValue {
    .members([
      "ordinal": .integer(rejection.ordinal.value), "byte_offset": .integer(rejection.byteOffset),
      "code": .text(rejection.code.rawValue), "message": .text(rejection.message),
    ])
  }

  package static func json(_ divergence: Divergence) -> JSONValue {
    .members([
      "ordinal": .integer(divergence.ordinal.value), "field": .text(divergence.field),
      "recorded": divergence.recorded ?? .null, "derived": divergence.derived ?? .null,
    ])
  }

  private static func json(_ checkpoint: Checkpoint) -> JSONValue {
    let summary = checkpoint.summary
    return .members([
      "ordinal": .integer(checkpoint.ordinal.value), "epoch": .integer(summary.currentEpoch.value),
      "event_count": .integer(summary.eventLogCount), "log_root": .hexadecimal(checkpoint.logRoot),
      "nodes_root": .hexadecimal(checkpoint.nodesRoot), "node_count": .integer(summary.nodeCount),
      "object_count": .integer(summary.objectCount), "shard_count": .integer(summary.shardCount),
      "total_atr_fees": .decimal(summary.totalAtrFees),
      "total_nod_rewards": .decimal(summary.totalNodRewards),
    ])
  }
}
