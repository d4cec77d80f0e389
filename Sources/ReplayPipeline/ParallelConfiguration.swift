package import EpochMerge
package import Hashing
internal import StateCommitment
package import StorageProtocol

/// How a replay is run in parallel: nothing here decides its result.
package struct ParallelConfiguration: Sendable {
  /// What decides the result.
  package var replay: ReplayConfiguration
  /// Workers, reading included: no more threads than these.
  package var workers: Int
  /// Ranges of object keys, at most ``KeyRanges/partitionCountMax``.
  package var partitions: Int
  package var backend = HashBackend.chosen(simd: nil)
  /// Bytes of log text a batch holds, about.
  package var chunkBytes = 128 << 10
  /// Batches in flight; nil for what the number of workers asks.
  package var window: Int?
  /// Orders of work other than the usual one, and delays in it: for tests.
  package var disturbance: ScheduleDisturbance?
  /// What of the events is handed out.
  package var events = EventDetail.none
  /// Whether objects keep what only an export needs.
  package var keepsMetadata = false
  /// Whether the file is hashed while it is read.
  package var hashesFile = false
  /// Where the replay ends.
  package var stop = ReplayStop.end
  /// Whether a survey is shown every divergence, not only as many of a batch as a result lists.
  package var listsEveryDivergence = false
  /// Nil where memory has room for all objects. Not for a replay that hands out events, metadata, objects or resume points.
  package var spill: SpillConfiguration?
  /// Work that a measurement is to notice; nil for none.
  package var planted: PlantedWork?
  /// Whether objects are applied; a survey leaves them out.
  var appliesObjects = true

  package init(_ replay: ReplayConfiguration, workers: Int, partitions: Int) {
    precondition(workers > 0, "somebody does the work")
    self.replay = replay
    self.workers = workers
    self.partitions = partitions
  }

  /// Groups of partitions that are applied together: enough that every worker finds one, few enough that each is worth it.
  var groupCount: Int { appliesObjects ? min(partitions, 2 * workers) : 0 }

  var batchWindow: Int { max(1, window ?? 3 * workers + 2) }

  /// The partitions of a group.
  func partitions(of group: Int) -> Range<Int> {
    (group * partitions / groupCount)..<((group + 1) * partitions / groupCount)
  }
}

/// A disturbed order of work, the same for the same seed and the same timing of the machine.
package struct ScheduleDisturbance: Sendable {
  package let seed: UInt64
  /// The longest delay before a piece of work, in microseconds.
  package let delayMax: UInt32

  package init(seed: UInt64, delayMax: UInt32 = 200) {
    self.seed = seed
    self.delayMax = delayMax
  }
}
