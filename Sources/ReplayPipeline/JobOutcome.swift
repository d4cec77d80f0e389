internal import LogReading

/// What a job tells the schedule.
enum JobOutcome {
  case read(isCompressed: Bool, isLast: Bool)
  case decompressed(block: Int)
  case split(hasBatch: Bool, isBlockTaken: Bool, isLast: Bool)
  /// - `damage`: why the log is broken in the batch, or behind it; its ordinal counts from the batch's first entry.
  case decoded(batch: Int, entryCount: Int, hasContext: Bool, damage: LogError?)
  /// - `stops`: whether the replay ends in the batch.
  case planned(batch: Int, stops: Bool)
  case derived(batch: Int)
  case settled(batch: Int)
  case applied(group: Int, batches: Range<Int>)
  case merged(batch: Int)
  case appended
  case committed(group: Int)
  /// No more is to be done.
  case aborted(PipelineError)
}
