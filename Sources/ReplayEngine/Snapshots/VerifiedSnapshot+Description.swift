internal import ReplayEvidence
internal import StateCommitment
internal import StateSnapshot
internal import StorageProtocol

enum SnapshotDescription {
  /// Of what `inspect` and `diff` say of a snapshot.
  static let schema = "eqm-replay/snapshot/1"
}

extension VerifiedSnapshot {
  /// What a verb says of a snapshot that it read.
  func json(schema: String) -> JSONObject {
    JSONObject([
      "schema": .text(schema), "path": .text(path), "state": .object(commitment.summary.json),
      "commitment": .object(commitment.roots.json), "legacy": LegacyHashes(commitment.summary).json,
      "constants": .text(commitment.constants), "sha3_256": .object(digests.json),
    ])
  }

  /// The same for people.
  var lines: [String] {
    let (state, roots) = (commitment.summary, commitment.roots)
    return [
      ResultText.row("snapshot", "\(path): every row read, roots and digests computed anew and equal"),
      ResultText.row("nodes", "\(state.nodeCount)"), ResultText.row("objects", "\(state.objectCount)"),
      ResultText.row("shards", "\(state.shardCount)"), ResultText.row("epoch", "\(state.currentEpoch.value)"),
      ResultText.row("events", "\(state.eventLogCount)"),
      ResultText.row("ATR fees", state.totalAtrFees.trimmedDecimalString),
      ResultText.row("NOD rewards", state.totalNodRewards.trimmedDecimalString), "",
      ResultText.row("state root", roots.state.hexadecimal), ResultText.row("objects root", roots.objects.hexadecimal),
      ResultText.row("nodes root", roots.nodes.hexadecimal), ResultText.row("log root", roots.log.hexadecimal),
    ]
  }
}
