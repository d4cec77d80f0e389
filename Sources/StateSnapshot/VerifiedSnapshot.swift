package import StateCommitment
package import StorageProtocol

/// A state out of a snapshot file, every row of which was read and gave the roots and digests that the file says.
///
/// That the file is the one a replay wrote, only a root or a digest says that comes from elsewhere: evidence quotes both.
package struct VerifiedSnapshot: Sendable {
  let connection: SnapshotConnection
  package let commitment: SnapshotCommitment
  package let digests: SnapshotDigests
  /// By id bytes.
  package let nodes: [StorageNode]
  /// In the order of their keys.
  package let objectLeaves: [SparseTree.Leaf]
  package let checkpoints: [Checkpoint]
  /// Nil where the log has no event.
  package let firstEventID: Digest?

  init(
    _ connection: SnapshotConnection, _ computation: SnapshotComputation, commitment: SnapshotCommitment,
    digests: SnapshotDigests
  ) {
    self.connection = connection
    self.commitment = commitment
    self.digests = digests
    nodes = computation.nodes
    objectLeaves = computation.objectLeaves
    checkpoints = computation.checkpoints
    firstEventID = computation.firstEventID
  }

  package var path: String { connection.path }

  /// Every object and its shards, by id bytes, then version.
  package func objects() throws(SnapshotFault) -> SnapshotObjects { try SnapshotObjects(connection) }

  /// Every object and its shards in the order in which a snapshot is written.
  package func objectsInKeyOrder() throws(SnapshotFault) -> SnapshotObjects {
    try SnapshotObjects(connection, isKeyOrder: true)
  }

  /// The versions of an object, with their shards.
  package func objects(_ id: Identifier) throws(SnapshotFault) -> SnapshotObjects {
    try SnapshotObjects(connection, of: id)
  }

  /// The events of the log, in order.
  ///
  /// - Parameter range: numbers of events; all if not given.
  package func events(in range: Range<UInt64>? = nil) throws(SnapshotFault) -> SnapshotEvents {
    let all = 0..<commitment.summary.eventLogCount
    return try SnapshotEvents(connection, in: (range ?? all).clamped(to: all))
  }
}
