package import StorageProtocol

/// That an event stands at a place of a log (RFC 9162, 2.1.3).
package struct LogInclusionProof: Equatable, Sendable {
  /// The 0-based place of the event among the events of the log.
  package let index: UInt64
  /// Events of the log.
  package let size: UInt64
  package let path: LogPath

  package init(index: UInt64, size: UInt64, path: LogPath) {
    self.index = index
    self.size = size
    self.path = path
  }

  /// Returns the log root in which `eventID` stands at the place, or nil where the proof has not the form of one for that
  /// place and size. - Complexity: O(log n) hashes.
  package func root(of eventID: Digest) -> Digest? {
    guard index < size else { return nil }
    return path.root(from: LogTree.leaf(eventID), of: LogNode(index: index, level: 0), size: size)
  }
}

/// Makes a ``LogInclusionProof`` from the events of a log in order, without keeping them.
package struct LogInclusionProver: Sendable {
  private var tree = LogTree()
  private var target: (index: UInt64, path: LogPathBuilder)?

  package init() {}

  /// Events so far.
  package var count: UInt64 { tree.count }

  /// Takes the next event. - Complexity: amortised three hashes.
  package mutating func append(_ eventID: Digest) {
    tree.append(eventID)
    target?.path.append(eventID)
  }

  /// Takes the next event, the one to prove.
  package mutating func appendTarget(_ eventID: Digest) {
    precondition(target == nil, "one event is proved")
    let index = tree.count
    target = (index, LogPathBuilder(of: LogNode(index: index, level: 0), behind: tree))
    tree.append(eventID)
  }

  /// The root over the events so far.
  package var root: Digest { tree.root }

  /// The proof in the log of the events so far; nil where the event to prove has not come.
  package var proof: LogInclusionProof? {
    target.map { LogInclusionProof(index: $0.index, size: tree.count, path: $0.path.path(size: tree.count)) }
  }
}
