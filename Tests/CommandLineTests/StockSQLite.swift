import GoldenRun
import ReplayTestSupport
import StorageProtocol
import Testing

/// A snapshot as Debian's sqlite3 reads it: another program than the one that wrote it, and none of our code.
struct StockSQLite {
  let path: String
  /// Where it is, if it goes with this value.
  var folder: TemporaryFolder?

  /// The rows of a query.
  func rows(_ query: String) throws -> [JSONObject] {
    let run = try CommandLineRun(shell: "sqlite3 -readonly -json '\(path)' \"\(query)\"")
    guard run.status == 0 else { throw Failure(errors: run.errors) }
    guard !run.output.isEmpty else { return [] }
    return try JSONReader.read(run.output).value.elements?.compactMap(\.objectValue) ?? []
  }

  /// Runs statements that change the file.
  func change(_ statements: String) throws {
    let run = try CommandLineRun(shell: "sqlite3 '\(path)' \"\(statements)\"")
    guard run.status == 0 else { throw Failure(errors: run.errors) }
  }

  /// What `.sha3sum --sha3-256` prints; of all tables if none is named.
  func sha3(_ table: String = "") throws -> String {
    let run = try CommandLineRun(shell: "sqlite3 -readonly '\(path)' '.sha3sum --sha3-256 \(table)'")
    guard run.status == 0 else { throw Failure(errors: run.errors) }
    return String(decoding: run.output.prefix(64), as: UTF8.self)
  }

  struct Failure: Error {
    let errors: String
  }

  // MARK: Rows in the form of an export

  /// The lines that an export has of nodes, objects and shards, and ids of events.
  func exportLines() throws -> [UInt8] {
    var lines: [JSONObject] = []
    lines += try nodeLines()
    let shards = try rows(
      """
      SELECT hex(s.object_id) AS object_id, printf('%u', s.version) AS version, s.shard_index, lower(hex(shard_id)) AS id,
        size, lower(hex(merkle_root)) AS root, s.shard_index < o.shard_count AS is_current
      FROM shards s JOIN objects o USING (object_id, version)
      ORDER BY s.object_id, s.version < 0, s.version, s.shard_index
      """)
    lines += try objectLines(shards)
    lines += try shardLines(shards)
    lines += try rows("SELECT lower(hex(event_id)) AS id FROM events ORDER BY event_number").map { row in
      JSONObject(["kind": .text("event"), "event_id": try row.required("id")])
    }
    return lines.flatMap { JSONFormat.line.encode(.object($0)) + [UInt8(ascii: "\n")] }
  }

  private func nodeLines() throws -> [JSONObject] {
    try rows("SELECT hex(node_id) AS id, hex(host) AS host_bytes, * FROM nodes ORDER BY node_id").map { row in
      JSONObject([
        "kind": .text("node"), "node_id": try row.identifier("id"), "host": try row.identifier("host_bytes"),
        "port": try row.required("port"), "status": try row.required("status"),
        "uptime_bucket": try row.required("uptime_bucket"), "bytes_stored": try row.required("bytes_stored"),
        "proofs_verified": try row.required("proofs_verified"),
        "is_aegis_verified": .boolean(try row.required("is_aegis_verified") == .integer(1)),
        "aegis_verification_epoch": try row.required("aegis_verification_epoch"),
      ])
    }
  }

  private func objectLines(_ shards: [JSONObject]) throws -> [JSONObject] {
    var ids: [String: [JSONValue]] = [:]
    for shard in shards where try shard.required("is_current") == .integer(1) {
      ids[try shard.name(), default: []].append(try shard.required("id"))
    }
    return try rows(
      """
      SELECT hex(object_id) AS object_id, printf('%u', version) AS version, lower(hex(hash_commit)) AS hash_commit,
        created_at_tick, metadata
      FROM objects ORDER BY objects.object_id, objects.version < 0, objects.version
      """
    ).map { row in
      JSONObject([
        "kind": .text("object"), "object_id": try row.identifier("object_id"), "version": try row.version(),
        "hash_commit": try row.required("hash_commit"), "created_at_tick": try row.required("created_at_tick"),
        "metadata": try row.required("metadata").stringBytes.map { try JSONReader.read($0).value } ?? .null,
        "shard_ids": .array(ids[try row.name()] ?? []),
      ])
    }
  }

  private func shardLines(_ shards: [JSONObject]) throws -> [JSONObject] {
    var nodes: [String: [JSONValue]] = [:]
    let replicas = try rows(
      """
      SELECT hex(object_id) AS object_id, printf('%u', version) AS version, shard_index, hex(node_id) AS node
      FROM replicas ORDER BY replicas.object_id, replicas.version, shard_index, replica_index
      """)
    for replica in replicas {
      let name = try replica.name() + replica.required("shard_index").canonicalText
      nodes[name, default: []].append(try replica.identifier("node"))
    }
    return try shards.map { row in
      let root = try row.required("root")
      let index = try row.required("shard_index")
      let known = root.stringBytes.map { !$0.isEmpty } ?? false
      return JSONObject([
        "kind": .text("shard"), "shard_id": try row.required("id"), "object_id": try row.identifier("object_id"),
        "version": try row.version(), "shard_index": index, "size": try row.required("size"),
        "assigned_nodes": .array(nodes[try row.name() + index.canonicalText] ?? []),
        "merkle_root": known ? root : .null, "proof": known ? .text(try row.proof()) : .null,
      ])
    }
  }
}

extension JSONObject {
  /// The text whose bytes a member has in hexadecimal digits.
  fileprivate func identifier(_ name: String) throws -> JSONValue {
    .string(try #require(Hexadecimal.decode(Array(text(name).lowercased().utf8))))
  }

  fileprivate func version() throws -> JSONValue { .number(Array(try text("version").utf8)) }

  /// What tells objects apart.
  fileprivate func name() throws -> String { try text("object_id") + ":" + text("version") + ":" }

  /// protocol.md 5.3
  fileprivate func proof() throws -> String {
    try #"{"algo": "SHA3-256-Merkle-4KB", "merkle_root": "\#(text("root"))", "shard_id": "\#(text("id"))", "size": "#
      + required("size").canonicalText + "}"
  }
}
