import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Contents are read and checked many at once: what is damaged is told as if each were read by itself.
@Suite struct ContentDamageTests {
  private static let seedsPerBlock: UInt64 = 12

  /// A log whose contents lie in their pack as they are; with LZ4 at work on every second one if `compresses`.
  private func archive(in folder: borrowing TemporaryFolder, compresses: Bool) throws -> String {
    let plain = "\(folder.path)/plain.eqm"
    let generated = try CommandLineRun(["generate", "--workload", "uniform", "--entries", "500", "-o", plain, "-q"])
    #expect(generated.status == 0, "\(generated.errors)")
    guard compresses else { return plain }
    return try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
  }

  /// Flips bits of a pack: where frames begin, and anywhere.
  private func damage(_ pack: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var damaged = pack
    let magic: [UInt8] = [0x04, 0x22, 0x4D, 0x18]
    let starts = pack.indices.dropLast(4).filter { Array(pack[$0..<$0 + 4]) == magic }
    for _ in 0...random.index(below: 3) {
      let place =
        random.happens(percent: 60)
        ? random.choice(starts) + random.index(below: 20) : random.index(below: pack.count)
      guard place < pack.count else { continue }
      damaged[place] ^= 1 << UInt8(random.index(below: 8))
    }
    return damaged
  }

  @Test(arguments: 0..<UInt64(2), [false, true])
  func `packs damaged in any places fail one entry at a time and many at once alike`(
    block: UInt64, compresses: Bool
  ) throws {
    let folder = try TemporaryFolder()
    let archive = try archive(in: folder, compresses: compresses)
    let path = "\(archive)/content/000000.pack"
    let pack = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    var failedCount = 0
    for seed in (block * Self.seedsPerBlock)..<((block + 1) * Self.seedsPerBlock) {
      var random = SeededGenerator(seed: seed)
      try Data(damage(pack, &random)).write(to: URL(fileURLWithPath: path))
      let sequential = try CommandLineRun(["replay", archive, "-q", "--sequential"])
      for workers in ["1", "2"] {
        let parallel = try CommandLineRun(["replay", archive, "-q", "--workers", workers])
        #expect(parallel.status == sequential.status, "seed \(seed)")
        #expect(parallel.errors == sequential.errors, "seed \(seed)")
      }
      if sequential.status == 4 { failedCount += 1 }
    }
    #expect(failedCount > 0)
  }

  @Test func `an entry behind a content that is not there is nothing of a replay that stops before it`() throws {
    let folder = try TemporaryFolder()
    let plain = "\(folder.path)/plain.jsonl"
    let shape = ["--workload", "uniform", "--entries", "100", "--epoch-every", "40"]
    #expect(try CommandLineRun(["generate"] + shape + ["-o", plain, "-q"]).status == 0)
    var lines = try String(contentsOfFile: plain, encoding: .utf8).split(separator: "\n").map(String.init)
    let advancement = try #require(lines.firstIndex { $0.contains(#""EPOCH_ADVANCEMENT""#) })
    let recorded = try #require(lines[advancement].firstMatch(of: /"event_id": ?"([0-9a-f]{64})"/))
    lines[advancement].replaceSubrange(
      recorded.1.startIndex..<recorded.1.endIndex, with: String(repeating: "0", count: 64))
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: plain))
    let archive = try ArchiveTests.pack(plain, in: folder)
    let path = "\(archive)/content/000000.pack"
    var pack = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let magic: [UInt8] = [0x04, 0x22, 0x4D, 0x18]
    let starts = pack.indices.dropLast(4).filter { Array(pack[$0..<$0 + 4]) == magic }
    pack[starts[20] + 500] ^= 1
    try Data(pack).write(to: URL(fileURLWithPath: path))

    var wholeCount = 0
    // Twelve registrations, then a content an entry: that of entry 32 is damaged.
    for end in 30...34 {
      let stop = ["replay", archive, "--until-ordinal", "\(end)", "--json", "-q"]
      let sequential = try CommandLineRun(stop + ["--sequential"])
      for workers in ["1", "2"] {
        let parallel = try CommandLineRun(stop + ["--workers", workers])
        #expect(parallel.status == sequential.status, "\(end)")
        #expect(parallel.errors == sequential.errors, "\(end)")
        guard sequential.status == 0 else { continue }
        let (expected, found) = (try sequential.json, try parallel.json)
        #expect(found["entries"] == expected["entries"], "\(end)")
        #expect(found["commitment"] == expected["commitment"], "\(end)")
        wholeCount += 1
      }
    }
    #expect((1..<10).contains(wholeCount), "the stops are on both sides of the damage")
  }
}
