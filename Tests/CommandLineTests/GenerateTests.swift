import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `generate`, and the views of `inspect`.
@Suite struct GenerateTests {
  @Test(arguments: ["uniform", "zipf", "hot-object", "epoch-storm", "many-nodes", "tiny", "large-content", "recorded"])
  func `a generated log has as many entries, explains itself, and is the same archive or file`(workload: String) throws
  {
    let folder = try TemporaryFolder()
    let count = workload == "large-content" ? 40 : 3000
    let arguments = ["generate", "--entries", "\(count)", "--workload", workload, "--seed", "7", "-q"]
    for output in ["a.eqm", "b.eqm", "log.jsonl", "log.json.lz4"] {
      let run = try CommandLineRun(arguments + ["-o", "\(folder.path)/\(output)"])
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try CommandLineRun(shell: "diff -r a.eqm b.eqm", folder: folder.path).status == 0)
    var results: Set<String> = []
    for log in ["a.eqm", "log.jsonl", "log.json.lz4"] {
      let run = try CommandLineRun(["replay", "\(folder.path)/\(log)", "--json", "-q", "--verify", "sequential"])
      #expect(run.status == 0, "\(run.errors)")
      #expect(try run.json.object("entries")["applied"] == .integer(count))
      #expect(try run.json.object("entries")["diverged"] == .integer(0))
      results.insert(try run.json.object("commitment").canonical)
    }
    #expect(results.count == 1)
  }

  @Test func `faults are rejected or unknown, and another seed is another log`() throws {
    let folder = try TemporaryFolder()
    let log = "\(folder.path)/log.eqm"
    let arguments = ["generate", "--entries", "4000", "-o", log, "-q"]
    #expect(try CommandLineRun(arguments + ["--faults"]).status == 0)
    let run = try CommandLineRun(["replay", log, "--json", "-q", "--verify", "sequential"])
    #expect(run.status == 3)
    let entries = try run.json.object("entries")
    #expect(entries["total"] == .integer(4000))
    #expect(try run.json.object("comparison")["equal"] == .boolean(true))
    #expect(try entries.object("rejected_by_code").members.count == 4)
    #expect(entries["unsupported"] != .integer(0))
    let roots = try ["1", "2"].map { seed in
      #expect(try CommandLineRun(arguments + ["--force", "--seed", seed]).status == 0)
      return try CommandLineRun(["replay", log, "--json", "-q"]).json.object("commitment").canonical
    }
    #expect(roots[0] != roots[1])
    #expect(try CommandLineRun(arguments).status == 6)
    #expect(try CommandLineRun(arguments + ["--workload", "other"]).status == 64)
  }

  @Test func `a log has the shape that was asked for, and none that its workload cannot have`() throws {
    let folder = try TemporaryFolder()
    let log = "\(folder.path)/log.eqm"
    let arguments = ["generate", "--entries", "500", "-o", log, "-q", "--force"]
    let content = ["--workload", "uniform", "--content-bytes", "5KiB", "--nodes", "40", "--epoch-every", "23"]
    #expect(try CommandLineRun(arguments + content).status == 0)
    let run = try CommandLineRun(["replay", log, "--json", "-q", "--verify", "sequential"])
    #expect(run.status == 0, "\(run.errors)")
    let state = try run.json.object("state")
    #expect(state["node_count"] == .integer(40))
    // 40 registrations, then 23 STOREs and an epoch by turns.
    #expect(state["current_epoch"] == .integer(19))
    #expect(
      try CommandLineRun(["inspect", log, "--json", "-q"]).json.object("stores")["content_bytes"]
        == .integer(441 * 5120))
    #expect(try CommandLineRun(arguments + ["--workload", "hot-object", "--hot-percent", "60"]).status == 0)
    for (workload, option, value) in [
      ("recorded", "--content-bytes", "10"), ("uniform", "--content-bytes", "65MiB"),
      ("uniform", "--content-bytes", "x"),
      ("recorded", "--nodes", "2"), ("recorded", "--nodes", "100001"), ("recorded", "--epoch-every", "0"),
      ("recorded", "--hot-percent", "10"), ("hot-object", "--hot-percent", "91"),
    ] {
      let run = try CommandLineRun(arguments + ["--workload", workload, option, value])
      #expect(run.status == 64 && run.errors.contains(option), "\(workload) \(option) \(value): \(run.errors)")
    }
  }

  @Test func `entries are shown as written, by ordinal and by object`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    let lines = try Fixture.bytes(of: "live-content.jsonl.lz4").split(separator: UInt8(ascii: "\n"))
    let run = try CommandLineRun(["inspect", archive, "--entries", "3..5", "-q"])
    #expect(run.status == 0)
    let shown = String(decoding: run.output, as: UTF8.self).split(separator: "\n")
    #expect(shown == (3...5).map { "\($0)\t\(String(decoding: lines[$0], as: UTF8.self))" }[...].map { $0[...] })
    #expect(try CommandLineRun(["inspect", archive, "--entries", "1000", "--json"]).json.elements("entries").isEmpty)
    let largest = try CommandLineRun(["inspect", archive, "--json"]).json.elements("largest_objects")
    let first = try #require(largest.first?.objectValue)
    let found = try CommandLineRun(["inspect", archive, "--object", first.text("object_id"), "--json"]).json
    let ordinals = try found.elements("entries").map { $0.objectValue?["ordinal"] }
    #expect(ordinals.contains(first["ordinal"]))
    for bad in ["x", "5..3", "1..2..3", ".."] {
      #expect(try CommandLineRun(["inspect", archive, "--entries", bad]).status == 64)
    }
  }
}
