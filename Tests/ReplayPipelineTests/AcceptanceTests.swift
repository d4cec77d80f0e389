import EpochMerge
import GoldenRun
import LogGeneration
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import SystemFiles
import Testing

/// What is accepted of a log, by both engines, against a count over what a golden run without a list found.
@Suite struct AcceptanceTests {
  /// Some of what can be accepted, and lines for which there is nothing.
  private struct DrawnList {
    let known: KnownFindings
    let list: AcceptList
    /// Numbers of lines that nothing uses.
    let unusedNumbers: Set<Int>

    init(_ known: KnownFindings, percent: UInt64, _ random: inout SeededGenerator) {
      self.known = known
      var lines: [AcceptList.Line] = []
      for item in known.items where random.happens(percent: percent) {
        lines.append(AcceptList.Line(number: lines.count + 1, ordinal: item.ordinal, finding: item.finding))
      }
      let usedCount = lines.count
      // No event diverges in its signature, and no log is so long.
      for item in known.items.prefix(3) {
        lines.append(
          AcceptList.Line(
            number: lines.count + 1, ordinal: item.ordinal, finding: .divergence(field: "pqc_signature")))
      }
      lines.append(AcceptList.Line(number: lines.count + 1, ordinal: Ordinal(.max), finding: .unsupported))
      unusedNumbers = Set(usedCount + 1...lines.count)
      list = AcceptList(sha256: .zero, lines: lines.reversed())
    }

    private func isAccepted(_ item: KnownFindings.Item) -> Bool {
      list.lines.contains { $0.ordinal == item.ordinal && $0.finding == item.finding }
    }

    /// Checks a result, field by field, by looking for every finding in the list.
    func check(_ result: ReplayResult, _ remark: String) throws {
      let acceptance = try #require(result.acceptance)
      let tally = acceptance.tally
      let accepted = known.items.filter(isAccepted)
      #expect(acceptance.usedCount == accepted.count, "\(remark)")
      #expect(Set(acceptance.unused.map(\.number)) == unusedNumbers, "\(remark)")
      #expect(Int(tally.divergences) == accepted.count { $0.finding.member == "field" }, "\(remark)")
      #expect(Int(tally.unsupported) == accepted.count { $0.finding == .unsupported }, "\(remark)")
      #expect(tally.divergences + tally.unsupported + tally.rejected == UInt64(accepted.count), "\(remark)")
      let diverged = known.entries.filter { $0[0].finding.member == "field" }
      #expect(Int(tally.diverged) == diverged.count { $0.allSatisfy(isAccepted) }, "\(remark)")
      let first = diverged.joined().first { !isAccepted($0) }
      #expect(tally.firstUnaccepted?.ordinal == first?.ordinal, "\(remark)")
      #expect(tally.firstUnaccepted?.field == first?.finding.name, "\(remark)")
      #expect((tally.firstUnaccepted == nil) == (tally.diverged == result.entries.diverged), "\(remark)")
    }
  }

  /// Of 17 blocks of logs all where tests are heavy, else the first fifteen of each; every third besides with too little memory.
  @Test(arguments: SeedBlock.all.filter { $0.seeds.lowerBound % 150 == 0 })
  func `a generated log gives the golden result with any list, whatever the shape of the run`(
    block: SeedBlock
  ) async throws {
    let folder = try TemporaryFolder()
    for seed in block.seeds.prefix(TestEffort.isHeavy ? block.seeds.count : 15) {
      let log = block.family.log(seed: seed)
      var random = SeededGenerator(seed: seed)
      let shape = RunShape(&random)
      let source = LogSource.file(path: try folder.write(log.entries.flatMap { $0 + [0x0A] }, "log.jsonl"))
      let drawn = DrawnList(
        try KnownFindings(source, log.configuration), percent: random.choice([0, 50, 95, 100]), &random)
      var accepting = log.configuration
      accepting.accepting = drawn.list
      let remark = "\(block.family.rawValue):\(seed), \(shape)"
      let golden = try GoldenReplay.replay(source, configuration: accepting, reading: LogReadingOptions()).result
      try drawn.check(golden, remark)
      var configuration = shape.configuration(accepting)
      configuration.events = .none
      configuration.keepsMetadata = false
      if seed % 3 == 0 {
        configuration.spill = SpillConfiguration(folder: folder.path, residentBytes: random.choice([0, 9_000]))
      }
      let replay = try await ReplayPipeline.replay(source, configuration, reading: LogReadingOptions())
      #expect(replay.result == golden, "\(remark)")
    }
  }

  /// STOREs of another epoch, and proofs of one object with another hash: more than any list of a part holds.
  @Test func `what no list of a result names is accepted like the rest`() async throws {
    let folder = try TemporaryFolder()
    let shard = ObjectNaming.shardID(object: Identifier("o"), version: ObjectVersion(1), index: 0).hexadecimal
    let hash = String(repeating: "a", count: 64)
    let proofs = (0..<250).map { _ in
      #"{"event_type":"PROOF_GENERATED","object_id":"x","version":1,"epoch":0,"shard_ids":["\#(shard)"],"hash_commit":"\#(hash)","replica_sets":{"\#(shard)":[]}}"#
    }
    let stores = (0..<150).map { number in
      #"{"event_type":"STORE","object_id":"c\#(number)","version":1,"content_size":0,"epoch":7,"atr_cost":"0.000000000000000000","hash_commit":"\#(hash)"}"#
    }
    let store = #"{"event_type":"STORE","object_id":"o","version":1,"content_size":1}"#
    let source = LogSource.file(path: try folder.write(LogText.lines([store] + proofs + stores), "log.jsonl"))
    let known = try KnownFindings(source)
    #expect(known.entries.count == 400)
    var random = SeededGenerator(seed: 1)
    for percent in [100, 60] as [UInt64] {
      let drawn = DrawnList(known, percent: percent, &random)
      var accepting = ReplayConfiguration()
      accepting.accepting = drawn.list
      let golden = try GoldenReplay.replay(source, configuration: accepting, reading: LogReadingOptions()).result
      #expect(golden.divergences.omittedCount > 300)
      try drawn.check(golden, "golden, \(percent) %")
      for (workers, partitions, residentBytes) in [(1, 1, nil), (3, 7, nil), (2, 16, 0)] as [(Int, Int, Int?)] {
        var configuration = ParallelConfiguration(accepting, workers: workers, partitions: partitions)
        configuration.spill = residentBytes.map { SpillConfiguration(folder: folder.path, residentBytes: $0) }
        let replay = try await ReplayPipeline.replay(source, configuration, reading: LogReadingOptions())
        #expect(replay.result == golden, "\(workers) workers, \(partitions) partitions, \(percent) %")
      }
    }
  }

  private struct Killed: Error {}

  @Test func `a replay that goes on from a resume point has accepted what it accepted before`() async throws {
    let folder = try TemporaryFolder()
    let archive = "\(folder.path)/archive"
    let packing = try CommandLineRun([
      "pack", Fixture.path("live-unlogged.jsonl.lz4"), "-o", archive, "--segment-bytes", "64KiB", "-q",
    ])
    #expect(packing.status == 0, "\(packing.errors)")
    let source = LogSource(argument: archive)
    var random = SeededGenerator(seed: 2)
    let drawn = DrawnList(try KnownFindings(source), percent: 80, &random)
    var configuration = ParallelConfiguration(ReplayConfiguration(), workers: 2, partitions: 8)
    configuration.replay.accepting = drawn.list
    configuration.chunkBytes = 4000
    var resumedAt: UInt64 = 0
    var result: ReplayResult?
    while result == nil {
      let points = ReplayCheckpoints(
        in: TargetFolder(path: folder.path), binding: .zero, interval: .zero, resumes: true)
      do throws(PipelineError) {
        result = try await ReplayPipeline.replay(
          source, configuration, reading: LogReadingOptions(), checkpoints: points
        ) { (_, _) throws(PipelineError) in
          if let held = points.heldUpTo, held > points.resumedAt ?? 0 { throw .output(Killed()) }
        }.result
      } catch {
        guard case .output(let cause) = error, cause is Killed, let held = points.heldUpTo, held > resumedAt else {
          throw error
        }
        resumedAt = held
      }
    }
    #expect(resumedAt > 0)
    try drawn.check(#require(result), "resumed at \(resumedAt)")
  }
}
