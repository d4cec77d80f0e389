import Foundation
import GoldenRun
import LogGeneration
import ReplayTestSupport
import StorageProtocol
import Testing

/// `restore` of undamaged logs: byte for byte what the golden engine's last STOREs had.
@Suite struct RestoreTests {
  @Test(arguments: [
    "live-content.jsonl.lz4", "live-aegis.jsonl.lz4", "live-control.jsonl.lz4", "live-mixed.jsonl.lz4",
    "live-unlogged.jsonl.lz4", "bad-entries.jsonl.lz4", "recorded-events.json.lz4", "runbook-quirks.json",
  ])
  func `every content comes back byte for byte, of a log and of its archive, with any number of workers`(log: String)
    throws
  {
    let expected = try ExpectedContents(of: Fixture.path(log))
    let folder = try TemporaryFolder()
    let archive = try pack(Fixture.path(log), in: folder)
    var manifests: Set<[UInt8]> = []
    for (source, name, counts) in [(Fixture.path(log), "plain", ["2"]), (archive, "archive", ["1", "2", "8"])] {
      var trees: [[String: [UInt8]]] = []
      for workers in counts {
        let target = RestoredFolder(folder, "\(name)-\(workers)")
        let report = try target.restore(source, ["--workers", workers], status: expected.status)
        try target.check(expected, "\(log), \(name), \(workers)")
        #expect(
          report["complete"] == .boolean(!expected.contents.values.contains { $0 == .carried || $0 == .placeholder }))
        trees.append(try target.tree)
        manifests.insert(try target.read("manifest.jsonl"))
      }
      #expect(trees.allSatisfy { $0 == trees[0] })
    }
    #expect(manifests.count == 1, "an archive's manifest is its log's")
  }

  @Test func `live-content is given back whole, with what it recovers to`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    let report = try target.restore(Fixture.path("live-content.jsonl.lz4"), status: 0)
    let expected = try Fixture.expected("live-content.jsonl.lz4")
    let counts = try report.object("counts")
    #expect(counts["restored"] == .integer(117))
    #expect(counts["written"] == .integer(117))
    let point = try report.object("recovery_point")
    #expect(try point.text("state_root") == expected.object("commitment").text("state_root"))
    #expect(point["epoch"] == .integer(5))
    #expect(try report.object("log").text("sha256").count == 64)
    let sizes = try target.manifest.compactMap { $0["size"]?.integer(as: Int.self) }
    #expect(sizes.contains { $0 > 262_144 }, "there are objects of several shards")
    #expect(try report.object("bytes")["written"] == .integer(sizes.reduce(0, +)))
    #expect(!target.has(".partial"))
    let text = try CommandLineRun(["restore", Fixture.path("live-content.jsonl.lz4"), "-o", target.path, "-q"])
    #expect(
      String(decoding: text.output, as: UTF8.self).contains("117 of 117 are there and verified: 0 written, 0 mended"))
  }

  /// Replaced contents of any number of shards, carried and placeholder STOREs between, entries that are rejected.
  @Test(arguments: UInt64(1)...12)
  func `a random log gives back what the golden engine had last`(seed: UInt64) throws {
    var traits = seed.isMultiple(of: 2) ? GeneratorTraits.damagedByLife : GeneratorTraits.intact
    traits.entryCount = 70
    traits.objectCount = 4
    traits.controlPercent = 10
    traits.contentSizes = [0, 1, 4095, 4097, 9000, 262_143, 262_144, 262_145, 530_000]
    let folder = try TemporaryFolder()
    let entries = LogGenerator.run(seed: seed, traits: traits).entries
    let log = try folder.write(entries.flatMap { $0 + [UInt8(ascii: "\n")] }, "log.jsonl")
    let expected = try ExpectedContents(of: log)
    for source in [log, try pack(log, in: folder)] {
      let target = RestoredFolder(folder, "restored-\(source.hasSuffix("eqm"))")
      try target.restore(source, status: expected.status)
      try target.check(expected, "seed \(seed)")
    }
  }

  @Test func `a log from standard input is restored, and gone on with from its file`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    let log = try folder.write(Fixture.bytes(of: "live-control.jsonl.lz4"), "log.jsonl")
    let run = try CommandLineRun(shell: "cat '\(log)' | $EQM restore - -o '\(target.path)' --json -q")
    let expected = try ExpectedContents(of: log)
    #expect(run.status == expected.status, "\(run.errors)")
    try target.check(expected)
    let again = try target.restore(log, status: expected.status)
    #expect(try again.object("counts")["written"] == .integer(0))
  }
}
