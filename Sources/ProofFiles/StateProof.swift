package import StateCommitment
package import StorageProtocol

/// That an object version or a node is in a state as stated, or not in it: the way from its leaf to the state root.
package struct StateProof: Equatable, Sendable {
  package let claim: StateClaim
  package let path: SparsePath
  /// What else the state root commits to.
  package let summary: StateSummary
  package let roots: StateRoots

  package init(claim: StateClaim, path: SparsePath, summary: StateSummary, roots: StateRoots) {
    self.claim = claim
    self.path = path
    self.summary = summary
    self.roots = roots
  }

  /// Computes every root again, from the claim up.
  ///
  /// - Returns: the state root that the claim leads to.
  /// - Throws: `.path`, `.otherRoot`.
  package func check() throws(ProofFault) -> Digest {
    guard let root = claim.root(by: path) else { throw .path }
    let (field, stated) =
      claim.isAboutObjects ? ("commitment.objects_root", roots.objects) : ("commitment.nodes_root", roots.nodes)
    guard root == stated else { throw .otherRoot(field: field, stated: stated, computed: root) }
    let state = StateRoots(objects: roots.objects, nodes: roots.nodes, log: roots.log, summary: summary).state
    guard state == roots.state else {
      throw .otherRoot(field: "commitment.state_root", stated: roots.state, computed: state)
    }
    return state
  }
}
