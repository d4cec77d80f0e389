package import StorageProtocol

/// The RFC 9162 Merkle tree over the event log, grown at its right end (protocol.md 12, `log_root`).
///
/// Kept as a compact range: the roots of the complete subtrees that the leaves so far fill, largest first. Memory is
/// O(log n), and the root is there after any event.
package struct LogTree: Equatable, Sendable, Codable {
  /// One root for each bit set in ``count``, that of the most significant bit first.
  private var subtreeRoots: [Digest] = []

  /// The roots of the complete subtrees that the leaves fill, that of the largest and leftmost first.
  var completeRoots: [Digest] { subtreeRoots }

  /// Leaves so far.
  package private(set) var count: UInt64 = 0

  package init() {}

  /// A complete subtree: the root over 2^k leaves.
  package struct Subtree: Equatable, Sendable {
    package let root: Digest
    package let leafCount: UInt64
  }

  /// Appends the leaf of an event. - Complexity: amortised one hash.
  package mutating func append(_ eventID: Digest) {
    append(Subtree(root: LogTree.leaf(eventID), leafCount: 1))
  }

  /// Appends the leaves of a subtree whose place it fits: their number divides ``count``. - Complexity: amortised one hash.
  package mutating func append(_ subtree: Subtree) {
    precondition(count % subtree.leafCount == 0, "a subtree is appended where it is aligned")
    subtreeRoots.append(subtree.root)
    count += subtree.leafCount
    for _ in 0..<(count / subtree.leafCount).trailingZeroBitCount {
      let right = subtreeRoots.removeLast()
      let left = subtreeRoots.removeLast()
      subtreeRoots.append(LogTree.node(left, right))
    }
  }

  /// Appends the events of a stretch from leaf ``count`` of the log up to the one before `end`.
  ///
  /// - Complexity: O(log n); amortised over a stretch, few hashes.
  package mutating func append(_ stretch: LogStretch, to end: UInt64) {
    precondition(stretch.range.lowerBound <= count && count <= end, "a stretch is appended where it is in the log")
    precondition(end <= stretch.range.upperBound, "a stretch has no event behind its last")
    var roots: [Digest] = []
    roots.reserveCapacity(end.nonzeroBitCount)
    var first: UInt64 = 0
    for height in stride(from: UInt64.bitWidth - 1, through: 0, by: -1) where end >> UInt64(height) & 1 == 1 {
      roots.append(root(from: first, height: height, stretch))
      first += 1 << UInt64(height)
    }
    subtreeRoots = roots
    count = end
  }

  /// The root over the 2^`height` leaves from `first` on, which are in this tree, in `stretch`, or some in each.
  private func root(from first: UInt64, height: Int, _ stretch: LogStretch) -> Digest {
    if let root = stretch.root(from: first, height: height) ?? completeRoot(from: first, height: height) { return root }
    precondition(height > 0, "every leaf is in the tree or in the stretch")
    return LogTree.node(
      root(from: first, height: height - 1, stretch),
      root(from: first + 1 << UInt64(height - 1), height: height - 1, stretch))
  }

  /// The root over the 2^`height` leaves from `first` on; nil where they are not one of the complete subtrees.
  private func completeRoot(from first: UInt64, height: Int) -> Digest? {
    // One root for each bit of `count` from this one on upwards.
    let above = count >> UInt64(height + 1)
    guard count >> UInt64(height) & 1 == 1, first == above << UInt64(height + 1) else { return nil }
    return subtreeRoots[above.nonzeroBitCount]
  }

  /// The tree of the leaves before the last complete subtree.
  var withoutLastSubtree: LogTree {
    var tree = self
    tree.subtreeRoots.removeLast()
    tree.count &= tree.count - 1
    return tree
  }

  /// The root; `S("")` of an empty log. - Complexity: O(log n) hashes.
  package var root: Digest {
    guard var root = subtreeRoots.last else { return Digest.sha256([]) }
    for left in subtreeRoots.dropLast().reversed() { root = LogTree.node(left, root) }
    return root
  }

  /// The roots of many trees: hashed side by side.
  package static func roots(of trees: [LogTree]) -> [Digest] {
    var roots = trees.map { $0.subtreeRoots.last ?? Digest.sha256([]) }
    var restCounts = trees.map { max(0, $0.subtreeRoots.count - 1) }
    while true {
      let open = trees.indices.filter { restCounts[$0] > 0 }
      if open.isEmpty { return roots }
      for index in open { restCounts[index] -= 1 }
      let parents = TreeHash.parents(open.map { (trees[$0].subtreeRoots[restCounts[$0]], roots[$0]) })
      for (index, parent) in zip(open, parents) { roots[index] = parent }
    }
  }

  /// `S(0x00 ‖ id)`.
  package static func leaf(_ eventID: Digest) -> Digest { TreeHash.sha256(0x00, eventID) }

  /// `S(0x01 ‖ left ‖ right)`.
  package static func node(_ left: Digest, _ right: Digest) -> Digest { TreeHash.sha256(0x01, left, right) }

  /// Returns the largest aligned subtrees, in order, that the leaves of `eventIDs` fill from leaf `first` of a log on.
  ///
  /// - Complexity: fewer than two hashes an event.
  package static func subtrees(of eventIDs: ArraySlice<Digest>, from first: UInt64) -> [Subtree] {
    let stretch = LogStretch(Array(eventIDs), from: first)
    var subtrees: [Subtree] = []
    var position = first
    while position < stretch.range.upperBound {
      let heightMax = UInt64.bitWidth - 1 - (stretch.range.upperBound - position).leadingZeroBitCount
      let height = min(position.trailingZeroBitCount, heightMax)
      guard let root = stretch.root(from: position, height: height) else {
        preconditionFailure("an aligned subtree of the stretch was hashed")
      }
      subtrees.append(Subtree(root: root, leafCount: 1 << UInt64(height)))
      position += 1 << UInt64(height)
    }
    return subtrees
  }
}
