/// A table of a snapshot: its rows come, and are hashed, in the order of their key.
package enum SnapshotTable: String, CaseIterable, Sendable {
  case nodes, objects, shards, replicas, events, epochs, meta

  /// The columns and their declarations; see `Snapshots.md` for what they mean.
  var declarations: [String] {
    switch self {
    case .nodes:
      [
        "node_id BLOB NOT NULL PRIMARY KEY", "host BLOB NOT NULL", "port INTEGER NOT NULL", "status TEXT NOT NULL",
        "uptime_bucket TEXT NOT NULL", "bytes_stored TEXT NOT NULL", "proofs_verified TEXT NOT NULL",
        "is_aegis_verified INTEGER NOT NULL", "aegis_verification_epoch INTEGER NOT NULL",
      ]
    case .objects:
      [
        "object_id BLOB NOT NULL", "version INTEGER NOT NULL", "hash_commit BLOB NOT NULL",
        "created_at_tick INTEGER NOT NULL", "metadata TEXT", "shard_count INTEGER NOT NULL",
        "store_event_id BLOB NOT NULL", "PRIMARY KEY (object_id, version)",
      ]
    case .shards:
      [
        "object_id BLOB NOT NULL", "version INTEGER NOT NULL", "shard_index INTEGER NOT NULL",
        "shard_id BLOB NOT NULL", "size INTEGER NOT NULL", "merkle_root BLOB", "store_event_id BLOB NOT NULL",
        "PRIMARY KEY (object_id, version, shard_index)",
      ]
    case .replicas:
      [
        "object_id BLOB NOT NULL", "version INTEGER NOT NULL", "shard_index INTEGER NOT NULL",
        "replica_index INTEGER NOT NULL", "node_id BLOB NOT NULL",
        "PRIMARY KEY (object_id, version, shard_index, replica_index)",
      ]
    case .events:
      ["event_number INTEGER NOT NULL PRIMARY KEY", "event_id BLOB NOT NULL", "fields TEXT NOT NULL"]
    case .epochs:
      [
        "advancement INTEGER NOT NULL PRIMARY KEY", "ordinal INTEGER NOT NULL", "epoch INTEGER NOT NULL",
        "event_count INTEGER NOT NULL", "log_root BLOB NOT NULL", "nodes_root BLOB NOT NULL",
        "node_count INTEGER NOT NULL", "object_count INTEGER NOT NULL", "shard_count INTEGER NOT NULL",
        "total_atr_fees TEXT NOT NULL", "total_nod_rewards TEXT NOT NULL",
      ]
    case .meta: ["name TEXT NOT NULL PRIMARY KEY", "value TEXT NOT NULL"]
    }
  }

  var columnCount: Int { declarations.count { !$0.hasPrefix("PRIMARY KEY") } }

  /// The statement that makes the table.
  var creation: String {
    "CREATE TABLE \(rawValue) (\n  \(declarations.joined(separator: ",\n  "))\n) STRICT, WITHOUT ROWID"
  }

  /// The query whose rows the digest of the table is of, as the `.sha3sum` command of the sqlite3 shell spells it.
  var digestQuery: String { "SELECT * FROM \"\(rawValue)\" NOT INDEXED;" }
}
