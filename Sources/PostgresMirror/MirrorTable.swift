internal import StateSnapshot

/// The tables of the mirror are those of a snapshot, with the types of PostgreSQL.
extension SnapshotTable {
  /// In the order of the files' columns; those of the key first.
  var columns: [MirrorColumn] {
    switch self {
    case .nodes:
      [
        MirrorColumn("node_id", .id, "UTF-8 of the id"), MirrorColumn("host", .id, "UTF-8 of the host"),
        MirrorColumn("port", .integer, "as registered"), MirrorColumn("status", .text, "active, inactive or revoked"),
        MirrorColumn("uptime_bucket", .decimal, "certified number"),
        MirrorColumn("bytes_stored", .decimal, "bytes, each content once for every placement of every chunk"),
        MirrorColumn("proofs_verified", .decimal, "certified number"),
        MirrorColumn("is_aegis_verified", .boolean, "verified by AEGIS"),
        MirrorColumn("aegis_verification_epoch", .integer, "epoch of that verification"),
      ]
    case .objects:
      SnapshotTable.objectKey + [
        MirrorColumn("hash_commit", .digest, "SHA3-256 over content and metadata"),
        MirrorColumn("created_at_tick", .integer, "logical time of the STORE"),
        MirrorColumn("metadata", .text, "canonical JSON; null where nobody knows it", isNullable: true),
        MirrorColumn("shard_count", .integer, "chunks of the current content"),
        MirrorColumn("store_event_id", .digest, "event of the STORE that wrote the object"),
      ]
    case .shards:
      SnapshotTable.objectKey + [
        MirrorColumn("shard_index", .integer, "from shard_count of the object on, an orphan"),
        MirrorColumn("shard_id", .digest, "SHA3-256 of the shard's name"), MirrorColumn("size", .integer, "bytes"),
        MirrorColumn("merkle_root", .digest, "of the chunk; null where nobody knows it", isNullable: true),
        MirrorColumn("store_event_id", .digest, "event of the STORE that wrote the shard"),
      ]
    case .replicas:
      SnapshotTable.objectKey + [
        MirrorColumn("shard_index", .integer, "of the shard"),
        MirrorColumn("replica_index", .integer, "place among the assigned nodes"),
        MirrorColumn("node_id", .id, "UTF-8 of the node's id"),
      ]
    case .events:
      [
        MirrorColumn("event_number", .integer, "place in the event log, from 0"),
        MirrorColumn("event_id", .digest, "SHA3-256 of fields"),
        MirrorColumn("fields", .text, "canonical JSON of the event's hashed fields, to the byte"),
      ]
    case .epochs: SnapshotTable.epochColumns
    case .meta:
      [
        MirrorColumn("name", .text, "what is said"),
        MirrorColumn("value", .text, "roots, counts and totals of the state; SHA3-256 of the snapshot's tables"),
      ]
    }
  }

  private static let objectKey = [
    MirrorColumn("object_id", .id, "UTF-8 of the id"), MirrorColumn("version", .version, "unsigned 64-bit"),
  ]

  private static let epochColumns = [
    MirrorColumn("advancement", .integer, "place among the advancements, from 0"),
    MirrorColumn("ordinal", .integer, "entry of the log"), MirrorColumn("epoch", .integer, "it advanced to"),
    MirrorColumn("event_count", .integer, "events so far"),
    MirrorColumn("log_root", .digest, "Merkle root over those events"),
    MirrorColumn("nodes_root", .digest, "root over the nodes"), MirrorColumn("node_count", .integer, "nodes"),
    MirrorColumn("object_count", .integer, "objects"), MirrorColumn("shard_count", .integer, "shards"),
    MirrorColumn("total_atr_fees", .decimal, "so far"), MirrorColumn("total_nod_rewards", .decimal, "so far"),
  ]

  /// Columns of the primary key: the first ones.
  var keyColumns: [MirrorColumn] {
    let count =
      switch self {
      case .nodes, .events, .epochs, .meta: 1
      case .objects: 2
      case .shards: 3
      case .replicas: 4
      }
    return Array(columns.prefix(count))
  }

  /// What a row is, for people who look at the database.
  var comment: String {
    switch self {
    case .nodes: "Registered nodes"
    case .objects: "Object versions"
    case .shards: "Chunks of objects, orphans included"
    case .replicas: "Which nodes hold a shard, in order"
    case .events: "The event log"
    case .epochs: "The state at every advancement of the epoch"
    case .meta: "What the other tables give"
    }
  }

  /// `a, b, c`.
  var columnList: String { columns.map(\.name).joined(separator: ", ") }

  /// ORDER BY of the key in the order of bytes and numbers, whatever the collation of the database.
  var keyOrder: String {
    keyColumns.map { column in
      if case .text = column.kind { "\(column.name) COLLATE \"C\"" } else { column.name }
    }.joined(separator: ", ")
  }
}
