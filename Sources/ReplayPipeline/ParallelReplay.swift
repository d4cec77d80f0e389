internal import LogDecoding
package import LogReading
internal import ShardReplay
package import StorageProtocol

/// A finished parallel replay: its result, and the state for those who want more than the roots.
package struct ParallelReplay: Sendable {
  package let result: ReplayResult
  package let extent: LogExtent
  package let timings: StageTimings
  /// What went to disk; nil where all objects stayed in memory.
  package let spilled: SpillExtent?
  /// Ordinals of entries that a salvage has lost.
  package let lost: [ClosedRange<UInt64>]
  /// By id bytes.
  package let nodes: [StorageNode]
  private let partitions: [ObjectPartition]
  private let nodeNames: [Identifier]

  init(
    result: ReplayResult, extent: LogExtent, timings: StageTimings, spilled: SpillExtent?, lost: [ClosedRange<UInt64>],
    nodes: [StorageNode], partitions: [ObjectPartition], nodeNames: [Identifier]
  ) {
    self.result = result
    self.extent = extent
    self.timings = timings
    self.spilled = spilled
    self.lost = lost
    self.nodes = nodes
    self.partitions = partitions
    self.nodeNames = nodeNames
  }

  /// The objects by id bytes, then version; with metadata only where ``ParallelConfiguration/keepsMetadata`` asked for it.
  ///
  /// - Complexity: builds every object: for exports.
  package var sortedObjects: [StoredObject] {
    var rereading = EntryRereading()
    return partitions.flatMap { partition in
      partition.storedObjects(nodeNames: nodeNames) { rereading.object($0) }
    }.sorted { ($0.id, $0.version) < ($1.id, $1.version) }
  }
}
