import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// Small logs under random schedules: what the thread sanitizer watches too (`make test-threads`).
@Suite struct ScheduleTests {
  static let logs = [
    "runbook-small.json", "runbook-quirks.json", "runbook-no-nodes.json", "live-control.jsonl.lz4",
    "live-unlogged.jsonl.lz4", "live-mixed.jsonl.lz4", "bad-entries.jsonl.lz4",
  ]

  @Test(arguments: logs)
  func `random schedules give the golden result, field by field`(log: String) async throws {
    let configuration = try Fixture.configuration(log)
    let source = LogSource.file(path: Fixture.path(log))
    let folder = try TemporaryFolder()
    let golden = try await GoldenFixtures.shared.result(of: log)
    for seed in 1...12 {
      var random = SeededGenerator(seed: UInt64(seed))
      var shape = ParallelConfiguration(
        configuration, workers: 2 + random.index(below: 7), partitions: 1 + random.index(below: 300))
      shape.chunkBytes = 1 << (9 + random.index(below: 9))
      shape.window = 1 + random.index(below: 10)
      shape.disturbance = ScheduleDisturbance(seed: UInt64(seed), delayMax: 50)
      if seed % 3 == 0 {
        shape.spill = SpillConfiguration(folder: folder.path, residentBytes: random.choice([0, 20_000]))
      }
      let replay = try await ReplayPipeline.replay(source, shape, reading: LogReadingOptions())
      #expect(replay.result == golden, "\(log), seed \(seed)")
    }
  }
}
