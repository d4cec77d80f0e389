package import StorageProtocol

/// The compact sparse Merkle tree over the objects, and over the nodes (protocol.md 12).
package enum SparseTree {
  /// A key and what is committed under it.
  package struct Leaf: Equatable, Sendable {
    package let key: Digest
    /// `S(0x00 ‖ K ‖ value)`.
    package let hash: Digest

    package init(key: Digest, value: [UInt8]) {
      self.key = key
      hash = Digest.sha256([0x00] + key.bytes + value)
    }
  }

  /// The root over `leaves`, in any order; keys differ.
  ///
  /// No leaf gives 32 zero bytes; exactly one below a place gives its hash; else `S(0x01 ‖ left ‖ right)`, split on
  /// the next bit of the key, most significant first.
  ///
  /// - Complexity: O(n log n) comparisons, fewer than 2n hashes for keys that are hashes.
  package static func root(of leaves: [Leaf]) -> Digest {
    let sorted = leaves.sorted { $0.key < $1.key }
    precondition(
      zip(sorted, sorted.dropFirst()).allSatisfy { $0.key != $1.key }, "a key is committed once")
    return root(of: sorted[...], depth: 0)
  }

  private static func root(of leaves: ArraySlice<Leaf>, depth: Int) -> Digest {
    guard let first = leaves.first else { return .zero }
    guard leaves.count > 1 else { return first.hash }
    let middle = leaves.partitioningIndex { $0.key.bit(depth) }
    return Digest.sha256(
      [0x01] + root(of: leaves[..<middle], depth: depth + 1).bytes
        + root(of: leaves[middle...], depth: depth + 1).bytes)
  }
}

extension ArraySlice {
  /// The index of the first element that belongs to the second part of a slice partitioned by `belongsToSecond`.
  fileprivate func partitioningIndex(where belongsToSecond: (Element) -> Bool) -> Index {
    var range = startIndex..<endIndex
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = belongsToSecond(self[middle]) ? range.lowerBound..<middle : (middle + 1)..<range.upperBound
    }
    return range.lowerBound
  }
}
