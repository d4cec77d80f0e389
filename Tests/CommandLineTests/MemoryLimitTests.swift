import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `--memory-limit` and `--spill-dir`.
@Suite struct MemoryLimitTests {
  private static func count(_ run: JSONObject, _ name: String) throws -> Int {
    try #require(Int(run.required(name).canonicalText))
  }

  @Test func `a replay that has no room for its objects gives the same result, within the limit`() throws {
    let folder = try TemporaryFolder()
    let archive = "\(folder.path)/log"
    let made = try CommandLineRun(["generate", "-o", archive, "--entries", "400000", "-q"])
    #expect(made.status == 0, "\(made.errors)")
    let spill = "\(folder.path)/spill"
    let whole = try CommandLineRun(["replay", archive, "--json", "-q", "--workers", "2"])
    let limited = try CommandLineRun([
      "replay", archive, "--json", "-q", "--workers", "2", "--memory-limit", "256MiB", "--spill-dir", spill,
    ])
    #expect(limited.status == 0, "\(limited.errors)")
    #expect(try limited.json.text("result_digest") == whole.json.text("result_digest"))
    #expect(try limited.json.object("commitment") == whole.json.object("commitment"))
    let run = try limited.json.object("run")
    #expect(try Self.count(run, "spilled_partitions") > 0)
    #expect(try Self.count(run, "spilled_bytes") > 0)
    #expect(try Self.count(run, "memory_limit_bytes") == 256 << 20)
    #expect(try Self.count(run, "peak_memory_bytes") <= 256 << 20)
    #expect(try FileManager.default.contentsOfDirectory(atPath: spill) == [])
    let text = try CommandLineRun(["replay", archive, "-q", "--workers", "2", "--memory-limit", "256MiB"])
    #expect(String(decoding: text.output, as: UTF8.self).contains("limit of 256 MiB kept: peak "))
  }

  @Test(arguments: ["0.05", "0.15"])
  func `a replay that is killed leaves nothing on disk`(seconds: String) throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(
      shell: """
        timeout -s KILL \(seconds) $EQM replay '\(Fixture.path("vm-trace.jsonl.lz4"))' -q --workers 1 \
          --memory-limit 256MiB --spill-dir '\(folder.path)'
        """)
    // A fast machine may be done by then.
    #expect([0, 137, -9].contains(run.status), "\(run.errors)")
    #expect(try folder.names == [])
  }

  @Test func `a full disk ends the replay with exit status 2, and says which`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(
      shell: """
        ulimit -f 100
        $EQM replay '\(Fixture.path("vm-trace.jsonl.lz4"))' -q --memory-limit 256MiB --spill-dir '\(folder.path)'
        """)
    #expect(run.status == 2)
    #expect(run.errors.contains("cannot write \(folder.path)"), "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(try folder.names == [])
  }

  @Test func `a limit that nobody can keep, or that something else contradicts, is refused`() throws {
    let folder = try TemporaryFolder()
    let small = Fixture.path("runbook-small.json")
    let limit = ["replay", small, "--memory-limit", "256MiB", "--workers", "2"]
    for (arguments, words) in [
      (["replay", small, "--memory-limit", "255MiB", "--workers", "2"], "256MiB or more"),
      (["replay", small, "--memory-limit", "much"], "a number of bytes"),
      (["replay", small, "--memory-limit", "256MiB", "--workers", "16"], "with 16 workers 704MiB or more"),
      (limit + ["--verify", "sequential"], "sequential"), (limit + ["--sequential"], "sequential"),
      (limit + ["--verify", "golden:\(folder.path)/none"], "golden"),
      (limit + ["--checkpoint-dir", folder.path], "resume point"),
    ] {
      let run = try CommandLineRun(arguments)
      #expect(run.status == 64, "\(arguments): \(run.errors)")
      #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
    }
    let file = try folder.write("", "file")
    #expect(try CommandLineRun(limit + ["--spill-dir", "\(file)/folder"]).status == 6)
    #expect(try CommandLineRun(limit + ["--spill-dir", file]).status == 6)
    #expect(try folder.names == ["file"])
  }
}
