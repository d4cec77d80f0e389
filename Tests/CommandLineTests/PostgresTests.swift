import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// A real PostgreSQL is loaded with what `export` writes, and compared by `reconcile`.
@Suite(.postgres) struct PostgresTests {
  static let tables = ["nodes", "objects", "shards", "replicas", "events", "epochs", "meta"]

  @Test(arguments: ["live-mixed.jsonl.lz4", "recorded-events.json.lz4"])
  func `a fixture is loaded, verified and found equal`(log: String) throws {
    try roundTrip(Fixture.path(log))
  }

  @Test func `hostile ids, metadata and numbers come back as they were`() throws {
    let database = try MirrorDatabase()
    try roundTrip(try database.folder.write(MirrorLog.bytes, "hostile.jsonl"), database)
    let ids = try database.value("SELECT string_agg(DISTINCT encode(object_id, 'hex'), ',') FROM eqm_replay.objects")
    let found = Set(ids.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    for id in MirrorLog.ids { #expect(found.contains(String(decoding: Hexadecimal.encode(id), as: UTF8.self))) }
    #expect(try database.value("SELECT max(version) FROM eqm_replay.objects") == "18446744073709551615")
    #expect(try database.value("SELECT min(created_at_tick) FROM eqm_replay.objects") == "-9223372036854775808")
    #expect(try database.value("SELECT count(*) > 0 FROM eqm_replay.objects WHERE metadata IS NULL") == "t")
    #expect(try database.value("SELECT count(*) > 0 FROM eqm_replay.shards WHERE merkle_root IS NULL") == "t")
  }

  /// Digests of tables are over blocks of 65,536 rows.
  @Test(arguments: [65_536, 65_537])
  func `a table of a block of rows, and of one more, is digested as the export says`(count: Int) throws {
    let database = try MirrorDatabase()
    let line = #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#
    let log = try database.folder.write(LogText.lines(Array(repeating: line, count: count)), "long.jsonl")
    try #require(database.export(log).status == 0)
    let loaded = try database.script("load.sql")
    #expect(loaded.status == 0, "\(loaded.errors)")
    let run = try database.reconcile(log)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json.elements("tables")[4].objectValue?["equal"] == .integer(count))
    try database.execute(["UPDATE eqm_replay.events SET event_id = sha256('x') WHERE event_number = \(count - 1)"])
    #expect(try database.script("verify.sql").status == 3)
  }

  /// Loads what is exported of a log, and of its snapshot; both are the same bytes.
  private func roundTrip(_ log: String, _ given: MirrorDatabase? = nil) throws {
    let database = try given ?? MirrorDatabase()
    let exported = try database.export(log)
    try #require([0, 3].contains(exported.status), "\(exported.errors)")
    let snapshot = "\(database.folder.path)/state.sqlite"
    _ = try CommandLineRun(["export", log, "--to", "sqlite", "-o", snapshot, "-q"])
    try #require(database.export(snapshot, to: "again").status == 0)
    let same = try CommandLineRun(shell: "diff -r mirror again", folder: database.folder.path)
    #expect(same.status == 0, "\(String(decoding: same.output, as: UTF8.self))")

    let loaded = try database.script("load.sql")
    try #require(loaded.status == 0, "\(loaded.errors)")
    #expect(loaded.errors.isEmpty)
    let verified = try database.script("verify.sql")
    #expect(verified.status == 0, "\(verified.errors)")
    let counts = try exported.json.object("mirror").elements("tables").compactMap(\.objectValue)
    #expect(try counts.map { try $0.text("table") } == PostgresTests.tables)
    for source in [snapshot, log] {
      let run = try database.reconcile(source)
      #expect(run.status == (source == log ? exported.status : 0), "\(run.errors)")
      #expect(try run.json["equal"] == .boolean(true))
      for (table, count) in zip(try run.json.elements("tables").compactMap(\.objectValue), counts) {
        #expect(table["equal"] == count["rows"])
        #expect(table["postgres_rows"] == count["rows"])
      }
    }
  }

  @Test func `three missing, extra and different rows are found exactly`() throws {
    let database = try MirrorDatabase()
    let log = try database.folder.write(MirrorLog.bytes, "hostile.jsonl")
    try #require(database.export(log).status == 0)
    try #require(database.script("load.sql").status == 0)
    try database.execute([
      "SET search_path = eqm_replay",
      // Missing: `a U+0000 b`; the first replica; the last event.
      #"DELETE FROM objects WHERE object_id = '\x610062' AND version = 0"#,
      "DELETE FROM replicas WHERE (object_id, version, shard_index, replica_index) = (SELECT object_id, version, "
        + "shard_index, replica_index FROM replicas ORDER BY 1, 2, 3, 4 LIMIT 1)",
      "DELETE FROM events WHERE event_number = (SELECT max(event_number) FROM events)",
      // Extra: a node that is no UTF-8; a version between others; a name with what COPY escapes.
      #"INSERT INTO nodes SELECT '\xff00', host, port, status, 0, 0, 0, false, 0 FROM nodes LIMIT 1"#,
      #"INSERT INTO objects SELECT object_id, 9223372036854775807, hash_commit, 0, NULL, 0, store_event_id FROM objects "#
        + #"WHERE object_id = '\x5c4e' AND version = 0"#,
      #"INSERT INTO meta VALUES (E'node\\\t_count', '')"#,
      // Different: the last digit of a decimal; NULL for a value; one blank.
      #"UPDATE nodes SET uptime_bucket = uptime_bucket + 0.000000000000000001 WHERE node_id = '\x'"#,
      #"UPDATE objects SET metadata = NULL WHERE object_id = '\x636166c3a9' AND version = 0"#,
      "UPDATE events SET fields = fields || ' ' WHERE event_number = 3",
    ])
    let run = try database.reconcile(log)
    #expect(run.status == 1, "\(run.errors)")
    let json = try run.json
    #expect(json["equal"] == .boolean(false))
    let found = try ["missing", "extra", "different"].map { kind in
      #expect(json["\(kind)_count"] == .integer(3))
      #expect(json["\(kind)_omitted"] == .integer(0))
      return try json.elements(kind).map { try PostgresTests.summary($0) }
    }
    #expect(found[0].map { $0.split(separator: " ").first } == ["objects", "replicas", "events"])
    #expect(found[0][0] == #"objects \x610062 0"#)
    #expect(found[1] == [#"nodes \xff00"#, #"objects \x5c4e 9223372036854775807"#, "meta node\\\t_count"])
    #expect(found[2] == [#"nodes \x uptime_bucket"#, #"objects \x636166c3a9 0 metadata"#, "events 3 fields"])

    let verified = try database.script("verify.sql")
    #expect(verified.status == 3)
    #expect(verified.errors.contains("nodes: "))
    let shown = try CommandLineRun(["reconcile", log, "--postgres", database.conninfo, "-q"])
    #expect(shown.status == 1)
    #expect(String(decoding: shown.output, as: UTF8.self).contains("NOT EQUAL"))
  }

  /// A listed row in one line: table, key, columns.
  static func summary(_ row: JSONValue) throws -> String {
    let row = try #require(row.objectValue)
    let key = try row.object("key").members.filter { !$0.key.reversed().starts(with: "_text".utf8.reversed()) }
    let columns = row["columns"]?.elements?.compactMap { $0.objectValue?["column"]?.stringBytes } ?? []
    let words = key.map { $0.value.stringBytes ?? Array("NULL".utf8) } + columns
    return try ([row.text("table")] + words.map { String(decoding: $0, as: UTF8.self) }).joined(separator: " ")
  }
}
