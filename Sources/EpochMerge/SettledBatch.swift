package import StorageProtocol

/// A batch whose totals are settled: which of its entries emit events is final, and so is their place in the event log.
package struct SettledBatch: Sendable {
  /// Events before the batch.
  package let firstEvent: UInt64
  package internal(set) var eventCount = 0
  /// Checkpoints before the batch.
  package let checkpointsBefore: Int
  /// One for each applied EPOCH_ADVANCEMENT, in order.
  package internal(set) var checkpoints: [PendingCheckpoint] = []

  init(firstEvent: UInt64, checkpointsBefore: Int) {
    self.firstEvent = firstEvent
    self.checkpointsBefore = checkpointsBefore
  }
}

/// A checkpoint that lacks what only applied objects and the log tree give.
package struct PendingCheckpoint: Sendable, Codable {
  /// The place of the EPOCH_ADVANCEMENT in its batch.
  package let entry: Int
  package let ordinal: Ordinal
  package let nodesRoot: Digest
  /// Objects and shards are 0 here.
  package let summary: StateSummary
}

extension SettledBatch {
  /// Nothing settled yet.
  package static let none = SettledBatch(firstEvent: 0, checkpointsBefore: 0)
}
