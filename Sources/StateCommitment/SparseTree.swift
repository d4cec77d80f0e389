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

    init(key: Digest, hash: Digest) {
      self.key = key
      self.hash = hash
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

  /// What a part of the tree gives to the part above it: that needs to know whether it holds one leaf only.
  package enum Subtree: Equatable, Sendable {
    case empty
    case leaf(Digest)
    /// Two leaves or more.
    case inner(Digest)

    /// The root of the tree that this part is.
    package var root: Digest {
      switch self {
      case .empty: .zero
      case .leaf(let hash), .inner(let hash): hash
      }
    }

    /// The part one level up.
    package init(left: Subtree, right: Subtree) {
      switch (left, right) {
      case (.empty, .empty): self = .empty
      case (.leaf(let hash), .empty), (.empty, .leaf(let hash)): self = .leaf(hash)
      default: self = .inner(SparseTree.node(left.root, right.root))
      }
    }
  }

  /// Returns the part at `depth` that holds `count` leaves, which come in the order of their keys and agree in their first
  /// `depth` bits.
  ///
  /// - Complexity: `count` leaves, fewer than 2·`count` hashes for keys that are hashes; those of nodes that do not depend on each
  ///   other go side by side.
  ///
  /// - Parameter bit: the bit of a leaf's key at a depth.
  package static func subtree(
    depth: Int, count: Int, bit: (_ leaf: Int, _ depth: Int) -> Bool, leaf: (Int) -> Digest
  ) -> Subtree {
    guard count > 1 else { return count == 0 ? .empty : .leaf(leaf(0)) }
    return .inner(SubtreePlan(leafCount: count, depth: depth, bit: bit).root(leaf))
  }

  /// The root above neighbouring parts, a power of two of them, all at the same depth.
  package static func root(above parts: [Subtree]) -> Digest { subtree(above: parts[...]).root }

  /// The part above neighbouring parts, a power of two of them, all at the same depth.
  static func subtree(above parts: ArraySlice<Subtree>) -> Subtree {
    precondition(parts.count.nonzeroBitCount == 1, "a level of the tree has a power of two of parts")
    var level = Array(parts)
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { Subtree(left: level[$0], right: level[$0 + 1]) }
    }
    return level[0]
  }

  /// `S(0x01 ‖ left ‖ right)`.
  static func node(_ left: Digest, _ right: Digest) -> Digest {
    TreeHash.sha256(0x01, left, right)
  }

  /// The root of the part at `depth` that holds `leaves`, which come in the order of their keys.
  static func root(of leaves: ArraySlice<Leaf>, depth: Int) -> Digest {
    guard let first = leaves.first else { return .zero }
    guard leaves.count > 1 else { return first.hash }
    let (left, right) = halves(of: leaves, at: depth)
    return node(root(of: left, depth: depth + 1), root(of: right, depth: depth + 1))
  }

  /// The leaves to the left and to the right, by the bit of their keys at `depth`.
  static func halves(of leaves: ArraySlice<Leaf>, at depth: Int) -> (left: ArraySlice<Leaf>, right: ArraySlice<Leaf>) {
    let middle = leaves.partitioningIndex { $0.key.bit(depth) }
    return (leaves[..<middle], leaves[middle...])
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
