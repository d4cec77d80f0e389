import GoldenRun
import LogGeneration
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// The recovery point of both engines, against what became of each entry.
@Suite struct RecoveryPointTests {
  /// What entries, one by one, make of it: those that were applied, and the ticks in the events of STOREs.
  private struct Expected {
    let point: RecoveryPoint
    let epochs: [Epoch]
    let count: UInt64

    init(_ source: LogSource, _ configuration: ReplayConfiguration, until stop: ReplayStop = .end) throws {
      var run = try GoldenReplay(source, configuration: configuration, reading: LogReadingOptions(), until: stop)
      var applied: [Ordinal] = []
      var ticks: [Int64] = []
      var epochs: [Epoch] = []
      var count: UInt64 = 0
      while let step = try run.step() {
        count += 1
        if step.entry.outcome.isApplied { applied.append(step.ordinal) }
        if step.entry.outcome.isStore, let event = step.entry.event {
          ticks.append(try #require(event[.timestampTick].integer(as: Int64.self)))
        }
        if let checkpoint = step.checkpoint { epochs.append(checkpoint.summary.currentEpoch) }
      }
      point = RecoveryPoint(
        lastApplied: applied.last, lastTick: ticks.last.map(Tick.init), highestTick: ticks.max().map(Tick.init))
      self.epochs = epochs
      self.count = count
    }
  }

  /// Checks both engines.
  private func check(
    _ source: LogSource, _ configuration: ReplayConfiguration, until stop: ReplayStop, _ random: inout SeededGenerator,
    _ remark: String
  ) async throws {
    let expected = try Expected(source, configuration, until: stop)
    let golden = try GoldenReplay.replay(
      source, configuration: configuration, reading: LogReadingOptions(), until: stop)
    #expect(golden.result.recoveryPoint == expected.point, "\(remark), \(stop)")
    var parallel = RunShape(&random).configuration(configuration)
    parallel.stop = stop
    let replay = try await ReplayPipeline.replay(source, parallel, reading: LogReadingOptions())
    #expect(replay.result.recoveryPoint == expected.point, "\(remark), \(stop)")
  }

  @Test(arguments: LogFamily.allCases)
  func `a generated log, to its end, to an ordinal and to an epoch`(family: LogFamily) async throws {
    let folder = try TemporaryFolder()
    for seed in 0..<UInt64(20) {
      var random = SeededGenerator(seed: seed)
      let log = family.log(seed: seed)
      let source = LogSource.file(path: try folder.write(log.entries.flatMap { $0 + [0x0A] }, "log.jsonl"))
      let whole = try Expected(source, log.configuration)
      var stops = [ReplayStop.end, .before(Ordinal(UInt64(random.index(below: Int(whole.count) + 1))))]
      if !whole.epochs.isEmpty { stops.append(.after(random.choice(whole.epochs))) }
      for stop in stops {
        try await check(source, log.configuration, until: stop, &random, "\(family) \(seed)")
      }
    }
  }

  @Test(arguments: Fixture.logs.filter { $0.hasPrefix("live-") || $0.hasPrefix("bad-") })
  func `a log of a live engine`(log: String) async throws {
    var random = SeededGenerator(seed: 1)
    let source = LogSource.file(path: Fixture.path(log))
    for stop in [ReplayStop.end, .before(Ordinal(100)), .before(Ordinal(0))] {
      try await check(source, ReplayConfiguration(), until: stop, &random, log)
    }
  }

  @Test func `what is rejected, unknown or only read moves nothing, and ticks may go back`() throws {
    let store = #"{"event_type":"STORE","object_id":"o","version":1,"content_size":1,"timestamp":"#
    let entries = [
      store + "-5}", store + "9}", store + "7}", #"{"event_type":"NODE_UNREGISTRATION","node_id":"nobody"}"#,
      #"{"event_type":"READ"}"#, #"{"event_type":"X"}"#, store + "1.5}", "{}",
    ]
    func point(_ count: Int) throws -> RecoveryPoint {
      try LogText.replay(Array(entries.prefix(count))).result.recoveryPoint
    }
    #expect(try point(0) == RecoveryPoint())
    #expect(try point(1) == RecoveryPoint(lastApplied: Ordinal(0), lastTick: Tick(-5), highestTick: Tick(-5)))
    #expect(try point(3) == RecoveryPoint(lastApplied: Ordinal(2), lastTick: Tick(7), highestTick: Tick(9)))
    for count in 4...entries.count {
      #expect(try point(count) == RecoveryPoint(lastApplied: Ordinal(3), lastTick: Tick(7), highestTick: Tick(9)))
    }
  }
}
