package import StorageProtocol

/// A complete subtree of the log tree: the root over the leaves from `index`·2^`level` on, 2^`level` of them.
struct LogNode: Equatable {
  /// Counted among the nodes of its level, from the left.
  let index: UInt64
  let level: UInt64

  /// The number of the leaf behind its last; it exists in a tree of that size or more, so it fits.
  var end: UInt64 { (index + 1) << level }

  /// On which side of a path the siblings of this node and of its ancestors stand, up to the root over `size` leaves; nil
  /// at a level where no leaf is to the right, and the node stands for its parent.
  ///
  /// One item a level, from that of this node on. RFC 9162, 2.1.3 and 2.1.4, read by levels.
  func sides(upTo size: UInt64) -> [LogPath.Side?] {
    precondition(size >= end, "the node is part of the tree")
    var sides: [LogPath.Side?] = []
    var (index, level) = (index, level)
    while (size - 1) >> level != 0 {
      if index & 1 == 1 {
        sides.append(.left)
      } else {
        // `index` is even: the next one, shifted back, is below 2^64.
        sides.append((index + 1) << level < size ? .right : nil)
      }
      index >>= 1
      level += 1
    }
    return sides
  }
}

/// The hashes on the way from a node of the log tree to the root, the node's sibling first.
package struct LogPath: Equatable, Sendable {
  /// Where a sibling stands.
  enum Side: Equatable { case left, right }

  /// Most hashes that a path can have: the levels of a tree of 2^64 leaves.
  package static let countMax = 64

  package let siblings: [Digest]

  package init(_ siblings: [Digest]) { self.siblings = siblings }

  /// Returns the root over `size` leaves in which `node` is hashed `hash`, or nil where the path has another length than the
  /// way there.
  ///
  /// - Parameter leftOnly: whether only siblings to the left are hashed: then the root is that over the leaves up to the node.
  func root(from hash: Digest, of node: LogNode, size: UInt64, leftOnly: Bool = false) -> Digest? {
    let sides = node.sides(upTo: size).compactMap { $0 }
    guard sides.count == siblings.count else { return nil }
    var root = hash
    for (side, sibling) in zip(sides, siblings) {
      switch side {
      case .left: root = LogTree.node(sibling, root)
      case .right: if !leftOnly { root = LogTree.node(root, sibling) }
      }
    }
    return root
  }
}

/// Gathers the path of a node while the leaves behind it come in.
///
/// What is to the left is known from the start. To the right there is one tree a level at most, of which all but the last are
/// complete: memory is O(log n).
struct LogPathBuilder {
  private let node: LogNode
  private let left: LogTree
  /// The complete subtrees to the right, nearest first.
  private var right: [Digest] = []
  /// The level of the subtree that is being filled.
  private var level: UInt64
  private var filling = LogTree()

  /// - Parameter left: the tree over the leaves before the node.
  init(of node: LogNode, behind left: LogTree) {
    precondition(left.count == node.index << node.level, "the node follows on the leaves before it")
    self.node = node
    self.left = left
    level = node.level
    skipLeftSiblings()
  }

  private mutating func skipLeftSiblings() {
    while level < 64, node.index >> (level - node.level) & 1 == 1 { level += 1 }
  }

  /// Takes the next leaf behind the node. - Complexity: amortised two hashes.
  mutating func append(_ eventID: Digest) {
    filling.append(eventID)
    guard filling.count == 1 << level else { return }
    right.append(filling.root)
    filling = LogTree()
    level += 1
    skipLeftSiblings()
  }

  /// The path in the tree of the leaves so far, `size` of them.
  func path(size: UInt64) -> LogPath {
    var left = left.completeRoots[...]
    var right = (filling.count > 0 ? right + [filling.root] : right)[...]
    let siblings = node.sides(upTo: size).compactMap { side -> Digest? in
      switch side {
      case .left: left.popLast()
      case .right: right.popFirst()
      case nil: nil
      }
    }
    precondition(left.isEmpty && right.isEmpty, "every subtree beside the path is a sibling on it")
    return LogPath(siblings)
  }
}
