import EpochMerge
import GoldenRun
import LogGeneration
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// Replays that have no room for their objects, against the golden engine.
@Suite struct SpillTests {
  /// Nothing fits, a little does, all does.
  private static let residentBytes = [0, 40_000, 1_000_000, 1 << 40]

  @Test(arguments: Fixture.logs)
  func `a replay that puts partitions aside gives the golden result, field by field`(log: String) async throws {
    let configuration = try Fixture.configuration(log)
    let source = LogSource.file(path: Fixture.path(log))
    let folder = try TemporaryFolder()
    let golden = try await GoldenFixtures.shared.result(of: log)
    for (workers, partitions) in [(1, 1), (2, 16), (3, 256)] {
      // Where all fits there is nothing more to see by other shapes.
      let isWhole = TestEffort.isHeavy || partitions == 16
      for residentBytes in SpillTests.residentBytes where isWhole || residentBytes < 1_000_000 {
        var shape = ParallelConfiguration(configuration, workers: workers, partitions: partitions)
        shape.spill = SpillConfiguration(folder: folder.path, residentBytes: residentBytes)
        let replay = try await ReplayPipeline.replay(source, shape, reading: LogReadingOptions())
        #expect(replay.result == golden, "\(workers) workers, \(partitions) partitions, \(residentBytes) bytes")
        let asideCount = try #require(replay.spilled).partitionCount
        if residentBytes == 0 { #expect(asideCount == partitions || golden.state.objectCount == 0) }
        if residentBytes == 1 << 40 { #expect(asideCount == 0) }
      }
    }
  }

  /// A third of all logs where tests are heavy, a ninth else.
  @Test(arguments: SeedBlock.all)
  func `a generated log gives the golden result, however little memory there is`(block: SeedBlock) async throws {
    let folder = try TemporaryFolder()
    for seed in block.seeds where seed % (TestEffort.isHeavy ? 3 : 9) == 0 {
      let log = block.family.log(seed: seed)
      var random = SeededGenerator(seed: seed)
      let form = LogFile.drawn(&random)
      let shape = RunShape(&random)
      let source = LogSource.file(path: try folder.write(form.bytes(log.entries, &random), form.name))
      let stop =
        random.happens(percent: 30)
        ? ReplayStop.before(Ordinal(UInt64(random.index(below: log.entries.count + 2)))) : .end
      let golden = try GoldenReplay.replay(
        source, configuration: log.configuration, reading: LogReadingOptions(), until: stop)
      var configuration = shape.configuration(log.configuration)
      configuration.stop = stop
      configuration.events = .none
      configuration.keepsMetadata = false
      configuration.spill = SpillConfiguration(folder: folder.path, residentBytes: random.choice([0, 9_000, 100_000]))
      let replay = try await ReplayPipeline.replay(source, configuration, reading: LogReadingOptions())
      #expect(replay.result == golden.result, "\(block.family.rawValue):\(seed), \(form.name), \(shape)")
    }
  }

  @Test func `of many divergences the first are listed, whether their objects are in memory or on disk`() async throws {
    let folder = try TemporaryFolder()
    let stores = (0..<400).map { #"{"event_type":"STORE","object_id":"o\#($0)","version":1,"content_size":1}"# }
    let proofs = (0..<300).map { number in
      // Of objects that nobody stored, all over the range of keys.
      let word = String(0x1000_0000_0000_0000 + UInt64(number) << 50, radix: 16)
      let shard = String(repeating: word, count: 4)
      let start = #"{"event_type":"PROOF_GENERATED","object_id":"x\#(number)","version":1,"shard_ids":["\#(shard)"],"#
      return start + #""replica_sets":{"\#(shard)":["n"]}}"#
    }
    let source = LogSource.file(path: try folder.write(LogText.lines(stores + proofs), "log.jsonl"))
    let golden = try GoldenReplay.replay(source, configuration: ReplayConfiguration(), reading: LogReadingOptions())
    #expect(golden.result.divergences.omittedCount > 0)
    for residentBytes in [0, 60_000, 1 << 30] {
      var configuration = ParallelConfiguration(ReplayConfiguration(), workers: 2, partitions: 64)
      configuration.spill = SpillConfiguration(folder: folder.path, residentBytes: residentBytes)
      let replay = try await ReplayPipeline.replay(source, configuration, reading: LogReadingOptions())
      #expect(replay.result == golden.result, "\(residentBytes)")
    }
  }
}
