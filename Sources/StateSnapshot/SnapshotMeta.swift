package import StorageProtocol

/// What a snapshot's rows are to give.
package struct SnapshotCommitment: Equatable, Sendable {
  package let roots: StateRoots
  package let summary: StateSummary
  /// Canonical JSON of the constants that were replayed with.
  package let constants: String

  package init(roots: StateRoots, summary: StateSummary, constants: GovernedConstants) {
    self.init(
      roots: roots, summary: summary,
      constants: String(decoding: JSONFormat.canonical.encode(constants.json), as: UTF8.self))
  }

  init(roots: StateRoots, summary: StateSummary, constants: String) {
    self.roots = roots
    self.summary = summary
    self.constants = constants
  }
}

/// Digests over all rows of each table, by table: what `.sha3sum --sha3-256 TABLE` prints.
package struct SnapshotDigests: Equatable, Sendable {
  package let tables: [(table: SnapshotTable, digest: Digest)]
  /// Over the digests and everything else that the table `meta` says.
  package let meta: Digest

  package static func == (left: SnapshotDigests, right: SnapshotDigests) -> Bool {
    left.meta == right.meta && left.tables.elementsEqual(right.tables) { $0 == $1 }
  }
}

/// The rows of the table `meta`: commitment, counts, digests, and a digest over these rows themselves.
struct SnapshotMeta {
  static let schema = "eqm-replay/state/1"
  static let metaDigestName = "sha3_meta"

  /// By name.
  let rows: [(name: String, value: String)]
  let digests: SnapshotDigests

  init(_ commitment: SnapshotCommitment, _ digests: [(table: SnapshotTable, digest: Digest)]) {
    var rows = SnapshotMeta.values(of: commitment)
    for (table, digest) in digests { rows.append(("sha3_\(table.rawValue)", digest.hexadecimal)) }
    SnapshotMeta.sort(&rows)
    var text = RowText()
    for row in rows {
      text.beginRow()
      text.append(text: row.name)
      text.append(text: row.value)
    }
    let meta = TableDigest(.meta)
    meta.add(text)
    self.digests = SnapshotDigests(tables: digests, meta: meta.value)
    rows.append((SnapshotMeta.metaDigestName, meta.value.hexadecimal))
    SnapshotMeta.sort(&rows)
    self.rows = rows
  }

  /// In the order of the bytes, which is SQLite's.
  private static func sort(_ rows: inout [(name: String, value: String)]) {
    rows.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func values(of commitment: SnapshotCommitment) -> [(name: String, value: String)] {
    let (roots, summary) = (commitment.roots, commitment.summary)
    return [
      ("schema", schema),
      ("state_root", roots.state.hexadecimal),
      ("objects_root", roots.objects.hexadecimal),
      ("nodes_root", roots.nodes.hexadecimal),
      ("log_root", roots.log.hexadecimal),
      ("node_count", String(summary.nodeCount)),
      ("object_count", String(summary.objectCount)),
      ("shard_count", String(summary.shardCount)),
      ("current_epoch", String(summary.currentEpoch.value)),
      ("total_atr_fees", summary.totalAtrFees.decimalString),
      ("total_nod_rewards", summary.totalNodRewards.decimalString),
      ("event_log_count", String(summary.eventLogCount)),
      ("constants", commitment.constants),
    ]
  }
}
