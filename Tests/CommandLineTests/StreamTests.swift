import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Standard input, settings, signals and memory.
@Suite struct StreamTests {
  private let small = Fixture.path("runbook-small.json")

  private func stateRoot(_ run: CommandLineRun) throws -> String {
    try run.json.object("commitment").text("state_root")
  }

  @Test func `standard input is an array, lines or frames by its first bytes`() throws {
    let array = Array(try Data(contentsOf: URL(fileURLWithPath: small)))
    let root = try Fixture.expected("runbook-small").object("commitment").text("state_root")
    let entries = try #require(JSONText.value(array).elements)
    let lines = entries.map { JSONFormat.line.encode($0) + [UInt8(ascii: "\n")] }.flatMap { $0 }
    for input in [array, lines, FrameEncoder().encode(array), FrameEncoder().encode(lines)] {
      #expect(try stateRoot(CommandLineRun(["replay", "-", "--json"], input: input)) == root)
    }
    #expect(try CommandLineRun(["replay", "-"], input: []).status == 3, "0 bytes are an empty log")
  }

  @Test func `memory does not grow with a log ten times as long`() throws {
    let folder = try TemporaryFolder()
    let entry =
      #"{"event_type":"READ","object_id":"an object of some name","version":1,"note":"\#(String(repeating: "x", count: 100))"}"#
    func peak(_ count: Int, _ form: String) throws -> UInt64 {
      let isArray = form.hasPrefix("json.") || form == "json"
      let text =
        isArray
        ? "[" + Array(repeating: entry, count: count).joined(separator: ",\n") + "]"
        : Array(repeating: entry + "\n", count: count).joined()
      let bytes = form.hasSuffix("lz4") ? FrameEncoder().encode(Array(text.utf8)) : Array(text.utf8)
      let run = try CommandLineRun(["replay", folder.write(bytes, "log.\(form)"), "--json"])
      #expect(try run.json.object("entries")["acknowledged"] == .integer(count))
      return try #require(run.json.object("run")["peak_memory_bytes"]?.integer(as: UInt64.self))
    }
    for form in ["json", "jsonl", "json.lz4", "jsonl.lz4"] {
      let short = try peak(20_000, form)
      let long = try peak(200_000, form)
      #expect(long < short + 4 << 20, "\(form): \(short) bytes, and \(long) for ten times as much")
    }
  }

  @Test func `options come from the command line, the environment and the configuration file, in this order`() throws {
    let folder = try TemporaryFolder()
    let config = try folder.write(#"{"profile": "drill", "json": true, "threshold": 0.5}"#, "config.json")
    let log = Fixture.path("runbook-drill-profile.json")
    let drill = try Fixture.expected("runbook-drill-profile").object("commitment").text("state_root")
    #expect(try stateRoot(CommandLineRun(["replay", log, "--config", config])) == drill)
    #expect(
      try stateRoot(CommandLineRun(["replay", log, "--json"], environment: ["EQM_REPLAY_PROFILE": "drill"])) == drill)
    let runbook = try stateRoot(CommandLineRun(["replay", log, "--json"]))
    #expect(runbook != drill)
    let environment = ["EQM_REPLAY_PROFILE": "runbook"]
    #expect(try stateRoot(CommandLineRun(["replay", log, "--config", config], environment: environment)) == runbook)
    let target = "\(folder.path)/typed"
    for output in [["-o", target], ["-o=\(target)"], ["--output=\(target)"]] {
      _ = try CommandLineRun(
        ["export", log, "--to", "jsonl"] + output, environment: ["EQM_REPLAY_OUTPUT": "\(folder.path)/environment"])
      #expect(try folder.names == ["config.json", "typed"], "\(output)")
      try FileManager.default.removeItem(atPath: target)
    }
    let typed = ["replay", log, "--profile", "runbook", "--config", config]
    #expect(try stateRoot(CommandLineRun(typed)) == runbook)
  }

  @Test func `a configuration file that cannot be used is refused`() throws {
    let folder = try TemporaryFolder()
    let unknown = try folder.write(#"{"profil": "drill"}"#, "unknown.json")
    let broken = try folder.write("profile = drill", "broken.json")
    #expect(try CommandLineRun(["replay", small, "--config", unknown]).status == 64)
    #expect(try CommandLineRun(["replay", small, "--config", broken]).status == 64)
    #expect(try CommandLineRun(["replay", small, "--config", "\(folder.path)/missing"]).status == 2)
  }

  @Test(arguments: [("INT", 130), ("TERM", 143), ("HUP", 143)])
  func `a signal ends a run and leaves nothing half-written`(signal: String, status: Int) throws {
    let folder = try TemporaryFolder()
    for verb in ["drill - --out '\(folder.path)'", "export - --to jsonl -o '\(folder.path)/out'", "replay -"] {
      // The pipe stays open: the program waits for input that never comes.
      let run = try CommandLineRun(
        shell: """
          mkfifo pipe; exec 9<>pipe; echo '{"event_type":"READ"}' >&9
          TMPDIR="$PWD" $EQM \(verb) <&9 & sleep 0.5; kill -\(signal) $!; wait $!
          """, folder: scratch.path)
      #expect(run.status == Int32(status), "\(verb): \(run.errors)")
      #expect(run.output.isEmpty)
      #expect(try scratch.names == ["pipe"])
      try FileManager.default.removeItem(atPath: "\(scratch.path)/pipe")
    }
    #expect(try folder.names == [])
  }

  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  @Test func `inspect counts what a log holds`() throws {
    let run = try CommandLineRun(["inspect", Fixture.path("live-mixed.jsonl.lz4"), "--stats", "--json"])
    #expect(run.status == 0)
    let expected = try Fixture.expected("live-mixed")
    #expect(try run.json.object("entries")["total"] == expected["total"])
    let stores = try run.json.object("stores")
    #expect(try stores["with_payload"] == expected.object("stores")["reexecuted"])
    #expect(try stores["carried"] == expected.object("stores")["carried"])
    #expect(try run.json.object("log").text("container") == "lines")
  }

  @Test func `texts of a log cannot forge lines or steer a terminal`() throws {
    let log = try scratch.write(#"{"event_type":"\u001b[31mX\nverdict        PASSED","object_id":"a"}"#, "log.jsonl")
    for verb in ["inspect", "replay"] {
      let run = try CommandLineRun([verb, log])
      #expect(!run.output.contains(0x1B))
      #expect(!String(decoding: run.output, as: UTF8.self).contains("\nverdict        PASSED"))
    }
  }

  @Test func `a name in the environment that is no option is refused`() throws {
    for name in ["EQM_REPLAY_EXPECT_STATE_ROOTS", "EQM_REPLAY_WORKER"] {
      let run = try CommandLineRun(["replay", small], environment: [name: "1"])
      #expect(run.status == 64)
      #expect(run.errors.contains(name))
    }
  }

  @Test func `quiet says nothing on the error stream and verbose names the steps`() throws {
    let quiet = try CommandLineRun(["replay", small, "-q"])
    #expect(quiet.errors.isEmpty)
    let verbose = try CommandLineRun(["drill", small, "-v", "--out", scratch.path])
    let steps = ["prepare", "load", "replay", "verify", "evidence"].map { "step: \($0)\n" }.joined()
    // Behind them, what they took.
    #expect(verbose.errors.hasPrefix(steps + "step  "), "\(verbose.errors)")
  }
}
