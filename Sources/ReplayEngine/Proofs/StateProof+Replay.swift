internal import ProofFiles
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol

/// Proofs of what a replay gave: of what is there, that it is; of what is not, that it is not.
extension StateProof {
  init(of id: Identifier, _ version: ObjectVersion, in replay: ParallelReplay) {
    let key = StateClaim.key(id, version)
    let walk = replay.objectWalk(to: key)
    let found = walk.found.map { leaf in
      guard let object = replay.committedObject(leaf.key) else { preconditionFailure("a leaf is an object's") }
      return object
    }
    let claim: StateClaim
    if let found, found.key == key {
      claim = .object(.init(id: id, version: version, object: found))
    } else {
      claim = .noObject(id, version, found: found.map { .init(key: $0.key, value: $0.value) })
    }
    self.init(claim: claim, path: walk.path, summary: replay.result.state, roots: replay.result.roots)
  }

  init(ofNode id: Identifier, in replay: ParallelReplay) {
    let walk = replay.nodeWalk(to: StorageNode.key(of: id))
    let found = walk.found.map { leaf in
      guard let node = replay.nodes.first(where: { StorageNode.key(of: $0.id) == leaf.key }) else {
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
    self.init(claim: claim, path: walk.path, summary: replay.result.state, roots: replay.result.roots)
  }
}
