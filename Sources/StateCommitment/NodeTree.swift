package import StorageProtocol

/// The nodes tree, kept from one checkpoint to the next (protocol.md 12, `nodes_root`).
///
/// An EPOCH_ADVANCEMENT changes every leaf, but only its end: of the leaves' messages the blocks are kept, padded, and the
/// states of SHA-256 between them, and what is hashed again begins at the first block that is different. Of the inner nodes
/// those above a leaf that is different are hashed again. Which nodes there are, and what of them never changes, is fixed.
package struct NodeTree: Sendable {
  /// Uptime bucket, bytes stored, proofs verified, verification and its epoch: the end of every message.
  private static let tailBytes = 3 * 16 + 1 + 8

  fileprivate struct Leaf: BitwiseCopyable {
    /// The message's first block in ``blocks``, and the state before it in ``states``.
    let firstBlock: Int
    let blockCount: Int
    /// In the message.
    let tailOffset: Int
    /// The first block that is different from what was hashed; ``blockCount`` where none is.
    var staleBlock = 0
  }

  /// In the order of their keys.
  private var leaves: [Leaf] = []
  /// By slot: the place in ``leaves``; negative where there is no node.
  private var places: [Int]
  /// All messages, padded, with a block between them that is not used: it belongs to the state behind a message.
  private var blocks: [UInt8] = []
  private var states: [UInt32] = []
  private var branches: SparseBranches
  private var stale: [Int] = []
  /// By the place of a block in its message: those to be hashed again.
  private var toHash: [[UInt32]] = []

  /// - Parameter nodes: by slot.
  package init(_ nodes: [StorageNode?]) {
    let keys = nodes.indices.compactMap { slot in nodes[slot].map { (slot: slot, key: StorageNode.key(of: $0.id)) } }
      .sorted { $0.key < $1.key }
    places = Array(repeating: -1, count: nodes.count)
    branches = SparseBranches(keys.map(\.key))
    for (place, item) in keys.enumerated() {
      guard let node = nodes[item.slot] else { continue }
      places[item.slot] = place
      append([0x00] + item.key.bytes + node.value)
    }
  }

  private mutating func append(_ message: [UInt8]) {
    let padded = TreeHash.padded(message)
    let blockCount = padded.count / TreeHash.blockBytes
    leaves.append(
      Leaf(
        firstBlock: blocks.count / TreeHash.blockBytes, blockCount: blockCount,
        tailOffset: message.count - NodeTree.tailBytes))
    blocks += padded
    blocks += repeatElement(0, count: TreeHash.blockBytes)
    states += TreeHash.startState
    states += repeatElement(0, count: blockCount * TreeHash.stateWords)
  }

  // MARK: Changes

  package mutating func set(_ slot: Int, uptimeBucket: BigNum128) {
    let place = place(slot)
    var leaf = leaves[place]
    blocks.withUnsafeMutableBytes { leaf.write(uptimeBucket.raw, at: 0, to: $0) }
    leaves[place] = leaf
  }

  package mutating func set(_ slot: Int, bytesStored: BigNum128, proofsVerified: BigNum128) {
    let place = place(slot)
    let inMessage = leaves[place].tailOffset + 16
    let position = leaves[place].firstBlock * TreeHash.blockBytes + inMessage
    // Both accesses check that the field is inside the blocks. No look at what was there: a credit raises the proofs at least.
    blocks.withUnsafeMutableBytes {
      $0.storeBytes(of: bytesStored.raw.bigEndian, toByteOffset: position, as: UInt128.self)
      $0.storeBytes(of: proofsVerified.raw.bigEndian, toByteOffset: position + 16, as: UInt128.self)
    }
    leaves[place].staleBlock = min(leaves[place].staleBlock, inMessage / TreeHash.blockBytes)
  }

  /// - Parameter isVerified: by slot; nil where nothing but the epoch is different.
  package mutating func advance(to epoch: Epoch, isVerified: [Bool]?) {
    if let isVerified {
      for (slot, place) in places.enumerated() where place >= 0 {
        var leaf = leaves[place]
        blocks.withUnsafeMutableBytes { leaf.write(UInt8(isVerified[slot] ? 1 : 0), at: 48, to: $0) }
        leaves[place] = leaf
      }
    }
    NodeTree.write(epoch, to: &blocks, &leaves)
  }

  private static func write(_ epoch: Epoch, to blocks: inout [UInt8], _ leaves: inout [Leaf]) {
    blocks.withUnsafeMutableBytes { blocks in
      leaves.withUnsafeMutableBufferPointer { leaves in
        for place in leaves.indices { leaves[place].write(epoch.value, at: 49, to: blocks) }
      }
    }
  }

  private func place(_ slot: Int) -> Int {
    let place = places[slot]
    precondition(place >= 0, "only registered nodes change")
    return place
  }

  // MARK: The root

  /// The root as the nodes are now. - Complexity: linear in the nodes; hashes what is different since the last time.
  package mutating func root() -> Digest {
    gatherStale()
    // Those of a message in order: a block is hashed from the state behind the one before.
    for index in toHash.indices where !toHash[index].isEmpty { TreeHash.compress(blocks, &states, at: toHash[index]) }
    NodeTree.takeDigests(stale, states, &leaves, &branches)
    return branches.root()
  }

  private static func takeDigests(
    _ stale: [Int], _ states: [UInt32], _ leaves: inout [Leaf], _ branches: inout SparseBranches
  ) {
    leaves.withUnsafeMutableBufferPointer { leaves in
      branches.setLeaves(stale) { place in
        leaves[place].staleBlock = leaves[place].blockCount
        return TreeHash.digest(states, leaves[place].firstBlock + leaves[place].blockCount)
      }
    }
  }

  private mutating func gatherStale() {
    stale.removeAll(keepingCapacity: true)
    var blockCountMax = 0
    for place in leaves.indices where leaves[place].staleBlock < leaves[place].blockCount {
      stale.append(place)
      blockCountMax = max(blockCountMax, leaves[place].blockCount)
    }
    while toHash.count < blockCountMax { toHash.append([]) }
    for block in toHash.indices {
      // Taken out while it is filled: an array inside another one is appended to more slowly.
      var places: [UInt32] = []
      swap(&places, &toHash[block])
      places.removeAll(keepingCapacity: true)
      for place in stale where (leaves[place].staleBlock..<leaves[place].blockCount).contains(block) {
        places.append(UInt32(leaves[place].firstBlock + block))
      }
      swap(&places, &toHash[block])
    }
  }
}

extension NodeTree.Leaf {
  /// Writes a field of the message's end into the messages, and notes the first block in which it is different.
  fileprivate mutating func write<Field: FixedWidthInteger>(
    _ field: Field, at offset: Int, to blocks: UnsafeMutableRawBufferPointer
  ) {
    let inMessage = tailOffset + offset
    let position = firstBlock * TreeHash.blockBytes + inMessage
    let written = field.bigEndian
    // Both accesses check that the field is inside the blocks.
    let kept = blocks.loadUnaligned(fromByteOffset: position, as: Field.self)
    guard kept != written else { return }
    blocks.storeBytes(of: written, toByteOffset: position, as: Field.self)
    let sameBytes = (kept ^ written).littleEndian.trailingZeroBitCount / 8
    staleBlock = min(staleBlock, (inMessage + sameBytes) / TreeHash.blockBytes)
  }
}
