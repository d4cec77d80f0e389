package import StorageProtocol

/// What applying one batch did to one partition.
package struct AppliedPart {
  /// Objects and shards more, between two checkpoints of the batch: one element more than the batch has checkpoints.
  package internal(set) var growth: [(objects: Int, shards: Int)]
  /// In log order, as many as a result lists; all of them where the batch asks for that.
  package internal(set) var divergences: [(entry: Int, divergence: Divergence)] = []
  /// Items beyond those.
  package internal(set) var omittedDivergences: UInt64 = 0
  /// Of all of them.
  package internal(set) var acceptanceTally = AcceptanceTally()

  /// Canonical JSON of the events that only applying gave.
  package internal(set) var eventTexts: [(entry: Int, text: [UInt8])] = []

  init(checkpointCount: Int) { growth = Array(repeating: (0, 0), count: checkpointCount + 1) }
}
