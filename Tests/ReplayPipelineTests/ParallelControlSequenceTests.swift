import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// The short logs of `control-sequences` through the pipeline: the sticky cache in every order.
@Suite struct ParallelControlSequenceTests {
  private static let shapes = [(1, 1), (2, 16), (3, 256), (8, 16)]

  /// Every log under one of the shapes; under all of them where tests are heavy.
  @Test(arguments: 0..<shapes.count)
  func `each of 3,000 short logs gives its recorded state root`(place: Int) async throws {
    let (workers, partitions) = Self.shapes[place]
    let vectors = try Fixture.json("control-sequences")
    var textByLetter: [UInt8: String] = [:]
    for entry in try vectors.object("entries").members { textByLetter[entry.key[0]] = entry.value.canonicalText }
    let roots = try vectors.object("state_roots").members
    #expect(roots.count == 3000)
    let folder = try TemporaryFolder()
    for (number, sequence) in roots.enumerated()
    where TestEffort.isHeavy || number % Self.shapes.count == place {
      let log = try sequence.key.map { try #require(textByLetter[$0]) }
      let path = try folder.write(LogText.lines(log), "\(number).jsonl")
      var shape = ParallelConfiguration(ReplayConfiguration(), workers: workers, partitions: partitions)
      // Some logs a batch an entry, some whole.
      shape.chunkBytes = (number / Self.shapes.count).isMultiple(of: 2) ? 64 : 1 << 16
      let replay = try await ReplayPipeline.replay(.file(path: path), shape, reading: LogReadingOptions())
      #expect(
        .hexadecimal(replay.result.roots.state) == sequence.value, "\(String(decoding: sequence.key, as: UTF8.self))")
    }
  }
}
