internal import ProofFiles
internal import ReplayPipeline
internal import StateCommitment
internal import StateSnapshot
internal import StorageProtocol

/// A state of which parts can be proved: what a replay gave, or what a snapshot holds.
protocol ProvableState {
  var summary: StateSummary { get }
  var roots: StateRoots { get }
  /// By id bytes.
  var nodes: [StorageNode] { get }
  /// Nil where the log has no event.
  var firstEventID: Digest? { get }
  /// Walks the objects tree along the bits of `key`.
  func objectWalk(to key: Digest) -> SparseWalk
  /// What the commitment says of the object of a key; nil where there is none.
  func committedObject(_ key: Digest) throws(ReplayFailure) -> CommittedObject?
}

extension ParallelReplay: ProvableState {
  var summary: StateSummary { result.state }
  var roots: StateRoots { result.roots }
}

extension VerifiedSnapshot: ProvableState {
  var summary: StateSummary { commitment.summary }
  var roots: StateRoots { commitment.roots }

  func objectWalk(to key: Digest) -> SparseWalk { SparseTree.walk(to: key, sorted: objectLeaves) }

  /// - Complexity: names every object again, until one has the key.
  func committedObject(_ key: Digest) throws(ReplayFailure) -> CommittedObject? {
    try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in
      var objects = try objects()
      while let object = try objects.next() {
        if object.key == key { return object.committed }
      }
      return nil
    }
  }
}

extension SparseTree {
  /// Walks along the bits of `key` among leaves that come in the order of their keys.
  fileprivate static func walk(to key: Digest, sorted leaves: [Leaf]) -> SparseWalk {
    let whole = subtree(depth: 0, count: leaves.count) {
      leaves[$0].key.bit($1)
    } leaf: {
      leaves[$0].hash
    }
    return walk(to: key, granules: [whole]) { _ in leaves }
  }
}

/// Proofs of what is there, that it is; of what is not, that it is not.
extension StateProof {
  init(of id: Identifier, _ version: ObjectVersion, in state: some ProvableState) throws(ReplayFailure) {
    let key = StateClaim.key(id, version)
    let walk = state.objectWalk(to: key)
    let claim: StateClaim
    if let leaf = walk.found {
      guard let found = try state.committedObject(leaf.key) else { preconditionFailure("a leaf is an object's") }
      claim =
        leaf.key == key
        ? .object(.init(id: id, version: version, object: found))
        : .noObject(id, version, found: .init(key: found.key, value: found.value))
    } else {
      claim = .noObject(id, version, found: nil)
    }
    self.init(claim: claim, path: walk.path, summary: state.summary, roots: state.roots)
  }

  init(ofNode id: Identifier, in state: some ProvableState) {
    let walk = SparseTree.walk(
      to: StorageNode.key(of: id), sorted: state.nodes.map(\.leaf).sorted { $0.key < $1.key })
    let found = walk.found.map { leaf in
      guard let node = state.nodes.first(where: { StorageNode.key(of: $0.id) == leaf.key }) else {
        preconditionFailure("a leaf is a node's")
      }
      return node
    }
    let claim: StateClaim
    if let found, found.id == id {
      claim = .node(found)
    } else {
      claim = .noNode(id, found: found.map { .init(key: StorageNode.key(of: $0.id), value: $0.value) })
    }
    self.init(claim: claim, path: walk.path, summary: state.summary, roots: state.roots)
  }
}
