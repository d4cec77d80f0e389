import GoldenRun
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Testing

/// A STORE whose record differs from what the log gives, and whose arithmetic overflows, is rejected and nothing else: it
/// is no divergence. Found by ``ParallelPropertyTests``.
@Suite struct RejectedDivergenceTests {
  /// A carried STORE; of 18 KiB its fee is nearly all that a total can hold, of 0 bytes it is free. Epoch 7 diverges.
  private func store(_ name: String, isDear: Bool, epoch: Int) throws -> [UInt8] {
    let size: UInt64 = isDear ? 18_432 : 0
    let cost = try AtrCost.cost(contentBytes: size, metadataKeyCount: 0, constants: configuration.constants)
    return JSONFormat.line.encode(
      .members([
        "event_type": .text("STORE"), "object_id": .text(name), "version": .integer(1), "epoch": .integer(epoch),
        "hash_commit": .hexadecimal(.zero), "content_size": .integer(size), "atr_cost": .decimal(cost),
      ]))
  }

  private var configuration: ReplayConfiguration {
    var configuration = ReplayConfiguration()
    configuration.constants.atrCostPerKibibyte = .max
    return configuration
  }

  private func differences(_ entries: [[UInt8]]) async throws -> (found: [String], golden: ReplayOutcome) {
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(entries.flatMap { $0 + [0x0A] }, "log.jsonl"))
    let golden = try ReplayOutcome.golden(source, configuration)
    var parallel = ParallelConfiguration(configuration, workers: 2, partitions: 4)
    parallel.keepsMetadata = true
    return (try await ReplayOutcome.parallel(source, parallel).differences(from: golden), golden)
  }

  @Test func `a rejected STORE is not listed as diverging`() async throws {
    let entries = [try store("a", isDear: true, epoch: 0), try store("b", isDear: true, epoch: 7)]
    let (found, golden) = try await differences(entries)
    #expect(golden.result.entries.rejections.map(\.code) == [.internal])
    #expect(golden.result.divergences.items.isEmpty)
    #expect(found == [])
  }

  @Test func `rejected STOREs take no place among the first hundred divergences`() async throws {
    let dear = try store("a", isDear: true, epoch: 0)
    let others = try (0..<240).map { try store("o\($0)", isDear: $0 % 3 == 0, epoch: 7) }
    let (found, golden) = try await differences([dear] + others)
    #expect(golden.result.entries.rejected == 80)
    #expect(golden.result.divergences.items.count == 100)
    #expect(golden.result.divergences.omittedCount == 60)
    #expect(found == [])
  }
}
