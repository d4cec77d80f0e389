internal import ControlPlan
internal import EpochMerge
internal import LogReading
internal import ShardReplay
internal import StateCommitment
internal import StorageProtocol

/// Everything that a replay knows between two batches: with it, and the place in the log, a replay goes on as if it had never
/// stopped.
///
/// Sendable: every part is touched by one job at a time, which the schedule's lock orders: the plan by `plan`, the ledger by
/// `settle` and, when nothing is being settled, by the one `plan` that asks what was placed; partitions by the job that has
/// their number, the assembly by `append`, and behind a lock by what is committed late.
final class ReplayState: @unchecked Sendable {
  var plan = ControlPlan()
  var ledger: Ledger
  let partitions: [ObjectPartition]
  var assembly: ResultAssembly
  /// Behind the last entry that was planned.
  var position = LogPosition.start
  private let lateLock = LockedState(())

  /// The archive that was begun with.
  private var archiveDigest: Digest?

  /// Checks that a replay goes on with the archive it began with.
  ///
  /// - Throws: `.archive` with `.manifestDigest`.
  func bind(to archive: LogArchive?) throws(LogError) {
    guard archiveDigest == nil || archiveDigest == archive?.sha256 else {
      throw LogError(.archive(.manifestDigest), file: ArchiveManifest.fileName)
    }
    archiveDigest = archive?.sha256
  }

  /// Adds what applying a partition late has found: sums, and lists in log order, whoever comes first.
  func add(_ part: LatePart) { lateLock.withLock { _ in assembly.add(part) } }

  init(_ configuration: ParallelConfiguration) {
    let constants = configuration.replay.constants
    ledger = Ledger(constants)
    assembly = ResultAssembly(defersEvents: configuration.spill != nil)
    let ranges = KeyRanges(partitionCount: configuration.partitions)
    partitions = (0..<configuration.partitions).map {
      ObjectPartition($0, of: ranges, constants: constants, keepsMetadata: configuration.keepsMetadata)
    }
  }
}
