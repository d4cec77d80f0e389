import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// The parallel engine against the golden engine on every log of `fixtures/`, for many shapes of the run.
@Suite struct ParallelVectorTests {
  /// Every number of workers and of partitions; `make stress` replays under every pair.
  static let shapes =
    TestEffort.isHeavy
    ? [1, 2, 3, 8].flatMap { workers in [1, 16, 256].map { (workers, $0) } }
    : [(1, 1), (1, 256), (2, 16), (3, 1), (8, 256)]

  @Test(arguments: Fixture.logs)
  func `every number of workers and partitions gives the golden result, field by field`(log: String) async throws {
    let configuration = try Fixture.configuration(log)
    let source = LogSource.file(path: Fixture.path(log))
    let golden = try await GoldenFixtures.shared.result(of: log)
    for (workers, partitions) in ParallelVectorTests.shapes {
      let replay = try await ReplayPipeline.replay(
        source, ParallelConfiguration(configuration, workers: workers, partitions: partitions),
        reading: LogReadingOptions())
      #expect(replay.result == golden, "\(workers) workers, \(partitions) partitions")
    }
  }
}

extension Fixture {
  /// What a log was recorded under.
  static func configuration(_ log: String) throws -> ReplayConfiguration {
    var configuration = ReplayConfiguration()
    let profile = try expected(log)["profile"]?.stringBytes ?? Array("runbook".utf8)
    configuration.profile = try #require(PlaceholderProfile(rawValue: String(decoding: profile, as: UTF8.self)))
    return configuration
  }
}
