package import StorageProtocol

/// What applying one batch did to one partition. Used over and over: its lists keep their memory.
package struct AppliedPart {
  /// Objects and shards more, between two checkpoints of the batch: one element more than the batch has checkpoints; none where
  /// the partition has no entry of the batch.
  package internal(set) var growth: [(objects: Int, shards: Int)] = []
  /// In log order, as many as a result lists; all of them where the batch asks for that.
  package internal(set) var divergences: [(entry: Int, divergence: Divergence)] = []
  /// Items beyond those.
  package internal(set) var omittedDivergences: UInt64 = 0
  /// Of all of them.
  package internal(set) var acceptanceTally = AcceptanceTally()

  /// Canonical JSON of the events that only applying gave.
  package internal(set) var eventTexts: [(entry: Int, text: [UInt8])] = []

  package init() {}

  /// Forgets what a batch did.
  package mutating func removeAll() {
    growth.removeAll(keepingCapacity: true)
    // Rare, and as many as there were: no memory is kept for them.
    if !divergences.isEmpty { divergences = [] }
    if !eventTexts.isEmpty { eventTexts = [] }
    omittedDivergences = 0
    acceptanceTally = AcceptanceTally()
  }

  /// Begins with a batch of so many checkpoints.
  mutating func begin(checkpointCount: Int) {
    removeAll()
    for _ in 0...checkpointCount { growth.append((0, 0)) }
  }
}
