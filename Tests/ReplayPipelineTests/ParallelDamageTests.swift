import LogGeneration
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// Damaged logs: both engines fail for the same reason at the same place, or both find that nothing is broken.
@Suite struct ParallelDamageTests {
  private static let seedsPerBlock: UInt64 = 40

  @Test(arguments: 0..<UInt64(10))
  func `a log damaged at one place fails both engines alike, or neither`(block: UInt64) async throws {
    let folder = try TemporaryFolder()
    for seed in (block * ParallelDamageTests.seedsPerBlock)..<((block + 1) * ParallelDamageTests.seedsPerBlock) {
      try await check(seed, in: folder)
    }
  }

  private func check(_ seed: UInt64, in folder: TemporaryFolder) async throws {
    var random = SeededGenerator(seed: seed)
    let log = random.choice([LogFamily.everything, .replacing, .sticky]).log(seed: seed)
    let form = random.choice(LogFile.allCases)
    let damage = random.choice(Damage.allCases)
    // A compressed log is damaged as stored, or was damaged before it was compressed.
    let isDamagedAsStored = form.isCompressed && random.happens(percent: 50)
    var bytes: [UInt8]
    switch form {
    case .compressedLines where !isDamagedAsStored, .compressedArray where !isDamagedAsStored:
      let plain: LogFile = form == .compressedLines ? .lines : .array
      bytes = LogFile.frames(damage.apply(to: plain.bytes(log.entries, &random), &random), &random)
    default: bytes = damage.apply(to: form.bytes(log.entries, &random), &random)
    }
    let shape = RunShape(&random)
    let source = LogSource.file(path: try folder.write(bytes, form.name))
    let golden = ReplayVerdict.golden(source, log.configuration)
    let parallel = await ReplayVerdict.parallel(source, shape.configuration(log.configuration))
    let differences = parallel.differences(from: golden, comparesPlaces: !isDamagedAsStored)
    #expect(
      differences.isEmpty,
      """
      \(differences.joined(separator: "\n"))
      seed \(seed): \(damage) in \(form.name)\(isDamagedAsStored ? ", as stored" : ""), \(shape)
      """)
  }
}

/// What happens to the bytes of a file.
enum Damage: CaseIterable {
  case cut, byteChanged, byteLost, byteAdded, bitFlipped, pieceLost, pieceTwice, tailAdded

  func apply(to bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    guard !bytes.isEmpty else { return bytes }
    var damaged = bytes
    let place = random.index(below: bytes.count)
    let piece = place..<min(bytes.count, place + 1 + random.index(below: 40))
    switch self {
    case .cut: damaged.removeSubrange(place...)
    case .byteChanged: damaged[place] = Damage.byte(&random)
    case .byteLost: damaged.remove(at: place)
    case .byteAdded: damaged.insert(Damage.byte(&random), at: place)
    case .bitFlipped: damaged[place] ^= 1 << UInt8(random.index(below: 8))
    case .pieceLost: damaged.removeSubrange(piece)
    case .pieceTwice: damaged.insert(contentsOf: bytes[piece], at: place)
    case .tailAdded: damaged.append(contentsOf: bytes[piece])
    }
    return damaged
  }

  /// Often a byte that means something to JSON.
  private static func byte(_ random: inout SeededGenerator) -> UInt8 {
    random.happens(percent: 60)
      ? random.choice(Array("\"\\{}[],:\n\r 019-+.eEtfnu\u{0}".utf8)) : UInt8(random.index(below: 256))
  }
}

/// How the replay of a log ended that may be damaged.
enum ReplayVerdict {
  case finished(ReplayOutcome)
  case failed(LogError)

  static func golden(_ source: LogSource, _ configuration: ReplayConfiguration) -> ReplayVerdict {
    do throws(LogError) {
      return .finished(try ReplayOutcome.golden(source, configuration))
    } catch {
      return .failed(error)
    }
  }

  static func parallel(_ source: LogSource, _ configuration: ParallelConfiguration) async -> ReplayVerdict {
    do throws(PipelineError) {
      return .finished(try await ReplayOutcome.parallel(source, configuration))
    } catch {
      guard case .log(let failure) = error else { preconditionFailure("nothing here refuses what is appended") }
      return .failed(failure)
    }
  }

  /// - Parameter comparesPlaces: whether a failure must have the same ordinal and offset. In a frame that is damaged as
  ///   stored the sequential reader comes as far as the bytes that were decompressed by then.
  func differences(from golden: ReplayVerdict, comparesPlaces: Bool) -> [String] {
    switch (self, golden) {
    case (.finished(let outcome), .finished(let golden)): return outcome.differences(from: golden)
    case (.failed(let failure), .failed(let golden)):
      let isSame = comparesPlaces ? failure == golden : failure.reason == golden.reason
      return isSame ? [] : ["fails: \(failure)", "golden: \(golden)"]
    case (.finished, .failed(let golden)): return ["finishes, golden: \(golden)"]
    case (.failed(let failure), .finished): return ["fails: \(failure), golden finishes"]
    }
  }
}
