internal import Hashing
internal import LogDecoding
internal import StorageProtocol

/// The Merkle trees over the blocks of many chunks, climbed level by level side by side (protocol.md 5.3).
struct BlockTrees: ~Copyable {
  private struct Tree: BitwiseCopyable {
    /// In ``nodes``.
    let first: Int
    var count: Int
  }

  private var trees: [Tree] = []
  private var nodes: [Digest] = []
  private var leafSlots: [Int] = []

  mutating func removeAll() {
    trees.removeAll(keepingCapacity: true)
    nodes.removeAll(keepingCapacity: true)
    leafSlots.removeAll(keepingCapacity: true)
  }

  var isEmpty: Bool { trees.isEmpty }

  /// Adds the tree whose leaves are `leafCount` messages of the first round from `firstSlot` on, and returns its number.
  mutating func add(firstSlot: Int, leafCount: Int) -> Int {
    trees.append(Tree(first: leafSlots.count, count: leafCount))
    for slot in firstSlot..<firstSlot + leafCount { leafSlots.append(slot) }
    return trees.count - 1
  }

  /// Computes every root. A parent is H of its children's hexadecimal texts; an odd last node is paired with itself.
  ///
  /// - Returns: bytes hashed.
  mutating func climb(
    leaves: borrowing DigestBatch, using batch: inout DigestBatch, _ arena: inout ByteArena
  ) -> UInt64 {
    nodes.reserveCapacity(leafSlots.count)
    for slot in leafSlots { nodes.append(leaves.digest(slot)) }
    var hashedBytes: UInt64 = 0
    while true {
      batch.removeAll()
      for tree in trees where tree.count > 1 { gatherParents(tree, &batch, &arena) }
      if batch.count == 0 { return hashedBytes }
      batch.hash()
      hashedBytes += UInt64(batch.count * 4 * Digest.byteCount)
      takeParents(batch)
    }
  }

  private func gatherParents(_ tree: Tree, _ batch: inout DigestBatch, _ arena: inout ByteArena) {
    for left in stride(from: 0, to: tree.count, by: 2) {
      let right = min(left + 1, tree.count - 1)
      // Two texts of 64 digits each.
      let text = arena.allocate(4 * Digest.byteCount)
      nodes[tree.first + left].storeHexadecimal(to: text)
      nodes[tree.first + right].storeHexadecimal(to: text + 2 * Digest.byteCount)
      batch.append(UnsafeRawBufferPointer(start: text, count: 4 * Digest.byteCount))
    }
  }

  private mutating func takeParents(_ batch: borrowing DigestBatch) {
    var slot = 0
    for index in trees.indices where trees[index].count > 1 {
      trees[index].count = (trees[index].count + 1) / 2
      for parent in 0..<trees[index].count {
        nodes[trees[index].first + parent] = batch.digest(slot)
        slot += 1
      }
    }
  }

  /// The root of a tree that was climbed.
  func root(_ tree: Int) -> Digest { nodes[trees[tree].first] }
}
