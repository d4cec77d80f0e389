package import StorageProtocol

/// The hashes on the way from a place of a sparse tree to its root, the place's sibling first (protocol.md 12).
///
/// A place is where the walk from the root along the bits of a key ends: below it there is one leaf or none, so it is as many
/// levels deep as the path has hashes. The bits say on which side each sibling stands.
package struct SparsePath: Equatable, Sendable {
  /// Most hashes that a path can have: the bits of a key.
  package static let countMax = 8 * Digest.byteCount

  /// 32 zero bytes for an empty one.
  package let siblings: [Digest]

  package init(_ siblings: [Digest]) { self.siblings = siblings }

  /// Returns the root of the tree in which `leaf` stands at the place, or nil where no tree has such a path.
  ///
  /// The leaf's hash covers its key, and the key the way: a leaf cannot be shown at a place that is not its own.
  package func root(of leaf: SparseTree.Leaf) -> Digest? { root(from: leaf.hash, along: leaf.key) }

  /// Returns the root of the tree in which `key` has no leaf, or nil where the path does not show that.
  ///
  /// - Parameter found: the leaf of another key that is the only one below the place; nil where nothing is.
  package func root(without key: Digest, found: SparseTree.Leaf?) -> Digest? {
    guard let found else { return root(from: .zero, along: key) }
    guard found.key != key, siblings.count < SparsePath.countMax,
      (0..<siblings.count).allSatisfy({ found.key.bit($0) == key.bit($0) })
    else { return nil }
    return root(from: found.hash, along: key)
  }

  private func root(from place: Digest, along key: Digest) -> Digest? {
    // A part with one leaf below is that leaf: the walk would have ended above an empty sibling.
    guard siblings.count <= SparsePath.countMax, siblings.first != .zero else { return nil }
    var root = place
    for (height, sibling) in siblings.enumerated() {
      let isRight = key.bit(siblings.count - 1 - height)
      root = isRight ? SparseTree.node(sibling, root) : SparseTree.node(root, sibling)
    }
    return root
  }
}

/// A walk from the root of a sparse tree to where the leaf of a key is, or would be.
package struct SparseWalk: Equatable, Sendable {
  package let path: SparsePath
  /// The one leaf below the place, the key's or another's; nil where there is none.
  package let found: SparseTree.Leaf?
}

extension SparseTree {
  /// Walks along the bits of `key`.
  ///
  /// - Parameters:
  ///   - granules: neighbouring parts that make up the tree, a power of two of them, all at the same depth.
  ///   - leaves: gives the leaves of a granule, in the order of their keys; asked for one granule at most.
  /// - Complexity: the leaves of one granule, and one hash for every leaf of it and every granule.
  package static func walk<Failure: Error>(
    to key: Digest, granules: [Subtree], leaves: (_ granule: Int) throws(Failure) -> [Leaf]
  ) throws(Failure) -> SparseWalk {
    precondition(granules.count.nonzeroBitCount == 1, "a level of the tree has a power of two of parts")
    var parts = granules[...]
    var siblings: [Digest] = []
    while parts.count > 1, case .inner = subtree(above: parts) {
      let middle = parts.startIndex + parts.count / 2
      let isRight = key.bit(siblings.count)
      siblings.append(subtree(above: isRight ? parts[..<middle] : parts[middle...]).root)
      parts = isRight ? parts[middle...] : parts[..<middle]
    }
    guard let granule = parts.firstIndex(where: { $0 != .empty }) else {
      return SparseWalk(path: SparsePath(siblings.reversed()), found: nil)
    }
    var rest = try leaves(granule)[...]
    while rest.count > 1 {
      let (left, right) = halves(of: rest, at: siblings.count)
      let isRight = key.bit(siblings.count)
      siblings.append(root(of: isRight ? left : right, depth: siblings.count + 1))
      rest = isRight ? right : left
    }
    return SparseWalk(path: SparsePath(siblings.reversed()), found: rest.first)
  }
}
