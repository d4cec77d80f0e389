import Foundation
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// Snapshots: the bytes that a replay writes, and what reads them.
@Suite struct SnapshotTests {
  private static let mixed = Fixture.path("live-mixed.jsonl.lz4")

  /// The snapshot of a log, in a folder of its own.
  private func snapshot(_ log: String = mixed, _ options: [String] = []) throws -> (TemporaryFolder, StockSQLite) {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/state.sqlite"
    let run = try CommandLineRun(["replay", log, "--state-out", path, "-q"] + options)
    try #require([0, 1, 3].contains(run.status), "\(run.errors)")
    #expect(try folder.names == ["state.sqlite"])
    return (folder, StockSQLite(path: path, folder: folder))
  }

  @Test(arguments: ["live-mixed.jsonl.lz4", "live-content.jsonl.lz4", "bad-entries.jsonl.lz4", "runbook-small.json"])
  func `the same state gives the same bytes, whoever wrote it`(log: String) throws {
    let (folder, first) = try snapshot(Fixture.path(log), ["--workers", "1"])
    let bytes = try folder.read("state.sqlite")
    let archive = "\(folder.path)/archive"
    let packed = try CommandLineRun(["pack", Fixture.path(log), "-o", archive, "--segment-bytes", "4KiB", "-q"])
    #expect([0, 3].contains(packed.status), "\(packed.errors)")
    let shapes = [
      ["--workers", "2"], ["--workers", "8", "--partitions", "1"], ["--workers", "3", "--partitions", "256"],
    ]
    for (source, options) in shapes.map({ (Fixture.path(log), $0) }) + [(archive, ["--workers", "2"])] {
      let (other, second) = try snapshot(source, options)
      #expect(try other.read("state.sqlite") == bytes, "\(source) \(options)")
      #expect(try second.sha3() == first.sha3())
    }
    let copy = try CommandLineRun(["export", first.path, "--to", "sqlite", "-o", "\(folder.path)/copy.sqlite", "-q"])
    #expect(copy.status == 0, "\(copy.errors)")
    #expect(try folder.read("copy.sqlite") == bytes)
  }

  @Test func `a snapshot says its digests, which sqlite3 computes too`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/state.sqlite"
    let run = try CommandLineRun(["replay", SnapshotTests.mixed, "--state-out", path, "--json", "-q"])
    let said = try run.json.object("snapshot")
    #expect(try said.text("path") == path)
    let stock = StockSQLite(path: path)
    let digests = try said.object("sha3_256")
    for table in ["nodes", "objects", "shards", "replicas", "events", "epochs"] {
      #expect(try digests.text(table) == stock.sha3(table), "\(table)")
    }
    let file = try folder.read("state.sqlite")
    #expect(try said.text("sha256") == Digest.sha256(file).hexadecimal)
    #expect(try said.required("bytes") == .integer(file.count))
    let counts = try stock.rows(
      """
      SELECT (SELECT count(*) FROM nodes) + (SELECT count(*) FROM objects) + (SELECT count(*) FROM shards)
        + (SELECT count(*) FROM replicas) + (SELECT count(*) FROM events) + (SELECT count(*) FROM epochs)
        + (SELECT count(*) FROM meta) AS count
      """)
    #expect(try said.required("rows") == counts.first?.required("count"))
  }

  @Test func `sqlite3 finds every event id to be the hash of its fields`() throws {
    let (_, stock) = try snapshot()
    let wrong = try stock.rows("SELECT count(*) AS count FROM events WHERE sha3(fields, 256) <> event_id")
    #expect(try wrong.first?.required("count") == .integer(0))
    #expect(try stock.rows("PRAGMA integrity_check").first?.text("integrity_check") == "ok")
  }

  @Test func `views answer what operators ask`() throws {
    let (_, stock) = try snapshot()
    for view in [
      "nodes_text", "objects_text", "shards_text", "replicas_text", "events_text", "epochs_text", "growth_by_epoch",
    ] {
      #expect(try !stock.rows("SELECT * FROM \(view) LIMIT 1").isEmpty, "\(view)")
    }
    let held = try stock.rows(
      "SELECT (SELECT count(*) FROM node_holdings) AS held, (SELECT count(*) FROM replicas) AS replicas")
    #expect(try held.first?.required("held") == held.first?.required("replicas"))
    let stored = try stock.rows(
      "SELECT sum(stores) AS stores, (SELECT count(*) FROM events_text WHERE event_type = 'STORE') AS events"
        + " FROM growth_by_epoch")
    #expect(try stored.first?.required("stores") == stored.first?.required("events"))
  }

  @Test func `an object is at risk when too few of its nodes live`() throws {
    let lines = [
      #"{"event_type":"NODE_REGISTRATION","node_id":"a"}"#, #"{"event_type":"NODE_REGISTRATION","node_id":"b"}"#,
      #"{"event_type":"NODE_REGISTRATION","node_id":"c"}"#,
      #"{"event_type":"STORE","object_id":"x","version":1,"content_size":5}"#,
      #"{"event_type":"STORE","object_id":"empty","version":1,"content_size":0}"#,
    ]
    let dead = #"{"event_type":"NODE_STATUS","node_id":"b","status":"inactive"}"#
    let folder = try TemporaryFolder()
    let (_, well) = try snapshot(folder.write(LogText.lines(lines), "well.jsonl"))
    #expect(try well.rows("SELECT * FROM objects_at_risk").isEmpty)
    let (_, ill) = try snapshot(folder.write(LogText.lines(lines + [dead]), "ill.jsonl"))
    let rows = try ill.rows("SELECT * FROM objects_at_risk")
    #expect(rows.count == 1)
    #expect(try rows.first?.text("object") == "x")
    #expect(try rows.first?.required("fewest_live_replicas") == .integer(2))
  }

  @Test func `signed evidence of a drill names its snapshot`() throws {
    let drill = try DrilledEvidence()
    let (state, other) = (drill.path("state.sqlite"), drill.path("other.sqlite"))
    let run = try drill.drill(SnapshotTests.mixed, ["--state-out", state])
    try #require(run.status == 0, "\(run.errors)")
    let evidence = try drill.document(drill.file(".json"))
    let named = try evidence.object("snapshot")
    #expect(try named.text("name") == "state.sqlite")
    #expect(try named.text("sha256") == Digest.sha256(drill.bytes(state)).hexadecimal)
    for table in ["nodes", "objects", "shards", "replicas", "events", "epochs"] {
      #expect(try named.object("sha3_256").text(table) == StockSQLite(path: state).sha3(table))
    }
    let envelope = try drill.document(drill.file(".dsse.json"))
    let statement = try #require(try JSONText.value(DSSE(.object(envelope)).payload).objectValue)
    let subjects = try statement.elements("subject").compactMap { $0.objectValue?["name"] }
    #expect(subjects.contains(.text("state.sqlite")))
    func verify(_ snapshot: String) throws -> CommandLineRun {
      try CommandLineRun([
        "evidence", "verify", drill.file(".dsse.json"), "--key", drill.publicKey, "--snapshot", snapshot,
      ])
    }
    #expect(try verify(state).status == 0)
    let replay = try CommandLineRun(["replay", Fixture.path("runbook-small.json"), "--state-out", other, "-q"])
    #expect(replay.status == 0)
    #expect(try verify(other).status == 1)
    try StockSQLite(path: state).change("UPDATE nodes SET port = port + 1")
    #expect(try verify(state).status == 4)
    #expect(try CommandLineRun(["evidence", "show", drill.file(".json")]).output.count > 0)
  }

  @Test func `a drill of a damaged log writes evidence and no snapshot`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write(Array("{".utf8), "log.jsonl")
    let run = try drill.drill(log, ["--state-out", drill.path("state.sqlite")])
    #expect(run.status == 4)
    #expect(try drill.document(drill.file(".json")).required("snapshot").isNull)
    #expect(!FileManager.default.fileExists(atPath: drill.path("state.sqlite")))
  }

  // MARK: Targets

  @Test func `a file that is there stays, and nothing is replayed`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("mine".utf8), "state.sqlite")
    let run = try CommandLineRun(["replay", SnapshotTests.mixed, "--state-out", path])
    #expect(run.status == 6)
    #expect(run.output.isEmpty)
    #expect(try folder.read("state.sqlite") == Array("mine".utf8))
    let forced = try CommandLineRun(["replay", SnapshotTests.mixed, "--state-out", path, "--force", "-q"])
    #expect(forced.status == 0, "\(forced.errors)")
    #expect(try folder.read("state.sqlite").starts(with: Array("SQLite format 3".utf8)))
    let below = try CommandLineRun(["replay", SnapshotTests.mixed, "--state-out", "\(path)/below"])
    #expect(below.status == 6)
  }

  @Test func `a result replaces nothing that the run reads or writes besides`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write(LogText.lines([#"{"event_type":"NODE_REGISTRATION","node_id":"a"}"#]), "log.jsonl")
    let (trace, archive) = (drill.path("trace"), drill.path("log.eqm"))
    #expect(try CommandLineRun(["golden", log, "-o", trace]).status == 0)
    #expect(try CommandLineRun(["pack", log, "-o", archive]).status == 0)
    let before = try [log, trace, drill.key, "\(archive)/manifest.json"].map(drill.bytes)
    for arguments in [
      ["drill", log, "--sign", drill.key, "--out", drill.path("out"), "--state-out", drill.key],
      ["drill", log, "--golden", trace, "--out", drill.path("out"), "--state-out", trace],
      ["drill", log, "--out", drill.path("out"), "--state-out", drill.path("out/storage_replay_drill_20200101.json")],
      ["replay", log, "--verify", "golden:\(trace)", "--rejects", trace], ["replay", log, "--state-out", log],
      ["replay", log, "--rejects", drill.path("same"), "--state-out", drill.path("same")],
      ["replay", archive, "--state-out", "\(archive)/manifest.json"], ["replay", archive, "--rejects", "\(archive)/x"],
      ["export", archive, "--to", "jsonl", "-o", "\(archive)/manifest.json"],
    ] {
      let run = try CommandLineRun(arguments + ["--force"])
      #expect(run.status == 6, "\(arguments): \(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try [log, trace, drill.key, "\(archive)/manifest.json"].map(drill.bytes) == before)
    #expect(!FileManager.default.fileExists(atPath: "\(archive)/x"))
  }

  @Test func `a disk that is full leaves no snapshot`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(
      shell: "ulimit -f 100; \"$EQM\" replay '\(SnapshotTests.mixed)' --state-out '\(folder.path)/state.sqlite'")
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.errors.contains("cannot write"))
    #expect(run.output.isEmpty)
    #expect(try folder.names.isEmpty)
  }

  @Test func `a damaged log leaves no snapshot`() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(LogText.lines([#"{"event_type":"NODE_REGISTRATION","node_id":"a"}"#, "{"]), "log.jsonl")
    let run = try CommandLineRun(["replay", log, "--state-out", "\(folder.path)/state.sqlite"])
    #expect(run.status == 4)
    #expect(try folder.names == ["log.jsonl"])
  }

  @Test(arguments: [["--sequential"], ["--memory-limit", "64MiB"], ["--checkpoint-dir", "/tmp/nowhere"]])
  func `what cannot give a whole state is refused`(options: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(
      ["replay", SnapshotTests.mixed, "--state-out", "\(folder.path)/state.sqlite"] + options)
    #expect(run.status == 64)
    #expect(try folder.names.isEmpty)
  }

  @Test func `the state at a stop is written`() throws {
    let (_, stock) = try snapshot(SnapshotTests.mixed, ["--until-ordinal", "40"])
    let (_, whole) = try snapshot()
    #expect(try stock.sha3("events") != whole.sha3("events"))
    let run = try CommandLineRun(["replay", SnapshotTests.mixed, "--until-ordinal", "40", "--json", "-q"])
    let inspected = try CommandLineRun(["inspect", stock.path, "--json"]).json
    #expect(try inspected.required("commitment").canonicalText == run.json.required("commitment").canonicalText)
  }
}
