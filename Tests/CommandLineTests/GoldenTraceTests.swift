import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `golden`, `verify` and `stress` through the command line.
@Suite struct GoldenTraceTests {
  private let log = "live-control.jsonl.lz4"

  /// Records the trace of a fixture into `folder`.
  private func record(_ log: String, in folder: borrowing TemporaryFolder) throws -> String {
    let path = "\(folder.path)/trace.eqm-golden"
    let run = try CommandLineRun(["golden", Fixture.path(log), "-o", path, "-q"])
    #expect([0, 1, 3].contains(run.status), "\(run.errors)")
    return path
  }

  private func lines(_ log: String) throws -> [[UInt8]] {
    try Fixture.bytes(of: log).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  /// The lines of a fixture, changed, as a log of its own.
  private func changed(
    _ log: String, in folder: borrowing TemporaryFolder, _ change: (inout [[UInt8]]) -> Void
  ) throws -> String {
    var lines = try self.lines(log)
    change(&lines)
    return try folder.write(Array(lines.joined(separator: [UInt8(ascii: "\n")])), "changed.jsonl")
  }

  @Test(arguments: [
    "live-control.jsonl.lz4", "live-unlogged.jsonl.lz4", "bad-entries.jsonl.lz4", "runbook-quirks.json",
  ])
  func `a parallel replay equals its golden trace at every event and checkpoint`(log: String) throws {
    let folder = try TemporaryFolder()
    let trace = try record(log, in: folder)
    for shape in [["--workers", "1"], ["--workers", "3", "--partitions", "7"]] {
      let run = try CommandLineRun(["verify", Fixture.path(log), "--golden", trace, "--json", "-q"] + shape)
      let comparison = try run.json.object("comparison")
      #expect(try comparison.elements("with").contains(.text("golden")))
      // A log that diverges from its own record is unequal for that reason, and for no other.
      #expect(try comparison.object("sides").object("golden")["equal"] == .boolean(true))
      let field = comparison["first_divergence"]?.objectValue?["field"]?.canonicalText
      #expect(field == (log.hasPrefix("live-unlogged") ? #""replica_sets""# : nil))
    }
  }

  @Test func `an event that is missing, added or changed is found at its ordinal`() throws {
    let folder = try TemporaryFolder()
    let trace = try record(log, in: folder)
    let pair = GoldenTraceTests.pairOfStores(try lines(log))
    let changes: [(ordinal: Int, change: (inout [[UInt8]]) -> Void)] = [
      (pair, { $0.remove(at: pair) }), (pair + 1, { $0.insert($0[pair], at: pair) }),
      (pair, { $0.swapAt(pair, pair + 1) }),
    ]
    for (ordinal, change) in changes {
      let changed = try changed(log, in: folder, change)
      let run = try CommandLineRun(["replay", changed, "--verify", "golden:\(trace)", "--json", "-q"])
      #expect(run.status == 1)
      let golden = try run.json.object("comparison").object("sides").object("golden")
      #expect(golden["equal"] == .boolean(false))
      let first = try golden.object("first_divergence")
      #expect(try first.text("field") == "event_id")
      #expect(first["ordinal"] == .integer(ordinal))
      _ = try FileManager.default.removeItem(atPath: changed)
    }
  }

  /// A control call that no event shows: the first checkpoint behind it does.
  @Test func `a state that differs is found at the checkpoint behind it, before later events`() throws {
    let folder = try TemporaryFolder()
    let entries = [
      #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#,
      #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":5}"#,
      #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1}"#,
      #"{"event_type":"STORE","object_id":"a","version":1,"content_size":1}"#,
    ]
    let trace = "\(folder.path)/trace.eqm-golden"
    let recorded = try folder.write(LogText.lines(entries), "recorded.jsonl")
    #expect(try CommandLineRun(["golden", recorded, "-o", trace, "-q"]).status == 0)
    let changes = [
      entries[0], #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":6}"#, entries[2],
      #"{"event_type":"STORE","object_id":"b","version":1,"content_size":1}"#,
    ]
    let changed = try folder.write(LogText.lines(changes), "changed.jsonl")
    let run = try CommandLineRun(["verify", changed, "--golden", trace, "--json", "-q"])
    let first = try run.json.object("comparison").object("first_divergence")
    #expect(run.status == 1)
    #expect(try first.text("field") == "checkpoint.nodes_root")
    #expect(first["ordinal"] == .integer(2))
  }

  /// The place of the first two different STOREs in a row.
  private static func pairOfStores(_ lines: [[UInt8]]) -> Int {
    let isStore = lines.map { String(decoding: $0, as: UTF8.self).contains(#""event_type": "STORE""#) }
    return lines.indices.dropLast().first { isStore[$0] && isStore[$0 + 1] && lines[$0] != lines[$0 + 1] } ?? 0
  }

  @Test func `events left over on either side are a difference`() throws {
    let folder = try TemporaryFolder()
    let trace = try record(log, in: folder)
    let shorter = try changed(log, in: folder) { $0.removeLast(5) }
    let run = try CommandLineRun(["verify", shorter, "--golden", trace, "--json", "-q"])
    #expect(run.status == 1)
    let first = try run.json.object("comparison").object("first_divergence")
    #expect(try ["event_log_count", "checkpoints"].contains(first.text("field")))
    let longer = try changed(log, in: folder) { $0.append($0[GoldenTraceTests.pairOfStores($0)]) }
    let other = try CommandLineRun(["verify", longer, "--golden", trace, "--json", "-q"])
    #expect(other.status == 1)
    let surplus = try other.json.object("comparison").object("sides").object("golden").object("first_divergence")
    #expect(try surplus.text("field") == "event_id")
    #expect(surplus["expected"] == .null, "the trace has no such event")
  }

  @Test func `a trace that is cut, changed, of other options or no trace is refused before any work`() throws {
    let folder = try TemporaryFolder()
    let trace = try record(log, in: folder)
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: trace)))
    var flipped = bytes
    flipped[bytes.count / 2] ^= 1
    for (name, text) in [
      ("cut", Array(bytes.dropLast(10))), ("shorter", Array(bytes.prefix(200))), ("flipped", flipped),
      ("empty", []), ("other", Array("{}".utf8)), ("longer", bytes + [0]),
    ] {
      let path = try folder.write(text, name)
      let run = try CommandLineRun(["verify", Fixture.path(log), "--golden", path, "-q"])
      #expect(run.status == 6, "\(name)")
      #expect(run.errors.contains(path), "\(run.errors)")
    }
    #expect(try CommandLineRun(["verify", Fixture.path(log), "--golden", "\(folder.path)/none", "-q"]).status == 6)
    let other = try CommandLineRun(["verify", Fixture.path(log), "--golden", trace, "--profile", "drill", "-q"])
    #expect(other.status == 6)
    #expect(other.errors.contains("another profile"))
  }

  @Test func `a trace is not overwritten without force`() throws {
    let folder = try TemporaryFolder()
    let trace = try record(log, in: folder)
    #expect(try CommandLineRun(["golden", Fixture.path(log), "-o", trace, "-q"]).status == 6)
    #expect(try CommandLineRun(["golden", Fixture.path(log), "-o", trace, "-q", "--force"]).status == 0)
  }

  @Test func `a drill compares with a golden trace and names its root`() throws {
    let folder = try TemporaryFolder()
    let trace = try record(log, in: folder)
    let out = try TemporaryFolder()
    let run = try CommandLineRun(["drill", Fixture.path(log), "--golden", trace, "--out", out.path, "--json"])
    #expect(run.status == 0)
    #expect(
      try run.json.object("comparison").elements("with")
        == [.text("recorded"), .text("sequential"), .text("golden")])
    let name = try out.names.first ?? ""
    let evidence = try #require(try CommandLineRun.object(out.read(name)))
    let verification = try evidence.object("verification")
    #expect(verification["golden_root"] == verification["state_root"])
  }

  @Test(arguments: Fixture.logs.filter { !$0.hasPrefix("vm-trace") && !$0.hasPrefix("runbook-20k") })
  func `random schedules give one root`(log: String) throws {
    let profile = log.hasPrefix("runbook-drill") ? "drill" : "runbook"
    let run = try CommandLineRun([
      "stress", Fixture.path(log), "--seeds", "10", "--workers", "1,2,3,8", "--partitions", "1,16,256", "--profile",
      profile, "--json", "-q",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let result = try run.json
    #expect(result["equal"] == .boolean(true))
    #expect(result["schedules"] == .integer(22))
    #expect(try result.text("state_root") == Fixture.expected(log).object("commitment").text("state_root"))
  }

  @Test func `without the processor's vectors the root is the same`() throws {
    let run = try CommandLineRun(
      shell: "EQM_REPLAY_SIMD=off $EQM replay '\(Fixture.path(log))' --json -q")
    #expect(
      try run.json.object("commitment").text("state_root")
        == Fixture.expected(log).object("commitment").text("state_root"))
  }

  @Test(arguments: [
    ["--workers", "0"], ["--workers", "x"], ["--partitions", "0"], ["--partitions", "4097"],
    ["--sequential", "--verify", "sequential"], ["--verify", "golden:"], ["--verify", "somebody"],
  ])
  func `numbers and sides that make no sense are usage errors`(arguments: [String]) throws {
    #expect(try CommandLineRun(["replay", Fixture.path(log)] + arguments).status == 64)
  }
}
