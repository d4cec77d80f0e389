package import StorageProtocol

/// What a STORE that a replay applied says of the content it wrote.
package struct WrittenStore: Sendable {
  package enum Source: Equatable, Sendable {
    /// The log has the content.
    case content
    /// The archive had the content, and has not any more: a sentence with the place.
    case damaged(String)
    /// Event dialect without a payload: the log never had it.
    case carried
    /// Runbook dialect: the log never had it.
    case placeholder
  }

  /// A chunk of the content that a node holds.
  package struct Replica: Sendable {
    package let index: Int
    /// The node's places among the chunk's replicas, as applied, rising: more than one where fewer nodes were eligible than replicas.
    package let positions: [Int]
    /// Nil where the content is not known.
    package let merkleRoot: Digest?
  }

  package let ordinal: Ordinal
  package let tick: Tick
  package let source: Source
  package let contentBytes: UInt64
  /// As computed from the content, else as recorded; nil where neither.
  package let hashCommit: Digest?
  /// Canonical JSON; nil where nobody knows.
  package let metadata: [UInt8]?
  package let chunkCount: Int
  /// Of the node that is restored; empty where objects are.
  package let replicas: [Replica]
}

/// An object version and the STOREs that wrote what exists under it.
package struct StoreHistory: Sendable {
  package let key: Digest
  package let id: Identifier
  package let version: ObjectVersion
  /// In log order; each has more chunks than the next: the last one wrote the current content, the others what is left of theirs,
  /// orphans (protocol.md 5.4).
  package private(set) var writers: [WrittenStore]

  init(key: Digest, id: Identifier, version: ObjectVersion, _ first: WrittenStore) {
    self.key = key
    self.id = id
    self.version = version
    writers = [first]
  }

  /// The STORE that wrote the current content.
  package var current: WrittenStore {
    guard let last = writers.last else { preconditionFailure("a history begins with a STORE") }
    return last
  }

  /// Adds a STORE that replaces the content. - Complexity: amortised O(1).
  mutating func replace(by store: WrittenStore) {
    while let last = writers.last, last.chunkCount <= store.chunkCount { writers.removeLast() }
    writers.append(store)
  }

  /// The STOREs, each with the chunks that exist and are its own, by rising index.
  package var shards: [(writer: WrittenStore, indices: Range<Int>)] {
    var start = 0
    return writers.reversed().map { writer in
      defer { start = writer.chunkCount }
      return (writer, start..<writer.chunkCount)
    }
  }
}
