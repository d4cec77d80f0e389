import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

extension PostgresTests {
  private func loaded() throws -> (database: MirrorDatabase, log: String) {
    let database = try MirrorDatabase()
    let log = try database.folder.write(MirrorLog.bytes, "hostile.jsonl")
    try #require(database.export(log).status == 0)
    try #require(database.script("load.sql").status == 0)
    return (database, log)
  }

  @Test func `a load is rolled back whole when a file is not what was exported`() throws {
    let database = try MirrorDatabase()
    let log = try database.folder.write(MirrorLog.bytes, "hostile.jsonl")
    try #require(database.export(log).status == 0)
    // One line less; a byte less; one line twice; another byte; two values swapped; an empty file; none.
    let changes = [
      "sed -i '$d' events.copy", "truncate -s -1 meta.copy && truncate -s -9 meta.copy", "sed -i '1p' replicas.copy",
      "sed -i '1s/-9000/-9001/' nodes.copy",
      "sed -i '1s/101.0/102.0/' epochs.copy || true; sed -i 's/^0\\t/7\\t/' epochs.copy",
      ": > shards.copy", "rm objects.copy",
    ]
    for change in changes {
      try FileManager.default.copyItem(
        atPath: "\(database.folder.path)/mirror", toPath: "\(database.folder.path)/changed")
      let changed = try CommandLineRun(shell: change, folder: "\(database.folder.path)/changed")
      try #require(changed.status == 0, "\(change): \(changed.errors)")
      let load = try database.script("load.sql", in: "changed")
      #expect(load.status == 3, "\(change): \(load.errors)")
      #expect(try database.value("SELECT to_regnamespace('eqm_replay') IS NULL") == "t", "\(change)")
      try FileManager.default.removeItem(atPath: "\(database.folder.path)/changed")
    }
    #expect(try database.script("load.sql").status == 0)
    #expect(try database.reconcile(log).status == 0)
  }

  @Test func `tables that are there are replaced on request only, in one transaction`() throws {
    let (database, log) = try loaded()
    let other = Fixture.path("runbook-small.json")
    try #require(database.export(other, to: "other").status == 0)
    let again = try database.script("load.sql", in: "other")
    #expect(again.status == 3)
    #expect(again.errors.contains("already exists"))
    #expect(try database.reconcile(log).status == 0)

    try #require(CommandLineRun(shell: "sed -i '$d' events.copy", folder: "\(database.folder.path)/other").status == 0)
    #expect(try database.script("load.sql", in: "other", "-v replace=on").status == 3)
    #expect(try database.reconcile(log).status == 0, "a load that failed has replaced nothing")
    try #require(database.export(other, to: "other", ["--force"]).status == 0)

    #expect(try database.script("load.sql", in: "other", "-v replace=on").status == 0)
    #expect(try database.reconcile(log).status == 1)
    #expect(try database.reconcile(other).status == 0)
    #expect(try database.script("load.sql", in: "other", "-v schema='A \"b' -v replace=on").status == 0)
    #expect(try database.reconcile(other, ["--schema", "A \"b"]).status == 0)
  }

  @Test func `what cannot be read to the end is a failure, never an answer`() throws {
    let (database, log) = try loaded()
    let failing: [(statement: String, message: String)] = [
      ("ALTER TABLE eqm_replay.shards RENAME TO fragments", "\"shards\" does not exist"),
      ("ALTER TABLE eqm_replay.nodes DROP COLUMN status", "nodes.status is missing"),
      (
        "ALTER TABLE eqm_replay.objects ALTER COLUMN created_at_tick TYPE numeric",
        "objects.created_at_tick is of type numeric"
      ),
      (
        "ALTER TABLE eqm_replay.events RENAME TO e; "
          + "CREATE VIEW eqm_replay.events AS SELECT event_number, event_id, fields || (1 / (2 - event_number))::text AS fields "
          + "FROM eqm_replay.e", "psql failed on events"
      ),
    ]
    for (statement, message) in failing {
      let (other, _) = try loaded()
      try other.execute([statement])
      let run = try other.reconcile(log)
      #expect(run.status == 2, "\(statement): \(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    let absent = try CommandLineRun(["reconcile", log, "--postgres", "host=\(database.folder.path) dbname=x", "-q"])
    #expect(absent.status == 2)
    #expect(absent.errors.contains("psql failed before any table was read"))
    let unable = try CommandLineRun(
      ["reconcile", log, "--postgres", database.conninfo], environment: ["PATH": database.folder.path])
    #expect(unable.status == 2)
    #expect(unable.errors.contains("cannot run psql: No such file or directory"))
  }

  /// A psql that says less than it was asked for, whatever it says of how it ended.
  @Test(arguments: [
    "head -c -1", "head -n -1", "head -n 40", "head -c 5000", "sed 's/^.=meta$//'", "cat - /etc/hostname", "true",
  ])
  func `a short answer of psql is no answer`(filter: String) throws {
    let (database, log) = try loaded()
    let fake = "#!/bin/bash\n/usr/bin/psql \"$@\" | \(filter)\nexit 0\n"
    try FileManager.default.createDirectory(atPath: "\(database.folder.path)/bin", withIntermediateDirectories: true)
    try database.folder.write(fake, "bin/psql")
    try #require(CommandLineRun(shell: "chmod 755 bin/psql", folder: database.folder.path).status == 0)
    let run = try CommandLineRun(
      ["reconcile", log, "--postgres", database.conninfo],
      environment: ["PATH": "\(database.folder.path)/bin:/usr/bin:/bin"])
    #expect(run.status == 2, "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func `a row that no key allows is found`() throws {
    let (database, log) = try loaded()
    try database.execute([
      "SET search_path = eqm_replay",
      "ALTER TABLE objects DROP CONSTRAINT objects_pkey, DROP CONSTRAINT objects_version_check",
      "ALTER TABLE objects ALTER COLUMN object_id DROP NOT NULL",
      "CREATE TEMP TABLE one AS SELECT * FROM objects WHERE object_id = '\\x61' AND version = 0",
      "INSERT INTO objects SELECT * FROM one", "UPDATE one SET version = 'NaN'",
      "INSERT INTO objects SELECT * FROM one",
      "UPDATE one SET version = -1", "INSERT INTO objects SELECT * FROM one",
      "UPDATE one SET version = 99999999999999999999", "INSERT INTO objects SELECT * FROM one",
      "UPDATE one SET object_id = NULL", "INSERT INTO objects SELECT * FROM one",
      "ALTER TABLE objects ADD COLUMN note text",
    ])
    let run = try database.reconcile(log)
    #expect(run.status == 1, "\(run.errors)")
    #expect(try run.json["missing_count"] == .integer(0))
    #expect(try run.json["different_count"] == .integer(0))
    #expect(
      try run.json.elements("extra").map(PostgresTests.summary) == [
        #"objects \x61 -1"#, #"objects \x61 0"#, #"objects \x61 99999999999999999999"#, #"objects \x61 NaN"#,
        "objects NULL 99999999999999999999",
      ])
  }

  @Test func `row security that hides rows is a failure`() throws {
    let (database, log) = try loaded()
    let role = "reader_\(database.conninfo.suffix(8))"
    try database.execute([
      "CREATE ROLE \(role) LOGIN", "GRANT USAGE ON SCHEMA eqm_replay TO \(role)",
      "GRANT SELECT ON ALL TABLES IN SCHEMA eqm_replay TO \(role)",
    ])
    let conninfo = database.conninfo.replacingOccurrences(of: "user=postgres", with: "user=\(role)")
    #expect(try CommandLineRun(["reconcile", log, "--postgres", conninfo]).status == 0)
    try database.execute(["ALTER TABLE eqm_replay.nodes ENABLE ROW LEVEL SECURITY"])
    let run = try CommandLineRun(["reconcile", log, "--postgres", conninfo])
    #expect(run.status == 2)
    #expect(run.errors.contains("row-level security"))
  }

  /// psql waits for a lock when the signal comes; nobody waits any more once the program has ended.
  @Test func `a signal ends psql too`() throws {
    let (database, log) = try loaded()
    let run = try CommandLineRun(
      shell: """
        ask() { psql -X -A -t -q -d '\(database.conninfo)' -c "$1"; }
        ask "BEGIN; LOCK TABLE eqm_replay.nodes IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(600)" > /dev/null 2>&1 &
        waiting="SELECT count(*) FROM pg_locks WHERE relation = 'eqm_replay.nodes'::regclass AND NOT granted"
        locked="SELECT count(*) FROM pg_locks WHERE relation = 'eqm_replay.nodes'::regclass AND granted"
        until [ "$(ask "$locked")" = 1 ]; do :; done
        "$EQM" reconcile '\(log)' --postgres '\(database.conninfo)' -q &
        reconciling=$!
        until [ "$(ask "$waiting")" = 1 ]; do :; done
        kill -TERM $reconciling
        wait $reconciling
        status=$?
        until [ "$(ask "$waiting")" = 0 ]; do :; done
        ask "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()" > /dev/null
        exit $status
        """)
    #expect(run.status == 143)
    #expect(run.output.isEmpty)
  }

  @Test func `an export is there whole, and replaces nothing but an export`() throws {
    let database = try MirrorDatabase()
    let log = Fixture.path("runbook-small.json")
    #expect(try database.export(log).status == 0)
    let names = PostgresTests.tables.map { "\($0).copy" } + ["load.sql", "schema.sql", "verify.sql"]
    let listing = { (name: String) in
      try FileManager.default.contentsOfDirectory(atPath: "\(database.folder.path)/\(name)").sorted()
    }
    #expect(try listing("mirror") == names.sorted())
    #expect(try database.export(log).status == 6)
    #expect(try database.export(log, ["--force"]).status == 0)
    #expect(try listing("mirror") == names.sorted())
    try database.folder.write("mine", "mirror/notes.txt")
    #expect(try database.export(log, ["--force"]).status == 6)
    #expect(try database.folder.read("mirror/notes.txt") == Array("mine".utf8))
    let here = try CommandLineRun(
      ["export", log, "--to", "postgres", "-o", ".", "--force"], folder: "\(database.folder.path)/mirror")
    #expect(here.status == 6)
    let cut = try database.folder.write("[", "cut.json")
    #expect(try database.export(cut, to: "none").status == 4)
    #expect(try listing("").allSatisfy { ["mirror", "cut.json", "query.sql"].contains($0) })
  }
}
