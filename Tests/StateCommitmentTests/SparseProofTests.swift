import LogGeneration
import StateCommitment
import StorageProtocol
import Testing

/// Inclusion and absence in the sparse tree: for every leaf, for keys beside every leaf at every depth, and changed in every way.
@Suite struct SparseProofTests {
  /// Keys of one kind: random, or agreeing with another in 0 to 255 of their first bits.
  private static func keys(_ count: Int, _ random: inout SeededGenerator, sharePrefixes: Bool) -> [Digest] {
    var keys: [Digest] = []
    while keys.count < count {
      let key =
        keys.isEmpty || !sharePrefixes
        ? SparseProofTests.key(&random) : random.choice(keys).flipping(random.index(below: 256))
      if !keys.contains(key) { keys.append(key) }
    }
    return keys
  }

  private static func key(_ random: inout SeededGenerator) -> Digest {
    Digest(words: (random.next(), random.next(), random.next(), random.next()))
  }

  private static func leaves(_ keys: [Digest]) -> [SparseTree.Leaf] {
    keys.sorted().map { SparseTree.Leaf(key: $0, value: Array($0.bytes.suffix(7))) }
  }

  /// A walk over the tree as one part, and as granules of its first `bits` levels.
  private static func walk(to key: Digest, _ leaves: [SparseTree.Leaf], bits: Int = 0) -> SparseWalk {
    let parts = (0..<1 << bits).map { granule in
      leaves.filter { bits == 0 || Int($0.key.prefix >> UInt64(64 - bits)) == granule }
    }
    let granules = parts.map { part in
      SparseTree.subtree(depth: bits, count: part.count) {
        part[$0].key.bit($1)
      } leaf: {
        part[$0].hash
      }
    }
    return SparseTree.walk(to: key, granules: granules) { parts[$0] }
  }

  @Test(arguments: 0...70)
  func `every leaf is proved, in one part and by granules`(count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    for sharePrefixes in [false, true] {
      let leaves = SparseProofTests.leaves(SparseProofTests.keys(count, &random, sharePrefixes: sharePrefixes))
      let root = SparseTree.root(of: leaves)
      for leaf in leaves {
        let walk = SparseProofTests.walk(to: leaf.key, leaves)
        #expect(walk.found == leaf)
        #expect(walk.path.root(of: leaf) == root)
        #expect(walk.path.root(without: leaf.key, found: walk.found) == nil, "it is there")
        #expect(walk.path.root(without: leaf.key, found: nil) != root, "it is there")
        #expect(SparseProofTests.walk(to: leaf.key, leaves, bits: 4) == walk)
      }
    }
  }

  @Test(arguments: [0, 1, 2, 3, 4, 7, 16, 33, 70])
  func `absence is proved for random keys, and for keys that leave a leaf's way at every depth`(count: Int) throws {
    var random = SeededGenerator(seed: 1000 + UInt64(count))
    for sharePrefixes in [false, true] {
      let keys = SparseProofTests.keys(count, &random, sharePrefixes: sharePrefixes)
      let leaves = SparseProofTests.leaves(keys)
      let root = SparseTree.root(of: leaves)
      var absent = (0..<20).map { _ in SparseProofTests.key(&random) }
      for key in keys.prefix(5) { absent += (0..<256).map(key.flipping) }
      for (place, key) in absent.enumerated() where !keys.contains(key) {
        let walk = SparseProofTests.walk(to: key, leaves)
        let invented = SparseTree.Leaf(key: key, value: [1])
        let isProved =
          walk.found?.key != key && walk.path.root(without: key, found: walk.found) == root
          && walk.path.root(of: invented) != root
        if !isProved { Issue.record("\(key.hexadecimal) of \(count) leaves") }
        if place % 16 == 0 { #expect(SparseProofTests.walk(to: key, leaves, bits: 3) == walk) }
      }
    }
  }

  @Test func `both ways an absence ends are met, at the root and far below`() {
    var random = SeededGenerator(seed: 7)
    let keys = SparseProofTests.keys(60, &random, sharePrefixes: true)
    let leaves = SparseProofTests.leaves(keys)
    var (empty, other, deepest) = (0, 0, 0)
    for key in keys.prefix(10).flatMap({ key in (0..<256).map(key.flipping) }) where !keys.contains(key) {
      let walk = SparseProofTests.walk(to: key, leaves)
      if walk.found == nil { empty += 1 } else { other += 1 }
      deepest = max(deepest, walk.path.siblings.count)
    }
    #expect(empty > 100 && other > 100 && deepest > 200, "\(empty), \(other), \(deepest)")
  }

  @Test(arguments: [1, 2, 3, 17])
  func `a changed proof of a leaf, or of an absence, leads elsewhere or nowhere`(count: Int) {
    var random = SeededGenerator(seed: 2000 + UInt64(count))
    let leaves = SparseProofTests.leaves(SparseProofTests.keys(count, &random, sharePrefixes: true))
    let root = SparseTree.root(of: leaves)
    for leaf in leaves {
      let walk = SparseProofTests.walk(to: leaf.key, leaves)
      for (change, path) in ChangedPath.all(of: walk.path.siblings) {
        #expect(SparsePath(path).root(of: leaf) != root, "\(change)")
      }
      #expect(walk.path.root(of: SparseTree.Leaf(key: leaf.key, value: [9])) != root)
      for absent in [0, 3, 200, 255].map(leaf.key.flipping) where !leaves.map(\.key).contains(absent) {
        let walk = SparseProofTests.walk(to: absent, leaves)
        for (change, path) in ChangedPath.all(of: walk.path.siblings) {
          #expect(SparsePath(path).root(without: absent, found: walk.found) != root, "\(change)")
        }
        #expect(walk.path.root(without: absent, found: walk.found == nil ? leaf : nil) != root)
        let stranger = SparseTree.Leaf(key: walk.found?.key ?? leaf.key, value: [8])
        #expect(walk.path.root(without: absent, found: stranger) != root)
      }
    }
  }

  /// What a forger would like: to call a leaf absent by stopping above it, or by an empty place that no tree has.
  @Test func `a place that no tree has is refused`() {
    let keys = [Digest.sha256([1]), Digest.sha256([1]).flipping(200), Digest.sha256([2])]
    let leaves = SparseProofTests.leaves(keys)
    let walk = SparseProofTests.walk(to: keys[0], leaves)
    let siblings = walk.path.siblings
    #expect(siblings.count == 201)
    let below = SparsePath([.zero] + siblings)
    #expect(below.root(of: leaves[0]) == nil, "one leaf below is that leaf, not a node above it and nothing")
    #expect(below.root(without: keys[0].flipping(201), found: nil) == nil)
    let tooLong = SparsePath(Array(repeating: keys[0], count: 257))
    #expect(tooLong.root(of: leaves[0]) == nil)
    #expect(tooLong.root(without: keys[1], found: leaves[0]) == nil)
    let foreign = SparseTree.Leaf(key: keys[2], value: Array(keys[2].bytes.suffix(7)))
    #expect(walk.path.root(without: keys[0], found: foreign) == nil, "another's leaf stands on another's way")
  }

  @Test func `a leaf is hashed from its key and the value that a proof states`() {
    var random = SeededGenerator(seed: 5)
    for (current, total) in [(0, 0), (1, 1), (0, 2), (2, 5), (3, 3)] {
      let object = CommittedObject(
        key: SparseProofTests.key(&random), writer: SparseProofTests.key(&random), currentShardCount: current,
        shards: (0..<total).map {
          CommittedObject.Shard(
            merkleRoot: $0 == 1 ? nil : SparseProofTests.key(&random), writer: SparseProofTests.key(&random))
        })
      #expect(SparseTree.Leaf(key: object.key, value: object.value) == object.leaf)
    }
    let node = StorageNode(id: Identifier("n"), host: Identifier("h"), port: -1)
    #expect(SparseTree.Leaf(key: StorageNode.key(of: node.id), value: node.value) == node.leaf)
  }
}
