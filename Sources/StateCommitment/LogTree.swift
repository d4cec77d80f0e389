package import StorageProtocol

/// The RFC 9162 Merkle tree over the event log, grown at its right end (protocol.md 12, `log_root`).
///
/// Kept as a compact range: the roots of the complete subtrees that the leaves so far fill, largest first. Memory is
/// O(log n), and the root is there after any event.
package struct LogTree: Equatable, Sendable {
  /// One root for each bit set in ``count``, that of the most significant bit first.
  private var subtreeRoots: [Digest] = []

  /// Leaves so far.
  package private(set) var count: UInt64 = 0

  package init() {}

  /// Appends the leaf of an event. - Complexity: amortised one hash.
  package mutating func append(_ eventID: Digest) {
    subtreeRoots.append(LogTree.leaf(eventID))
    count += 1
    for _ in 0..<count.trailingZeroBitCount {
      let right = subtreeRoots.removeLast()
      let left = subtreeRoots.removeLast()
      subtreeRoots.append(LogTree.node(left, right))
    }
  }

  /// The root; `S("")` of an empty log. - Complexity: O(log n) hashes.
  package var root: Digest {
    guard var root = subtreeRoots.last else { return Digest.sha256([]) }
    for left in subtreeRoots.dropLast().reversed() { root = LogTree.node(left, root) }
    return root
  }

  /// `S(0x00 ‖ id)`.
  package static func leaf(_ eventID: Digest) -> Digest { Digest.sha256([0x00] + eventID.bytes) }

  /// `S(0x01 ‖ left ‖ right)`.
  package static func node(_ left: Digest, _ right: Digest) -> Digest {
    Digest.sha256([0x01] + left.bytes + right.bytes)
  }
}
