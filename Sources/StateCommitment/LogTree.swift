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

  /// `S(0x00 ‖ id)`.
  package static func leaf(_ eventID: Digest) -> Digest { TreeHash.sha256(0x00, eventID) }

  /// `S(0x01 ‖ left ‖ right)`.
  package static func node(_ left: Digest, _ right: Digest) -> Digest { TreeHash.sha256(0x01, left, right) }

  /// Returns the largest aligned subtrees, in order, that the leaves of `eventIDs` fill from leaf `first` of a log on.
  ///
  /// They depend on the place in the log alone, so that pieces of a log can be hashed apart (RFC 9162 compact range).
  ///
  /// - Complexity: fewer than two hashes an event.
  package static func subtrees(of eventIDs: ArraySlice<Digest>, from first: UInt64) -> [Subtree] {
    var subtrees: [Subtree] = []
    var rest = eventIDs
    var position = first
    while !rest.isEmpty {
      var leafCount: UInt64 = 1
      while 2 * leafCount <= UInt64(rest.count), position % (2 * leafCount) == 0 { leafCount *= 2 }
      subtrees.append(Subtree(root: root(of: rest.prefix(Int(leafCount))), leafCount: leafCount))
      rest = rest.dropFirst(Int(leafCount))
      position += leafCount
    }
    return subtrees
  }

  /// The root over a power of two of leaves: level by level, each hashed as one batch.
  private static func root(of eventIDs: ArraySlice<Digest>) -> Digest {
    let leaves = EqualMessages(messageBytes: 1 + Digest.byteCount, capacity: eventIDs.count)
    for (index, id) in eventIDs.enumerated() {
      var leaf = leaves.message(index)
      leaf.append(UInt8(0x00))
      leaf.append(id)
    }
    leaves.hash(eventIDs.count)
    var level: [Digest] = []
    level.reserveCapacity(eventIDs.count)
    for index in 0..<eventIDs.count { level.append(leaves.digest(index)) }
    let nodes = EqualMessages(messageBytes: 1 + 2 * Digest.byteCount, capacity: level.count / 2)
    while level.count > 1 {
      let count = level.count / 2
      for index in 0..<count {
        var node = nodes.message(index)
        node.append(UInt8(0x01))
        node.append(level[2 * index])
        node.append(level[2 * index + 1])
      }
      nodes.hash(count)
      for index in 0..<count { level[index] = nodes.digest(index) }
      level.removeLast(level.count - count)
    }
    return level[0]
  }
}
