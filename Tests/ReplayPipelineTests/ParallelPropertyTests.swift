import Foundation
import LogGeneration
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// The parallel engine against the golden engine on seeded random logs, for a random shape of the run each.
///
/// To repeat one: `GENERATED_LOG=everything:17 swift test -c release --disable-xctest --filter ParallelPropertyTests`,
/// which also leaves the log in `generated-log.jsonl`.
@Suite struct ParallelPropertyTests {
  @Test(arguments: SeedBlock.all)
  func `a generated log gives the golden result, field by field`(block: SeedBlock) async throws {
    let folder = try TemporaryFolder()
    for seed in block.seeds { try await ParallelPropertyTests.check(block.family, seed: seed, in: folder) }
  }

  @Test func `there are two thousand seeds and more`() {
    #expect(SeedBlock.all.reduce(0) { $0 + $1.seeds.count } >= 2000)
  }

  @Test(.enabled(if: ParallelPropertyTests.named != nil))
  func `the log that the environment names, in twenty shapes`() async throws {
    let (family, seed) = try #require(ParallelPropertyTests.named)
    let folder = try TemporaryFolder()
    let text = family.log(seed: seed).entries.map { $0 + [UInt8(ascii: "\n")] }.joined()
    try Data(text).write(to: URL(fileURLWithPath: "generated-log.jsonl"))
    for shape in 0..<20 { try await ParallelPropertyTests.check(family, seed: seed, shape: UInt64(shape), in: folder) }
  }

  private static var named: (LogFamily, seed: UInt64)? {
    let parts = ProcessInfo.processInfo.environment["GENERATED_LOG"]?.split(separator: ":") ?? []
    guard parts.count == 2, let family = LogFamily(rawValue: String(parts[0])), let seed = UInt64(parts[1]) else {
      return nil
    }
    return (family, seed)
  }

  /// Replays the log of a seed by both engines.
  ///
  /// - Parameter shape: which shape of the run and form of the file; the seed decides the rest.
  private static func check(
    _ family: LogFamily, seed: UInt64, shape: UInt64 = 0, in folder: TemporaryFolder
  ) async throws {
    let log = family.log(seed: seed)
    var random = SeededGenerator(seed: seed &+ shape << 32)
    let form = LogFile.drawn(&random)
    let shape = RunShape(&random)
    let source = LogSource.file(path: try folder.write(form.bytes(log.entries, &random), form.name))
    let golden = try ReplayOutcome.golden(source, log.configuration)
    let parallel = try await ReplayOutcome.parallel(source, shape.configuration(log.configuration))
    let differences = parallel.differences(from: golden)
    #expect(
      differences.isEmpty,
      """
      \(differences.joined(separator: "\n"))
      \(form.name), \(shape)
      repeat: GENERATED_LOG=\(family.rawValue):\(seed) swift test -c release --disable-xctest --filter ParallelPropertyTests
      """)
  }
}
