internal import ControlPlan
internal import Derivation
internal import EpochMerge
internal import LogDecoding
internal import LogReading
internal import ShardReplay
internal import StorageProtocol

/// The memory of one batch in flight, on its way through the stages; used again when it has been appended.
///
/// Sendable: the schedule gives a batch to one job at a time. Only applying is shared, by the groups of partitions: each
/// reads the batch, and writes the parts of its own partitions and the records of entries routed to them.
final class BatchSlot: @unchecked Sendable {
  let chunk = LogChunk()
  let decoded = DecodedBatch()
  var planned = PlannedBatch()
  let derived = DerivedBatch()
  var settled = SettledBatch.none {
    didSet { checkpointEntries = settled.checkpoints.map(\.entry) }
  }
  private var checkpointEntries: [Int] = []
  var merged: MergedBatch?
  /// Bytes of the file as stored up to the last block that ends in the batch, for progress.
  var storedEnd: UInt64 = 0
  /// Whether the log is damaged in the batch, or right behind it.
  var isDamaged = false
  /// What a survey made of the batch.
  var surveyed: (any Sendable)?
  /// One a partition.
  let parts: UnsafeMutableBufferPointer<AppliedPart>

  /// What is accepted of the log; nil where nothing was listed.
  let accepting: AcceptList?
  private let listsEveryDivergence: Bool

  /// - Parameters:
  ///   - list: what is accepted of the log; nil where nothing was listed.
  ///   - listsEveryDivergence: whether parts hold all that was found, not only what a result lists.
  init(partitionCount: Int, accepting list: AcceptList?, listsEveryDivergence: Bool) {
    accepting = list
    self.listsEveryDivergence = listsEveryDivergence
    parts = .allocate(capacity: partitionCount)
    parts.initialize(repeating: AppliedPart())
  }

  deinit {
    parts.deinitialize()
    parts.deallocate()
  }

  var applicable: ApplicableBatch {
    ApplicableBatch(
      decoded: decoded, planned: planned, derived: derived, checkpointEntries: checkpointEntries,
      checkpointsBefore: settled.checkpointsBefore, accepting: accepting, listsEveryDivergence: listsEveryDivergence)
  }

  /// Drops what must not wait for the next use.
  func finish() {
    merged = nil
    surveyed = nil
    planned = PlannedBatch()
    for partition in parts.indices { parts[partition].removeAll() }
  }
}
