internal import StateCommitment
internal import StorageProtocol

/// The runbook's fields at the top of evidence: they follow from the result.
struct RunbookFields {
  private let facts: VerdictFacts
  /// Nil where nothing was applied, as everything that is nil here.
  var state: StateSummary?
  var stateRoot: Digest?
  var goldenRoot: Digest?
  var epochsCompared = 0
  var firstDivergence = JSONValue.null
  var divergences: [JSONValue] = []
  var divergencesOmitted: UInt64 = 0

  init(_ facts: VerdictFacts) { self.facts = facts }

  static func replayDetails(_ state: StateSummary) -> JSONValue {
    .members([
      "node_count": .integer(state.nodeCount), "object_count": .integer(state.objectCount),
      "shard_count": .integer(state.shardCount), "current_epoch": .integer(state.currentEpoch.value),
      "total_atr_fees_collected": .decimal(state.totalAtrFees),
      "total_nod_rewards_distributed": .decimal(state.totalNodRewards),
      "storage_event_count": .integer(state.eventLogCount),
    ])
  }

  var verification: JSONValue {
    let hashes = state.map(LegacyHashes.init)
    return .members([
      "deterministic_replay": .text(facts.deterministicReplay.rawValue),
      "bit_for_bit_match": facts.bitForBitMatch.map(JSONValue.boolean) ?? .null,
      "state_hash": hashes.map { .hexadecimal($0.evidence) } ?? .null,
      "state_details_hash": hashes.map { .hexadecimal($0.state) } ?? .null,
      "state_root": stateRoot.map(JSONValue.hexadecimal) ?? .null,
      "golden_root": goldenRoot.map(JSONValue.hexadecimal) ?? .null,
      "epochs_compared": .integer(epochsCompared),
      "compared_with": .text(facts.sides.isEmpty ? "none" : facts.sides.map(\.rawValue).joined(separator: ", ")),
      "first_divergence": firstDivergence, "divergences": .array(divergences),
      "divergences_omitted": .integer(divergencesOmitted),
      "legacy_hashes_cover": .text("counters only: equal state_hash values prove little"),
    ])
  }
}
