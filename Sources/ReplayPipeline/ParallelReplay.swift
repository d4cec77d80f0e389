package import LogReading
package import ShardReplay
package import StateCommitment
package import StorageProtocol

/// A finished parallel replay: its result, and the state for those who want more than the roots.
package struct ParallelReplay: Sendable {
  package let result: ReplayResult
  /// The id of the log's first event; nil where it has none.
  package let firstEventID: Digest?
  package let extent: LogExtent
  package let timings: StageTimings
  /// What went to disk; nil where all objects stayed in memory.
  package let spilled: SpillExtent?
  /// Ordinals of entries that a salvage has lost.
  package let lost: [ClosedRange<UInt64>]
  /// By id bytes.
  package let nodes: [StorageNode]
  private let partitions: [ObjectPartition]
  /// The parts of the objects tree, in order.
  private let granules: [SparseTree.Subtree]
  private let nodeNames: [Identifier]

  init(
    result: ReplayResult, firstEventID: Digest?, extent: LogExtent, timings: StageTimings, spilled: SpillExtent?,
    lost: [ClosedRange<UInt64>],
    nodes: [StorageNode], partitions: [ObjectPartition], granules: [SparseTree.Subtree],
    nodeNames: [Identifier]
  ) {
    self.result = result
    self.firstEventID = firstEventID
    self.extent = extent
    self.timings = timings
    self.spilled = spilled
    self.lost = lost
    self.nodes = nodes
    self.partitions = partitions
    self.granules = granules
    self.nodeNames = nodeNames
  }

  /// Calls `body` with every object, by id bytes, then by version as a signed number: the order of a snapshot's keys. With
  /// metadata only where ``ParallelConfiguration/keepsMetadata`` asked for it.
  ///
  /// - Parameter body: is given the ids that its view's placements number, besides.
  /// - Complexity: O(n log n) for n objects.
  package func forEachObject<Failure: Error>(
    _ body: (ObjectView, _ nodeNames: [Identifier]) throws(Failure) -> Void
  ) throws(Failure) {
    try ObjectOrder(partitions).forEach { (object) throws(Failure) in try body(object, nodeNames) }
  }

  /// Walks the objects tree along the bits of `key`; with no objects aside only.
  ///
  /// - Complexity: sorts one partition, hashes one granule.
  package func objectWalk(to key: Digest) -> SparseWalk {
    let ranges = KeyRanges(partitionCount: partitions.count)
    return SparseTree.walk(to: key, granules: granules) { granule in
      partitions[ranges.partition(ofGranule: granule)].leaves(ofGranule: granule)
    }
  }

  /// What the commitment says of the object of a key; nil where there is none.
  package func committedObject(_ key: Digest) -> CommittedObject? {
    partitions[KeyRanges(partitionCount: partitions.count).partition(of: key)].committedObject(key)
  }
}
