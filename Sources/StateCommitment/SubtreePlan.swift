internal import StorageProtocol

/// The inner nodes of a part of the sparse tree, planned before any of them is hashed: those of one height do not depend on each
/// other, and are hashed side by side.
struct SubtreePlan {
  /// A place in the list of hashes: leaves first, in order, then inner nodes as planned; nil for a part without leaves.
  private typealias Place = Int32?

  private struct Node {
    let left: Place
    let right: Place
    /// 1 above leaves; one more than the higher of two children.
    let height: Int
  }

  private static let messageBytes = 1 + 2 * Digest.byteCount
  private static let messagesMax = 64

  private let leafCount: Int
  private var nodes: [Node] = []
  private var heightMax = 0

  /// Plans the nodes above `leafCount` leaves, two or more, that come in the order of their keys and agree in their first `depth`
  /// bits.
  ///
  /// - Parameter bit: the bit of a leaf's key at a depth.
  init(leafCount: Int, depth: Int, bit: (_ leaf: Int, _ depth: Int) -> Bool) {
    self.leafCount = leafCount
    nodes.reserveCapacity(leafCount)
    _ = plan(0..<leafCount, depth, bit)
  }

  private mutating func plan(
    _ leaves: Range<Int>, _ depth: Int, _ bit: (Int, Int) -> Bool
  ) -> (place: Place, height: Int) {
    guard leaves.count > 1 else { return (leaves.first.map { Int32($0) }, 0) }
    var middle = leaves
    while !middle.isEmpty {
      let leaf = middle.lowerBound + middle.count / 2
      middle = bit(leaf, depth) ? middle.lowerBound..<leaf : (leaf + 1)..<middle.upperBound
    }
    let left = plan(leaves.lowerBound..<middle.lowerBound, depth + 1, bit)
    let right = plan(middle.lowerBound..<leaves.upperBound, depth + 1, bit)
    let height = max(left.height, right.height) + 1
    nodes.append(Node(left: left.place, right: right.place, height: height))
    heightMax = max(heightMax, height)
    return (Int32(leafCount + nodes.count - 1), height)
  }

  /// Returns the hash of the topmost node.
  ///
  /// - Parameter leaf: the hash of a leaf.
  func root(_ leaf: (Int) -> Digest) -> Digest {
    var hashes: [Digest] = []
    hashes.reserveCapacity(leafCount + nodes.count)
    for place in 0..<leafCount { hashes.append(leaf(place)) }
    for _ in nodes { hashes.append(.zero) }
    let order = byHeight()
    let messages = EqualMessages(
      messageBytes: SubtreePlan.messageBytes, capacity: min(SubtreePlan.messagesMax, nodes.count))
    var first = 0
    while first < order.count {
      let height = nodes[order[first]].height
      var end = first
      while end < order.count, end - first < SubtreePlan.messagesMax, nodes[order[end]].height == height {
        write(nodes[order[end]], hashes, messages.message(end - first))
        end += 1
      }
      messages.hash(end - first)
      for place in first..<end { hashes[leafCount + order[place]] = messages.digest(place - first) }
      first = end
    }
    return hashes[leafCount + nodes.count - 1]
  }

  /// `0x01 ‖ left ‖ right`.
  private func write(_ node: Node, _ hashes: [Digest], _ message: consuming MessageWriter) {
    message.append(UInt8(0x01))
    message.append(node.left.map { hashes[Int($0)] } ?? .zero)
    message.append(node.right.map { hashes[Int($0)] } ?? .zero)
  }

  /// The nodes, those of lower heights first.
  private func byHeight() -> [Int] {
    var ends = [Int](repeating: 0, count: heightMax + 2)
    for node in nodes { ends[node.height + 1] += 1 }
    for height in 1..<ends.count { ends[height] += ends[height - 1] }
    var order = [Int](repeating: 0, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      order[ends[node.height]] = index
      ends[node.height] += 1
    }
    return order
  }
}
