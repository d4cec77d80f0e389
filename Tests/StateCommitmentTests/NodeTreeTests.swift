import StateCommitment
import StorageProtocol
import Testing

/// The nodes tree that is kept, against the tree made anew of all leaves.
@Suite struct NodeTreeTests {
  /// Ids and hosts of any length, so that fields lie anywhere in the blocks; slots without a node between them.
  private func nodes(_ count: Int, _ random: inout SeededGenerator) -> [StorageNode?] {
    var nodes: [StorageNode?] = (0..<count).map { number in
      let id = "node \(number) " + String(repeating: "n", count: random.index(below: 90))
      let host = String(repeating: "h", count: random.index(below: 90))
      var node = StorageNode(id: Identifier(id), host: Identifier(host), port: Int64(truncatingIfNeeded: random.next()))
      node.status = random.choice(NodeStatus.allCases)
      return node
    }
    for _ in 0..<count / 5 { nodes.insert(nil, at: random.index(below: nodes.count + 1)) }
    return nodes
  }

  private func expectedRoot(_ nodes: [StorageNode?]) -> Digest {
    SparseTree.root(of: nodes.compactMap { $0?.leaf })
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 12, 100, 700])
  func `a tree that is kept has the root of one made anew, whatever changed`(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    var nodes = nodes(count, &random)
    var tree = NodeTree(nodes)
    #expect(tree.root() == expectedRoot(nodes))
    for round in 0..<20 {
      change(&nodes, &tree, &random)
      #expect(tree.root() == expectedRoot(nodes), "round \(round)")
      #expect(tree.root() == expectedRoot(nodes), "round \(round), nothing changed since")
    }
  }

  /// Changes some nodes, and in half of all calls advances all of them.
  private func change(_ nodes: inout [StorageNode?], _ tree: inout NodeTree, _ random: inout SeededGenerator) {
    for slot in nodes.indices where nodes[slot] != nil && random.happens(percent: 30) {
      if random.happens(percent: 50) {
        let bucket = BigNum128(raw: UInt128(random.next()) << 64 | UInt128(random.next()))
        nodes[slot]?.uptimeBucket = bucket
        tree.set(slot, uptimeBucket: bucket)
      } else {
        let (bytes, proofs) = (
          BigNum128(raw: UInt128(random.next())), BigNum128(raw: UInt128(random.index(below: 300)))
        )
        nodes[slot]?.bytesStored = bytes
        nodes[slot]?.proofsVerified = proofs
        tree.set(slot, bytesStored: bytes, proofsVerified: proofs)
      }
    }
    if random.happens(percent: 50) { advance(&nodes, &tree, &random) }
  }

  private func advance(_ nodes: inout [StorageNode?], _ tree: inout NodeTree, _ random: inout SeededGenerator) {
    let epoch = Epoch(random.happens(percent: 70) ? Int64(random.index(below: 600)) : .min)
    let isVerified = random.happens(percent: 50) ? nodes.map { _ in random.happens(percent: 50) } : nil
    for slot in nodes.indices {
      if let isVerified { nodes[slot]?.isAegisVerified = isVerified[slot] }
      nodes[slot]?.aegisVerificationEpoch = epoch
    }
    tree.advance(to: epoch, isVerified: isVerified)
  }
}
