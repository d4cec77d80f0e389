package import StorageProtocol

/// How the keys of objects are shared out: each partition owns a range of K.
///
/// Ranges are made of whole granules, the subtrees of the objects tree below its first 12 levels, so that every partition
/// computes whole subtrees whatever their number (protocol.md 12).
package struct KeyRanges: Equatable, Sendable {
  /// Levels of the tree above the granules.
  package static let granuleBits = 12
  package static let granuleCount = 1 << granuleBits
  /// Most partitions there can be: one for each granule.
  package static let partitionCountMax = granuleCount

  package let partitionCount: Int

  package init(partitionCount: Int) {
    precondition(
      (1...KeyRanges.partitionCountMax).contains(partitionCount),
      "there are 1 to \(KeyRanges.partitionCountMax) partitions")
    self.partitionCount = partitionCount
  }

  /// Returns the partition that owns `key`.
  package func partition(of key: Digest) -> Int {
    partition(ofGranule: Int(key.prefix >> UInt64(64 - KeyRanges.granuleBits)))
  }

  /// Returns the partition that owns a granule.
  package func partition(ofGranule granule: Int) -> Int { (granule * partitionCount) >> KeyRanges.granuleBits }

  /// The granules that `partition` owns.
  package func granules(of partition: Int) -> Range<Int> { first(of: partition)..<first(of: partition + 1) }

  /// The first granule whose product with the count of partitions reaches `partition`·4096.
  private func first(of partition: Int) -> Int {
    (partition << KeyRanges.granuleBits + partitionCount - 1) / partitionCount
  }
}
