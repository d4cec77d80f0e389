/// The database that a snapshot is: tables, and views for people.
enum SnapshotSchema {
  /// `PRAGMA application_id`: `EQMS`.
  static let applicationID: Int32 = 0x4551_4D53
  /// `PRAGMA user_version`.
  static let version: Int32 = 1
  /// Rows of events are long: larger pages keep the trees low.
  static let pageBytes = 16 << 10

  /// Tables and views, in the order they are made, and the statements that make them.
  static var definitions: [(name: String, creation: String)] {
    SnapshotTable.allCases.map { ($0.rawValue, $0.creation) } + views.map { ($0.name, $0.creation) }
  }

  private static let views = textViews + questionViews

  struct View {
    let name: String
    let query: String

    var creation: String { "CREATE VIEW \(name) AS\n\(query)" }
  }

  /// Ids as text, digests in hexadecimal digits, versions without a sign. Text behind a U+0000 is there, but not every program
  /// shows it.
  private static let textViews: [View] = [
    View(
      name: "nodes_text",
      query: """
        SELECT CAST(node_id AS TEXT) AS node_id, CAST(host AS TEXT) AS host, port, status, uptime_bucket, bytes_stored,
          proofs_verified, is_aegis_verified, aegis_verification_epoch
        FROM nodes
        """),
    View(
      name: "objects_text",
      query: """
        SELECT CAST(object_id AS TEXT) AS object_id, printf('%u', version) AS version,
          lower(hex(hash_commit)) AS hash_commit, created_at_tick, metadata, shard_count,
          lower(hex(store_event_id)) AS store_event_id
        FROM objects
        """),
    View(
      name: "shards_text",
      query: """
        SELECT lower(hex(s.shard_id)) AS shard_id, CAST(s.object_id AS TEXT) AS object_id,
          printf('%u', s.version) AS version, s.shard_index, s.size,
          (SELECT json_group_array(CAST(node_id AS TEXT)) FROM (
            SELECT r.node_id FROM replicas r
            WHERE r.object_id = s.object_id AND r.version = s.version AND r.shard_index = s.shard_index
            ORDER BY r.replica_index)) AS assigned_nodes,
          lower(hex(s.merkle_root)) AS merkle_root, s.shard_index >= o.shard_count AS is_orphan
        FROM shards s JOIN objects o ON o.object_id = s.object_id AND o.version = s.version
        """),
    View(
      name: "replicas_text",
      query: """
        SELECT CAST(object_id AS TEXT) AS object_id, printf('%u', version) AS version, shard_index, replica_index,
          CAST(node_id AS TEXT) AS node_id
        FROM replicas
        """),
    View(
      name: "events_text",
      query: """
        SELECT event_number, lower(hex(event_id)) AS event_id, fields ->> 'event_type' AS event_type,
          fields ->> 'epoch' AS epoch, fields ->> 'timestamp_tick' AS timestamp_tick,
          fields ->> 'object_id' AS object_id, fields ->> 'version' AS version,
          fields ->> 'content_size' AS content_size, fields ->> 'atr_cost' AS atr_cost,
          fields ->> 'hash_commit' AS hash_commit, fields -> 'shard_ids' AS shard_ids,
          fields -> 'replica_sets' AS replica_sets, fields ->> 'error_code' AS error_code,
          fields ->> 'error_detail' AS error_detail, fields ->> 'pqc_signature' AS pqc_signature
        FROM events
        """),
    View(
      name: "epochs_text",
      query: """
        SELECT advancement, ordinal, epoch, event_count, lower(hex(log_root)) AS log_root,
          lower(hex(nodes_root)) AS nodes_root, node_count, object_count, shard_count, total_atr_fees, total_nod_rewards
        FROM epochs
        """),
  ]

  /// Answers to what operators ask most.
  private static let questionViews: [View] = [
    // What did node X hold?
    View(
      name: "node_holdings",
      query: """
        SELECT r.node_id, CAST(r.node_id AS TEXT) AS node, CAST(r.object_id AS TEXT) AS object,
          printf('%u', r.version) AS version, r.shard_index, lower(hex(s.shard_id)) AS shard_id, s.size,
          s.shard_index >= o.shard_count AS is_orphan
        FROM replicas r
        JOIN shards s ON s.object_id = r.object_id AND s.version = r.version AND s.shard_index = r.shard_index
        JOIN objects o ON o.object_id = r.object_id AND o.version = r.version
        """),
    // Which shards of current contents have fewer than three different nodes that are registered and active?
    View(
      name: "shards_at_risk",
      query: """
        SELECT s.object_id, s.version, s.shard_index, s.shard_id, s.size, count(DISTINCT n.node_id) AS live_replicas
        FROM objects o
        JOIN shards s ON s.object_id = o.object_id AND s.version = o.version AND s.shard_index < o.shard_count
        LEFT JOIN replicas r
          ON r.object_id = s.object_id AND r.version = s.version AND r.shard_index = s.shard_index
        LEFT JOIN nodes n ON n.node_id = r.node_id AND n.status = 'active'
        GROUP BY s.object_id, s.version, s.shard_index
        HAVING live_replicas < 3
        """),
    View(
      name: "objects_at_risk",
      query: """
        SELECT CAST(object_id AS TEXT) AS object, printf('%u', version) AS version, count(*) AS shards_at_risk,
          min(live_replicas) AS fewest_live_replicas
        FROM shards_at_risk
        GROUP BY object_id, shards_at_risk.version
        """),
    // What did each epoch add?
    View(
      name: "growth_by_epoch",
      query: """
        SELECT epoch, stores, content_bytes, sum(stores) OVER (ORDER BY first_event) AS stores_so_far,
          sum(content_bytes) OVER (ORDER BY first_event) AS content_bytes_so_far
        FROM (
          SELECT fields ->> 'epoch' AS epoch, min(event_number) AS first_event, count(*) AS stores,
            sum(fields ->> 'content_size') AS content_bytes
          FROM events
          WHERE fields ->> 'event_type' = 'STORE'
          GROUP BY fields ->> 'epoch')
        ORDER BY first_event
        """),
  ]
}
