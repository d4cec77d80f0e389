import EpochMerge
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StorageProtocol
import Synchronization
import SystemFiles
import Testing

/// What a replay loses that is killed at any moment: nothing that a point holds, and a point comes when its time has come.
@Suite struct CheckpointIntervalTests {
  /// Entries appended, and how many of them the point that is on disk then does not hold, batch by batch.
  private final class Losses: Sendable {
    struct Content {
      var appended: UInt64 = 0
      var batches: [(entryCount: UInt64, lost: UInt64)] = []
    }

    let content = Mutex(Content())

    func add(_ batch: MergedBatch, heldUpTo: UInt64) {
      content.withLock { content in
        content.appended += batch.entries.total
        content.batches.append((batch.entries.total, content.appended - heldUpTo))
      }
    }
  }

  private func losses(interval: Duration) async throws -> Losses.Content {
    let folder = try TemporaryFolder()
    let archive = "\(folder.path)/archive"
    let packing = try CommandLineRun(["pack", Fixture.path("vm-trace.jsonl.lz4"), "-o", archive, "-q"])
    #expect(packing.status == 0, "\(packing.errors)")
    let checkpoints = ReplayCheckpoints(
      in: TargetFolder(path: folder.path), binding: .zero, interval: interval, resumes: false)
    var configuration = ParallelConfiguration(ReplayConfiguration(), workers: 3, partitions: 8)
    configuration.chunkBytes = 1 << 20
    let losses = Losses()
    _ = try await ReplayPipeline.replay(
      LogSource(argument: archive), configuration, reading: LogReadingOptions(), checkpoints: checkpoints
    ) { (batch, _) throws(PipelineError) in losses.add(batch, heldUpTo: checkpoints.heldUpTo ?? 0) }
    return losses.content.withLock { $0 }
  }

  @Test func `with an interval of nothing, a kill loses one batch at most`() async throws {
    let found = try await losses(interval: .zero)
    #expect(found.appended == 114_083)
    #expect(found.batches.count > 10)
    for batch in found.batches { #expect(batch.lost == batch.entryCount) }
  }

  @Test func `within an interval no point is taken`() async throws {
    let found = try await losses(interval: .seconds(86_400))
    #expect(found.batches.last?.lost == 114_083)
  }
}
