internal import ShardReplay

/// What is known of checkpoints while entries before them are put aside: how objects and shards grow between them comes piece
/// by piece, in any order.
struct DeferredLog: Codable {
  /// From behind one checkpoint to the next.
  struct Period: Codable {
    var objects = 0
    var shards = 0
    /// At its end; nil for the last one.
    var checkpoint: PendingCheckpoint?
  }

  private(set) var periods = [Period()]

  mutating func append(_ batch: MergedBatch) {
    for (index, period) in batch.periods.enumerated() {
      periods[periods.count - 1].objects += period.objects
      periods[periods.count - 1].shards += period.shards
      guard index < batch.checkpoints.count else { continue }
      periods[periods.count - 1].checkpoint = batch.checkpoints[index]
      periods.append(Period())
    }
  }

  mutating func add(_ part: LatePart) {
    for growth in part.growth {
      periods[growth.checkpointCount].objects += growth.objects
      periods[growth.checkpointCount].shards += growth.shards
    }
  }
}
