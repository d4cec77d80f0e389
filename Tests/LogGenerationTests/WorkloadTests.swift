import GoldenRun
import LogGeneration
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Large logs, made small: what benchmarks replay must be a log that the sequential engine finds nothing wrong with.
@Suite struct WorkloadTests {
  private static let workloads = [
    // More than a batch of entries, and more than two epochs.
    Workload(.recorded(objects: nil), dataEntryCount: 3500), Workload(.recorded(objects: 40), dataEntryCount: 2500),
    Workload(.hotObject, dataEntryCount: 2500), Workload(.hotVersion, dataEntryCount: 2500),
    Workload(.oneVersion, dataEntryCount: 2500), Workload(.content(bytes: 1024), dataEntryCount: 1100),
    Workload(.epochStorm, dataEntryCount: 1500), Workload(.manyNodes, dataEntryCount: 1500),
    Workload(.recorded(objects: nil), dataEntryCount: 500, shape: shape(nodes: 3, epoch: 1)),
    Workload(.hotObject, dataEntryCount: 500, shape: shape(nodes: 101, hot: 90)),
    // Every end of base64, and contents of no, one and several chunks.
    Workload(.content(bytes: 0), dataEntryCount: 60), Workload(.content(bytes: 1), dataEntryCount: 60),
    Workload(.content(bytes: 2), dataEntryCount: 60), Workload(.content(bytes: 3), dataEntryCount: 60),
    Workload(.content(bytes: 262_144), dataEntryCount: 6), Workload(.content(bytes: 1 << 20), dataEntryCount: 55),
  ]

  private static func shape(nodes: Int? = nil, epoch: Int? = nil, hot: Int? = nil) -> Workload.Shape {
    var shape = Workload.Shape()
    (shape.nodeCount, shape.epochDataEntryCount, shape.hotPercent) = (nodes, epoch, hot)
    return shape
  }

  private func text(_ workload: Workload) -> [UInt8] {
    var text: [UInt8] = []
    workload.forEachBlock { text += $0 }
    return text
  }

  private func replay(_ workload: Workload) throws -> GoldenEngine {
    var engine = GoldenEngine(ReplayConfiguration())
    for (ordinal, line) in text(workload).split(separator: UInt8(ascii: "\n")).enumerated() {
      _ = try engine.replay(RawEntry(Array(line), ordinal: UInt64(ordinal)))
    }
    return engine
  }

  @Test(arguments: workloads)
  func `a workload explains itself`(workload: Workload) throws {
    let result = try replay(workload).result
    #expect(result.entries.applied == result.entries.total, "\(workload.name)")
    #expect(result.entries.diverged == 0, "\(workload.name)")
    #expect(result.comparedWithRecorded)
    #expect(result.proofs.carried == 0, "every proof is one of a shard that is there")
    let epochCount = UInt64(result.checkpoints.count)
    #expect(result.entries.total == UInt64(workload.dataEntryCount) + result.state.nodeCount + epochCount)
    #expect(epochCount == UInt64(result.state.currentEpoch.value))
  }

  @Test func `a workload of content is executed again, all of it`() throws {
    let result = try replay(Workload(.content(bytes: 300_000), dataEntryCount: 7)).result
    #expect(result.stores.reexecuted == 7)
    #expect(result.state.objectCount == 7)
    #expect(result.state.shardCount == 14)
  }

  @Test func `a recorded workload carries STOREs of one shard and a tenth of proofs`() throws {
    let result = try replay(Workload(.recorded(objects: nil), dataEntryCount: 5000)).result
    #expect(result.stores.carried == result.state.objectCount)
    #expect(result.stores.carried == result.state.shardCount)
    #expect((300...700).contains(5000 - result.stores.carried))
    #expect((20...80).contains(result.proofs.failed))
    #expect(result.checkpoints.count == 4)
  }

  @Test func `a recorded workload of some objects stores those and no others`() throws {
    let result = try replay(Workload(.recorded(objects: 40), dataEntryCount: 2000)).result
    #expect(result.state.objectCount == 40)
  }

  @Test func `a fifth of a hot workload's entries is hot, or every STORE`() throws {
    let hot = try replay(Workload(.hotObject, dataEntryCount: 5000))
    let versionCounts = Dictionary(grouping: hot.sortedObjects, by: \.id).mapValues(\.count)
    #expect((900...1100).contains(versionCounts.values.max() ?? 0))
    let version = try replay(Workload(.hotVersion, dataEntryCount: 5000)).result
    #expect((900...1100).contains(version.stores.carried - version.state.objectCount))
    #expect(try replay(Workload(.oneVersion, dataEntryCount: 500)).result.state.objectCount == 1)
  }

  @Test func `an epoch storm has an epoch every ten data entries, many nodes are 5,000, and a shape says otherwise`()
    throws
  {
    let storm = try replay(Workload(.epochStorm, dataEntryCount: 501)).result
    #expect(storm.checkpoints.count == 50)
    #expect(try replay(Workload(.manyNodes, dataEntryCount: 10)).result.state.nodeCount == 5000)
    let shape = WorkloadTests.shape(nodes: 1234, epoch: 7)
    let shaped = try replay(Workload(.epochStorm, dataEntryCount: 71, shape: shape)).result
    #expect(shaped.state.nodeCount == 1234)
    #expect(shaped.checkpoints.count == 10)
  }

  @Test(arguments: [(0, 0...1), (50, 900...1100), (90, 1700...1900)])
  func `so many entries of a hundred are hot as the shape says`(percent: Int, counts: ClosedRange<Int>) throws {
    let workload = Workload(.hotObject, dataEntryCount: 2000, shape: WorkloadTests.shape(hot: percent))
    let versionCounts = Dictionary(grouping: try replay(workload).sortedObjects, by: \.id).mapValues(\.count)
    #expect(counts.contains(versionCounts.values.max() ?? 0))
  }

  @Test func `every object id has the same length`() throws {
    let objects = try replay(Workload(.hotObject, dataEntryCount: 300)).sortedObjects
    #expect(objects.allSatisfy { $0.id.bytes.count == Workload.objectIDBytes })
  }

  @Test func `one kind, number and seed give one log, other ones another`() {
    let logs = [
      Workload(.recorded(objects: nil), dataEntryCount: 100, seed: 5),
      Workload(.recorded(objects: nil), dataEntryCount: 100, seed: 6),
      Workload(.recorded(objects: nil), dataEntryCount: 101, seed: 5),
      Workload(.recorded(objects: 9), dataEntryCount: 100, seed: 5),
      Workload(.recorded(objects: nil), dataEntryCount: 100, seed: 5, shape: WorkloadTests.shape(nodes: 13)),
      Workload(.recorded(objects: nil), dataEntryCount: 100, seed: 5, shape: WorkloadTests.shape(epoch: 13)),
    ]
    #expect(logs.map(text) == logs.map(text))
    #expect(Set(logs.map(text)).count == logs.count)
    #expect(Set(logs.map(\.name)).count == logs.count)
  }

  @Test func `a file holds the whole log, and nothing is left beside it`() throws {
    let folder = try TemporaryFolder()
    let workload = Workload(.recorded(objects: nil), dataEntryCount: 2000)
    try workload.write("log.jsonl", in: folder.path)
    #expect(try folder.names == ["log.jsonl"])
    #expect(try folder.read("log.jsonl") == text(workload))
    #expect(throws: WorkloadError.self) { try workload.write("log.jsonl", in: "\(folder.path)/absent") }
  }
}
