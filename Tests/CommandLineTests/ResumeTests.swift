import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `--checkpoint-dir`, `--resume` and `--until-…`.
@Suite struct ResumeTests {
  /// What must not depend on where a replay was interrupted.
  private static func outcome(_ run: CommandLineRun) throws -> [String] {
    [try run.json.object("commitment").canonical, try run.json.text("result_digest")]
  }

  /// The ordinal that a replay went on from; 0 where it began at the start.
  private static func resumedAt(_ run: CommandLineRun) throws -> Int {
    try run.json.object("run")["resumed_at_ordinal"].flatMap { Int($0.canonicalText) } ?? 0
  }

  /// 50 moments, by seed, of replays that keep a point at every batch.
  @Test func `a replay killed at any moment goes on from its last point to the same result`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("vm-trace.jsonl.lz4"), in: folder, ["--segment-bytes", "1MiB"])
    let undisturbed = try Self.outcome(CommandLineRun(["replay", archive, "--json", "-q"]))
    let points = "\(folder.path)/points"
    var random = SeededGenerator(seed: 4)
    var killCount = 0
    var resumedCount = 0
    var isFinished = true
    var resumedAt = 0
    for round in 1...50 {
      let milliseconds = 20 + random.index(below: 900)
      let options = "--checkpoint-dir \(points) --checkpoint-seconds 0 --resume --workers \(1 + random.index(below: 3))"
      if !isFinished, FileManager.default.fileExists(atPath: "\(points)/resume.eqm-checkpoint") { resumedCount += 1 }
      let seconds = "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
      let run = try CommandLineRun(
        shell: "timeout -s KILL \(seconds) $EQM replay '\(archive)' --json -q \(options)")
      isFinished = run.status == 0
      if isFinished {
        #expect(try Self.outcome(run) == undisturbed, "round \(round), seed 4")
        resumedAt = max(resumedAt, try Self.resumedAt(run))
      } else {
        killCount += 1
        #expect([137, -9].contains(run.status), "round \(round): \(run.errors)")
      }
    }
    let last = try CommandLineRun(["replay", archive, "--json", "-q", "--checkpoint-dir", points, "--resume"])
    #expect(try Self.outcome(last) == undisturbed)
    // On a busy machine every round may have been killed.
    resumedAt = max(resumedAt, try Self.resumedAt(last))
    #expect(killCount > 0)
    #expect(resumedCount > 0)
    #expect(resumedAt > 0, "the result says where it was gone on from")
    #expect(try FileManager.default.contentsOfDirectory(atPath: points) == [], "a finished replay leaves no point")
  }

  @Test func `a resume point that does not fit is refused before any work`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("vm-trace.jsonl.lz4"), in: folder, ["--segment-bytes", "1MiB"])
    let points = "\(folder.path)/points"
    let keep = ["replay", archive, "--checkpoint-dir", points, "-q"]
    // Damage far behind the start lets the replay end with a point behind it.
    let broken = try CommandLineRun(
      shell:
        "cp -r '\(archive)' '\(archive).whole' && printf x | dd of=segments/000009.jsonl.lz4 bs=1 seek=30 conv=notrunc",
      folder: archive)
    #expect(broken.status == 0)
    #expect(try CommandLineRun(keep + ["--checkpoint-seconds", "0"]).status == 4)
    let point = "\(points)/resume.eqm-checkpoint"
    #expect(FileManager.default.fileExists(atPath: point))
    _ = try CommandLineRun(shell: "rm -r '\(archive)' && mv '\(archive).whole' '\(archive)'")
    #expect(try CommandLineRun(keep).status == 6, "without --resume the point would be lost")
    for other in [
      ["--until-ordinal", "5"], ["--profile", "drill"], ["--max-content-size", "2GiB"], ["--partitions", "3"],
    ] {
      let run = try CommandLineRun(keep + ["--resume"] + other)
      #expect(run.status == 6, "\(other): \(run.errors)")
      #expect(run.errors.contains("other options"))
    }
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: point)))
    for damaged in [
      Array(bytes.dropLast()), bytes + [0], Array(bytes.prefix(20)), [], Array("{}".utf8), flipped(bytes),
    ] {
      try Data(damaged).write(to: URL(fileURLWithPath: point))
      #expect(try CommandLineRun(keep + ["--resume"]).status == 6)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: point))
    let resumed = try CommandLineRun(keep + ["--resume", "--json"])
    #expect(try Self.outcome(resumed) == Self.outcome(CommandLineRun(["replay", archive, "--json", "-q"])))
  }

  private func flipped(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[bytes.count / 2] ^= 1
    return bytes
  }

  @Test func `points need an archive and a folder that can be written`() throws {
    let folder = try TemporaryFolder()
    let log = Fixture.path("runbook-small.json")
    #expect(try CommandLineRun(["replay", log, "--checkpoint-dir", folder.path]).status == 6)
    #expect(try CommandLineRun(["replay", log, "--resume"]).status == 64)
    let archive = try ArchiveTests.pack(log, in: folder)
    try folder.write("", "file")
    #expect(try CommandLineRun(["replay", archive, "--checkpoint-dir", "\(folder.path)/file/x"]).status == 6)
    #expect(try CommandLineRun(["replay", archive, "--checkpoint-dir", folder.path, "--sequential"]).status == 64)
  }

  // MARK: Stops

  @Test(arguments: ["live-control.jsonl.lz4", "bad-entries.jsonl.lz4", "runbook-quirks.json"])
  func `a stop at any ordinal gives what the golden engine gives there`(log: String) throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path(log), in: folder, ["--segment-bytes", "10000"])
    for ordinal in [0, 1, 2, 17, 100, 203, 300, 1_000_000] {
      var outcomes: Set<String> = []
      for (source, engine) in [
        (archive, ["--workers", "2"]), (Fixture.path(log), ["--workers", "3"]), (archive, ["--sequential"]),
      ] {
        let run = try CommandLineRun(
          ["replay", source, "--until-ordinal", "\(ordinal)", "--json", "-q"] + engine)
        outcomes.insert(
          try run.json.object("commitment").canonical + run.json.object("entries").canonical
        )
        let completeness = try run.json.object("completeness")
        #expect(try completeness.object("entries")["found"] == run.json.object("entries")["total"])
        if source == archive { #expect(completeness["complete"] == .boolean(true)) }
      }
      #expect(outcomes.count == 1, "\(ordinal)")
    }
    let verified = try CommandLineRun(["replay", archive, "--until-ordinal", "100", "--verify", "sequential", "-q"])
    #expect([0, 3].contains(verified.status), "\(verified.errors)")
  }

  @Test func `a stop at an epoch ends behind its checkpoint, and one that never comes is damage`() throws {
    let log = Fixture.path("live-control.jsonl.lz4")
    let all = try CommandLineRun(["replay", log, "--json", "-q"]).json.elements("checkpoints")
    #expect(all.count > 2)
    let second = try #require(all[1].objectValue)
    let epoch = try #require(second["epoch"]).canonicalText
    for engine in [["--workers", "2"], ["--sequential"]] {
      let run = try CommandLineRun(["replay", log, "--until-epoch", epoch, "--json", "-q"] + engine)
      let checkpoints = try run.json.elements("checkpoints")
      #expect(checkpoints.last == all.first { $0.objectValue?["epoch"] == second["epoch"] })
      #expect(
        try run.json.object("completeness").object("ordinals")["last"] == checkpoints.last?.objectValue?["ordinal"])
      let never = try CommandLineRun(["replay", log, "--until-epoch", "-77", "-q"] + engine)
      #expect(never.status == 4)
      #expect(never.errors.contains("-77"))
    }
    #expect(try CommandLineRun(["replay", log, "--until-epoch", "1", "--until-ordinal", "1"]).status == 64)
  }

  @Test func `damage behind a stop is none, and damage before it is`() throws {
    let folder = try TemporaryFolder()
    let entries = (0..<2000).map { #"{"event_type":"STORE","object_id":"o\#($0)","version":1,"content_size":9}"# }
    let log = try folder.write(LogText.lines(Array(entries[..<1000]) + ["{"] + Array(entries[1000...])), "log.jsonl")
    for workers in ["1", "3"] {
      for ordinal in [0, 500, 999, 1000] {
        let run = try CommandLineRun(["replay", log, "--until-ordinal", "\(ordinal)", "-q", "--workers", workers])
        #expect(run.status == (ordinal == 0 ? 3 : 0), "\(ordinal): \(run.errors)")
      }
      #expect(try CommandLineRun(["replay", log, "--until-ordinal", "1001", "-q", "--workers", workers]).status == 4)
    }
  }

  @Test func `a golden trace is compared up to the stop`() throws {
    let folder = try TemporaryFolder()
    let log = Fixture.path("live-control.jsonl.lz4")
    let trace = "\(folder.path)/trace.eqm-golden"
    #expect(try CommandLineRun(["golden", log, "-o", trace, "-q"]).status == 0)
    let run = try CommandLineRun(
      ["replay", log, "--until-ordinal", "100", "--verify", "golden:\(trace)", "--json", "-q"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.json.object("comparison").object("sides").object("golden")["equal"] == .boolean(true))
  }
}
