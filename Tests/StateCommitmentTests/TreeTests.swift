import LogGeneration
import ReplayTestSupport
import StateCommitment
import StorageProtocol
import Testing

/// The trees against a second, naive implementation of their definitions.
@Suite struct TreeTests {
  private func ids(_ count: Int) -> [Digest] { (0..<count).map { Digest.sha3(Array("event \($0)".utf8)) } }

  /// RFC 9162, 2.1.1, by its recursive definition.
  private func naiveLogRoot(_ leaves: ArraySlice<Digest>) -> Digest {
    guard let first = leaves.first else { return Digest.sha256([]) }
    guard leaves.count > 1 else { return Digest.sha256([0] + first.bytes) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return Digest.sha256([1] + naiveLogRoot(leaves[..<middle]).bytes + naiveLogRoot(leaves[middle...]).bytes)
  }

  @Test func `the log tree is that of RFC 9162 after every event`() {
    let ids = ids(300)
    var tree = LogTree()
    #expect(tree.root == naiveLogRoot([]))
    for (index, id) in ids.enumerated() {
      tree.append(id)
      #expect(tree.count == UInt64(index + 1))
      #expect(tree.root == naiveLogRoot(ids[...index]), "\(index + 1) events")
    }
  }

  /// Section 12 by its definition: filter by the next bit, all the way down.
  private func naiveSparseRoot(_ leaves: [SparseTree.Leaf], depth: Int = 0) -> Digest {
    if leaves.isEmpty { return .zero }
    if leaves.count == 1 { return leaves[0].hash }
    let left = leaves.filter { !$0.key.bit(depth) }
    let right = leaves.filter { $0.key.bit(depth) }
    return Digest.sha256(
      [1] + naiveSparseRoot(left, depth: depth + 1).bytes + naiveSparseRoot(right, depth: depth + 1).bytes)
  }

  @Test(arguments: [0, 1, 2, 3, 10, 257])
  func `the sparse tree is that of its definition, in any order of leaves`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let leaves = ids(count).map { SparseTree.Leaf(key: $0, value: $0.bytes) }
    let root = naiveSparseRoot(leaves)
    for _ in 0..<3 { #expect(SparseTree.root(of: leaves.shuffled(using: &generator)) == root) }
  }

  @Test func `keys that share a long prefix are told apart by their last bits`() {
    let keys = [0, 1, 2, 255].map { Digest(bytes: Array(repeating: UInt8(7), count: 31) + [UInt8($0)]) }
    let leaves = keys.map { SparseTree.Leaf(key: $0, value: [1]) }
    #expect(SparseTree.root(of: leaves.reversed()) == naiveSparseRoot(leaves))
  }

  @Test func `a fresh engine has the empty roots`() {
    #expect(StateRoots.empty.objects == .zero)
    #expect(StateRoots.empty.nodes == .zero)
    #expect(StateRoots.empty.log == Digest.sha256([]))
  }
}
