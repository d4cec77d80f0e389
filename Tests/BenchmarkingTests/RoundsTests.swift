import Benchmarking
import ReplayTestSupport
import Testing

/// The order of measurements, and replays that must not count: by programs that are shell scripts.
@Suite struct RoundsTests {
  /// A program that notes who was asked for what, and prints a result.
  private func program(_ name: String, in folder: TemporaryFolder, root: String = "aa") throws -> MeasuredProgram {
    let result = String(decoding: MeasuredDocument.result(seconds: 0.5, root: root), as: UTF8.self)
    let script = """
      echo "\(name) $3 $EQM_REPLAY_SIMD" >> '\(folder.path)/asked'
      cat << END
      \(result)
      END
      """
    return try ShellProgram.make(script, name, in: folder)
  }

  private func measure(_ programs: [MeasuredProgram], workers: Int = 2, runs: Int) throws -> [BenchedWorkload] {
    let rounds = BenchRounds(
      programs: programs, workers: workers, runs: runs,
      limit: { _, messageBytes in
        .init(permutationsPerSecond: Double(messageBytes), decompressionSeconds: 1, scanSeconds: 2, bytes: 77)
      })
    return try rounds.measure(NamedWorkload(name: "recorded", source: .file(path: "a/log")), at: "a/log")
  }

  @Test func `contenders and programs go by turns, and who is first changes`() throws {
    let folder = try TemporaryFolder()
    let programs = try ["A", "B"].map { try program($0, in: folder) }
    let figures = try measure(programs, runs: 2)
    let asked = String(decoding: try folder.read("asked"), as: UTF8.self).split(separator: "\n").map {
      $0.trimmingSuffix { $0 == " " }
    }
    let contenders = ["--sequential", "--workers=1", "--workers=2", "--workers=1 off"]
    #expect(asked == contenders.flatMap { ["A \($0)", "B \($0)"] } + contenders.flatMap { ["B \($0)", "A \($0)"] })
    #expect(figures.count == 2)
    #expect(figures[0].series.map(\.contender) == ["golden", "1 worker", "2 workers", "1 worker, SIMD off"])
    #expect(figures[1].series.allSatisfy { $0.samples.map(\.round) == [0, 1] })
    #expect(figures[0].log == "log" && figures[0].bytes == 77 && figures[0].limits.count == 2)
  }

  @Test func `one worker is not measured twice where there are no more`() throws {
    let folder = try TemporaryFolder()
    let figures = try measure([program("A", in: folder)], workers: 1, runs: 1)
    #expect(figures[0].series.map(\.contender) == ["golden", "1 worker", "1 worker, SIMD off"])
  }

  @Test func `two roots of one log are no measurement`() throws {
    let folder = try TemporaryFolder()
    let programs = [try program("A", in: folder), try program("B", in: folder, root: "bb")]
    let error = #expect(throws: BenchFault.self) { try measure(programs, runs: 1) }
    guard case .wrongResult(log: "recorded", _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `an entry that was rejected is no measurement`() throws {
    let run = MeasuredRun(
      command: "replay", output: MeasuredDocument.result(seconds: 1, rejected: 1), elapsed: .zero, processorTime: .zero,
      peakMemoryBytes: 0)
    let replay = try BenchedReplay(run)
    #expect(throws: BenchFault.self) { try replay.check(against: replay, log: "log", contender: "golden") }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while isLeftOut: (Character) -> Bool) -> String {
    String(reversed().drop(while: isLeftOut).reversed())
  }
}
