import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// What reads a snapshot: it gives what the log gives, and nothing of one that was changed.
@Suite struct SnapshotReadingTests {
  private let folder: TemporaryFolder
  private let log: String
  private let snapshot: String

  init() throws {
    folder = try TemporaryFolder()
    log = try folder.write(LogText.lines(SnapshotReadingTests.entries), "log.jsonl")
    snapshot = "\(folder.path)/state.sqlite"
    let run = try CommandLineRun(["replay", log, "--state-out", snapshot, "-q"])
    try #require(run.status == 0, "\(run.errors)")
  }

  /// Hostile ids, versions on both sides of 2^63, several shards, an orphan, an epoch, contents known and carried.
  private static let entries: [String] = {
    let nodes = [#"a\tb"#, #"caf\u00e9"#, #"cafe\u0301"#, #"n\u0000ul"#, #"quo\"te\\"#].map {
      #"{"event_type":"NODE_REGISTRATION","node_id":"\#($0)","host":"h\u0000","port":-1}"#
    }
    let versions: [UInt64] = [0, 1, 1 << 63, .max, (1 << 63) - 1]
    let stores = versions.map { #"{"event_type":"STORE","object_id":"o\n\u0000","version":\#($0),"content_size":9}"# }
    let others = ["", #"caf\u00e9"#, #"cafe\u0301"#, "😀"].map {
      #"{"event_type":"STORE","object_id":"\#($0)","version":1,"content_size":300000,"timestamp":-5}"#
    }
    return nodes + stores + others + [
      #"{"event_type":"EPOCH_ADVANCEMENT","epoch":3}"#,
      #"{"event_type":"STORE","object_id":"😀","version":1,"content_size":7}"#,
      #"{"event_type":"STORE","object_id":"none","version":1,"content_size":0}"#,
      #"{"event_type":"EPOCH_ADVANCEMENT","epoch":-9223372036854775808}"#,
    ]
  }()

  @Test func `an export of a snapshot is that of its log`() throws {
    for (source, name) in [(log, "log.lines"), (snapshot, "snapshot.lines")] {
      let run = try CommandLineRun(["export", source, "--to", "jsonl", "-o", "\(folder.path)/\(name)", "-q"])
      #expect(run.status == 0, "\(run.errors)")
    }
    let lines = try folder.read("log.lines")
    #expect(try folder.read("snapshot.lines") == lines)
    // Objects by id bytes, then by version as an unsigned number.
    let versions = String(decoding: lines, as: UTF8.self).split(separator: "\n").filter {
      $0.contains(#""kind":"object","object_id":"o\n"#)
    }
    .compactMap { $0.split(separator: #""version":"#).last?.prefix { $0.isNumber } }
    #expect(versions == ["0", "1", "9223372036854775807", "9223372036854775808", "18446744073709551615"])
  }

  @Test func `stock sqlite3 reads the same rows`() throws {
    let run = try CommandLineRun(["export", snapshot, "--to", "jsonl", "-o", "\(folder.path)/lines", "-q"])
    #expect(run.status == 0)
    let (ours, theirs) = (
      try ExportedState(folder.read("lines")), try ExportedState(StockSQLite(path: snapshot).exportLines())
    )
    #expect(JSONValue.object(ours.nodes).canonicalText == JSONValue.object(theirs.nodes).canonicalText)
    #expect(JSONValue.object(ours.objects).canonicalText == JSONValue.object(theirs.objects).canonicalText)
    #expect(JSONValue.object(ours.shards).canonicalText == JSONValue.object(theirs.shards).canonicalText)
    #expect(ours.eventIDs == theirs.eventIDs)
  }

  @Test(arguments: [
    ["--object", "😀", "--version", "1"], ["--object", "café", "--version", "1"], ["--object", "x", "--version", "1"],
    ["--object", "none", "--version", "1"], ["--object-hex", "6f0a00", "--version", "18446744073709551615"],
    ["--node", "a\tb"], ["--node", "absent"], ["--event", "0"], ["--event", "15"], ["--consistency", "3"],
    ["--consistency", "3", "--to", "9"],
  ])
  func `a proof from a snapshot is that from its log`(subject: [String]) throws {
    for (source, name) in [(log, "log.proof"), (snapshot, "snapshot.proof")] {
      let run = try CommandLineRun(["prove", source, "-o", "\(folder.path)/\(name)", "-q"] + subject)
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try folder.read("log.proof") == folder.read("snapshot.proof"))
  }

  @Test func `inspect shows the state and the versions of an object`() throws {
    let replayed = try CommandLineRun(["replay", log, "--json", "-q"]).json
    let whole = try CommandLineRun(["inspect", snapshot, "--json"]).json
    for part in ["state", "commitment", "legacy"] {
      #expect(try whole.required(part).canonicalText == replayed.required(part).canonicalText)
    }
    let object = try CommandLineRun(["inspect", snapshot, "--object", "😀", "--json"]).json.elements("objects")
    #expect(object.count == 1)
    let shards = try #require(object.first?.objectValue).elements("shards")
    #expect(shards.map { $0.objectValue?["is_orphan"] } == [.boolean(false), .boolean(true)])
    #expect(try CommandLineRun(["inspect", snapshot, "--entries", "0..3"]).status == 64)
    #expect(try CommandLineRun(["prove", snapshot, "--ordinal", "3", "-o", "\(folder.path)/p"]).status == 64)
  }

  @Test func `diff of snapshots names what differs`() throws {
    let same = try CommandLineRun(["diff", snapshot, snapshot])
    #expect(same.status == 0)
    var entries = SnapshotReadingTests.entries
    entries[9] = #"{"event_type":"STORE","object_id":"o\n\u0000","version":9223372036854775807,"content_size":10}"#
    entries.append(#"{"event_type":"NODE_REGISTRATION","node_id":"late"}"#)
    let other = "\(folder.path)/other.sqlite"
    let otherLog = try folder.write(LogText.lines(entries), "other.jsonl")
    #expect(try CommandLineRun(["replay", otherLog, "--state-out", other, "-q"]).status == 0)
    let run = try CommandLineRun(["diff", snapshot, other, "--json"])
    #expect(run.status == 1)
    let difference = try run.json
    #expect(difference["equal"] == .boolean(false))
    let nodes = try difference.object("nodes")
    #expect(nodes["only_in_second"] == .integer(1))
    #expect(try nodes.elements("items").contains { $0.objectValue?["node_id"] == .text("late") })
    let objects = try difference.object("objects")
    #expect(objects["different"] == .integer(1))
    let item = try #require(objects.elements("items").first?.objectValue)
    #expect(item["version"]?.canonicalText == "9223372036854775807")
    let fields = try item.elements("fields").compactMap { $0.objectValue?["field"]?.canonicalText }
    #expect(fields.sorted() == [#""hash_commit""#, #""shards""#, #""store_event_id""#])
    let events = try difference.object("events")
    #expect(events["different"] == .integer(1))
    #expect(events["only_in_second"] == .integer(1))
    #expect(try CommandLineRun(["diff", snapshot, log]).status == 6)
  }

  // MARK: Changes

  /// Every column of every table, and a value that no row has there.
  private static let cells: [(table: String, column: String, value: String)] = [
    ("nodes", "node_id", "x'00'"), ("nodes", "host", "x'00'"), ("nodes", "port", "7"), ("nodes", "status", "'revoked'"),
    ("nodes", "uptime_bucket", "'1.000000000000000000'"), ("nodes", "bytes_stored", "'7.000000000000000000'"),
    ("nodes", "proofs_verified", "'77.000000000000000000'"), ("nodes", "is_aegis_verified", "7"),
    ("nodes", "aegis_verification_epoch", "7"), ("objects", "object_id", "x'00'"), ("objects", "version", "7"),
    ("objects", "hash_commit", "zeroblob(32)"), ("objects", "created_at_tick", "7"), ("objects", "metadata", "'{}'"),
    ("objects", "metadata", "NULL"), ("objects", "shard_count", "0"), ("objects", "store_event_id", "zeroblob(32)"),
    ("shards", "object_id", "x'00'"), ("shards", "version", "7"), ("shards", "shard_index", "7"),
    ("shards", "shard_id", "zeroblob(32)"), ("shards", "size", "7"), ("shards", "merkle_root", "NULL"),
    ("shards", "merkle_root", "zeroblob(32)"), ("shards", "store_event_id", "zeroblob(32)"),
    ("replicas", "object_id", "x'00'"), ("replicas", "version", "7"), ("replicas", "shard_index", "7"),
    ("replicas", "replica_index", "7"), ("replicas", "node_id", "x'00'"), ("events", "event_number", "777"),
    ("events", "event_id", "zeroblob(32)"), ("events", "fields", "fields || ' '"), ("epochs", "advancement", "7"),
    ("epochs", "ordinal", "7"), ("epochs", "epoch", "7"), ("epochs", "event_count", "7"),
    ("epochs", "log_root", "zeroblob(32)"), ("epochs", "nodes_root", "zeroblob(32)"), ("epochs", "node_count", "7"),
    ("epochs", "object_count", "7"), ("epochs", "shard_count", "7"),
    ("epochs", "total_atr_fees", "'7.000000000000000000'"), ("epochs", "total_nod_rewards", "'7.000000000000000000'"),
    ("meta", "name", "'other'"),
  ]

  @Test func `one changed cell is found by every verb that reads`() throws {
    let names = try StockSQLite(path: snapshot).rows("SELECT name FROM meta").map { try $0.text("name") }
    #expect(names.count > 15)
    var changes = SnapshotReadingTests.cells.map { cell in
      "UPDATE \(cell.table) SET \(cell.column) = \(cell.value) WHERE \(Self.firstRow(cell.table))"
    }
    changes += names.map { "UPDATE meta SET value = value || '0' WHERE name = '\($0)'" }
    changes += ["nodes", "objects", "shards", "replicas", "events", "epochs", "meta"].map {
      "DELETE FROM \($0) WHERE \(Self.firstRow($0))"
    }
    changes += [
      "INSERT INTO replicas VALUES (x'6e6f6e65', 1, 0, 0, x'61')", "INSERT INTO meta VALUES ('more', '')",
      "CREATE TABLE more (a)", "DROP VIEW nodes_text", "PRAGMA user_version = 2",
      "CREATE TRIGGER more AFTER INSERT ON nodes BEGIN SELECT 1; END",
      "CREATE TRIGGER meta AFTER INSERT ON nodes BEGIN SELECT 1; END", "PRAGMA journal_mode = WAL",
    ]
    for change in changes { try expectFound(change) }
  }

  /// A condition that only the first row of a table meets.
  private static func firstRow(_ table: String) -> String {
    switch table {
    case "nodes": "node_id = (SELECT min(node_id) FROM nodes)"
    case "objects": "object_id = x''"
    case "shards": "object_id = x'' AND shard_index = 1"
    case "replicas": "object_id = x'' AND shard_index = 1 AND replica_index = 2"
    case "events": "event_number = (SELECT max(event_number) FROM events)"
    case "epochs": "advancement = 1"
    default: "name = 'constants'"
    }
  }

  private func expectFound(_ change: String) throws {
    let path = "\(folder.path)/changed.sqlite"
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: snapshot, toPath: path)
    let before = try folder.read("changed.sqlite")
    try StockSQLite(path: path).change(change)
    try #require(try folder.read("changed.sqlite") != before, "\(change) changes nothing")
    let target = "\(folder.path)/target"
    for arguments in [
      ["inspect", path], ["inspect", path, "--object", "none"], ["prove", path, "--event", "0", "-o", target],
      ["diff", snapshot, path], ["diff", path, snapshot], ["export", path, "--to", "jsonl", "-o", target],
      ["export", path, "--to", "sqlite", "-o", target], ["export", path, "--to", "postgres", "-o", target],
      ["reconcile", path, "--postgres", "host=/nowhere"],
    ] {
      let run = try CommandLineRun(arguments)
      #expect(run.status == 4, "\(change): \(arguments[0]) \(run.errors)")
      #expect(run.output.isEmpty, "\(change): \(arguments[0])")
      #expect(!FileManager.default.fileExists(atPath: target))
    }
  }

  @Test func `a snapshot is no log`() throws {
    for verb in [
      ["replay"], ["check"], ["drill", "--out", "\(folder.path)/out"], ["restore", "-o", "\(folder.path)/out"],
    ] {
      let run = try CommandLineRun([verb[0], snapshot] + verb.dropFirst())
      #expect(run.status == 6, "\(verb[0]): \(run.errors)")
      #expect(run.errors.contains("is a snapshot"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/out"))
    }
  }

  @Test func `a snapshot with a changed byte is never taken`() throws {
    let bytes = try folder.read("state.sqlite")
    var taken: [Int] = []
    let expected = try CommandLineRun(["inspect", snapshot, "--json"]).json.required("commitment").canonicalText
    for place in stride(from: 16, to: bytes.count, by: bytes.count / 97) {
      var changed = bytes
      changed[place] ^= 0x21
      let path = try folder.write(changed, "flipped.sqlite")
      let run = try CommandLineRun(["inspect", path, "--json"])
      if run.status == 0 {
        // Free room of a page, or what SQLite itself does not look at: the rows are the same.
        #expect(try run.json.required("commitment").canonicalText == expected)
        taken.append(place)
      } else {
        #expect([2, 4].contains(run.status), "byte \(place): \(run.errors)")
        #expect(run.output.isEmpty)
      }
    }
    #expect(taken.count < 97, "no change was found")
  }
}
