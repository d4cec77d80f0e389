package import StorageProtocol

/// That a log begins with all events of an earlier state of it, in their order (RFC 9162, 2.1.4).
package struct LogConsistencyProof: Equatable, Sendable {
  /// Events of the earlier log, one or more: an empty log is the beginning of every other.
  package let first: UInt64
  /// Events of the later log, as many or more.
  package let second: UInt64
  /// What RFC 9162 calls the consistency proof.
  package let path: LogPath

  package init(first: UInt64, second: UInt64, path: LogPath) {
    self.first = first
    self.second = second
    self.path = path
  }

  /// Whether the log of root `secondRoot` begins with that of root `firstRoot`, as this proof has it; false too where it has
  /// not the form of a proof for these sizes. - Complexity: O(log n) hashes.
  package func holds(from firstRoot: Digest, to secondRoot: Digest) -> Bool {
    guard first > 0, first <= second else { return false }
    guard first < second else { return path.siblings.isEmpty && firstRoot == secondRoot }
    let node = LogConsistencyProof.lastSubtree(of: first)
    var rest = path
    var hash = firstRoot
    if !LogConsistencyProof.isComplete(first) {
      guard let start = path.siblings.first else { return false }
      hash = start
      rest = LogPath(Array(path.siblings.dropFirst()))
    }
    return rest.root(from: hash, of: node, size: second, leftOnly: true) == firstRoot
      && rest.root(from: hash, of: node, size: second) == secondRoot
  }

  /// The last of the complete subtrees that make up a log of `size` events: where both trees are built from.
  fileprivate static func lastSubtree(of size: UInt64) -> LogNode {
    let level = UInt64(size.trailingZeroBitCount)
    return LogNode(index: size >> level - 1, level: level)
  }

  /// Whether a log of `size` events is one complete subtree: then its root need not be told.
  fileprivate static func isComplete(_ size: UInt64) -> Bool { size.nonzeroBitCount == 1 }
}

/// Makes a ``LogConsistencyProof`` from the events of a log in order, without keeping them.
package struct LogConsistencyProver: Sendable {
  /// Events of the earlier log.
  package let first: UInt64
  private var tree = LogTree()
  private var earlier: (root: Digest, lastSubtreeRoot: Digest, path: LogPathBuilder)?

  package init(first: UInt64) {
    precondition(first > 0, "an empty log is the beginning of every other")
    self.first = first
  }

  /// Events so far.
  package var count: UInt64 { tree.count }

  /// Takes the next event. - Complexity: amortised three hashes.
  package mutating func append(_ eventID: Digest) {
    tree.append(eventID)
    earlier?.path.append(eventID)
    guard tree.count == first, let last = tree.completeRoots.last else { return }
    let node = LogConsistencyProof.lastSubtree(of: first)
    earlier = (tree.root, last, LogPathBuilder(of: node, behind: tree.withoutLastSubtree))
  }

  /// The root over the events so far.
  package var root: Digest { tree.root }

  /// The earlier log's root and the proof; nil where its events have not all come.
  package var proof: (firstRoot: Digest, proof: LogConsistencyProof)? {
    guard let earlier else { return nil }
    var siblings = first < tree.count ? earlier.path.path(size: tree.count).siblings : []
    if first < tree.count, !LogConsistencyProof.isComplete(first) { siblings.insert(earlier.lastSubtreeRoot, at: 0) }
    return (earlier.root, LogConsistencyProof(first: first, second: tree.count, path: LogPath(siblings)))
  }
}
