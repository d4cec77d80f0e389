internal import StorageProtocol

/// The inner nodes of a compact sparse tree over fixed keys, hashed again where leaves change.
///
/// Hashes lie in one table: first that of nothing, then the leaves, then the inner nodes, each behind its children and with those of
/// the same height, which are hashed together.
struct SparseBranches: Sendable {
  private struct Branch: BitwiseCopyable {
    /// In ``hashes``.
    var left: Int32
    var right: Int32
  }

  private let leafCount: Int
  /// From those right above the leaves to the root.
  private let branches: [Branch]
  /// Where the branches of each height end.
  private let heightEnds: [Int]
  private let rootPlace: Int
  private var hashes: [UInt8]
  /// For each hash whether it is different since the last ``root()``.
  private var hasChanged: [Bool]
  private var changed: [Int] = []

  /// - Parameter keys: of the leaves, in order; they differ.
  init(_ keys: [Digest]) {
    var shape = Shape(keys: keys)
    let top = keys.isEmpty ? 0 : shape.grow(keys.indices, depth: 0).place
    leafCount = keys.count
    let order = shape.branches.indices.sorted { shape.heights[$0] < shape.heights[$1] }
    var placeOf = Array(0...keys.count) + Array(repeating: 0, count: order.count)
    for (place, branch) in order.enumerated() { placeOf[1 + keys.count + branch] = 1 + keys.count + place }
    branches = order.map { branch in
      let (left, right) = shape.branches[branch]
      return Branch(left: Int32(placeOf[left]), right: Int32(placeOf[right]))
    }
    heightEnds = order.indices.filter { place in
      place + 1 == order.count || shape.heights[order[place]] != shape.heights[order[place + 1]]
    }.map { $0 + 1 }
    rootPlace = placeOf[top]
    hashes = Array(repeating: 0, count: placeOf.count * Digest.byteCount)
    hasChanged = Array(repeating: false, count: placeOf.count)
  }

  /// Sets the hash of the leaf at a place in the order of the keys.
  mutating func setLeaf(_ place: Int, _ hash: Digest) {
    precondition(place < leafCount, "the tree has \(leafCount) leaves")
    hashes.withUnsafeMutableBytes { bytes in
      // The table has a hash for nothing and one for every leaf.
      if let start = bytes.baseAddress { hash.store(to: start + (1 + place) * Digest.byteCount) }
    }
    hasChanged[1 + place] = true
  }

  /// The root over the leaves as they were set.
  mutating func root() -> Digest {
    var first = 0
    for end in heightEnds {
      hash(first..<end)
      first = end
    }
    hasChanged.withUnsafeMutableBufferPointer { $0.update(repeating: false) }
    return hashes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("there is the hash of nothing") }
      return Digest(loading: start + rootPlace * Digest.byteCount)
    }
  }

  /// Hashes the branches of one height again below which something is different.
  private mutating func hash(_ range: Range<Int>) {
    changed.removeAll(keepingCapacity: true)
    for branch in range where hasChanged[Int(branches[branch].left)] || hasChanged[Int(branches[branch].right)] {
      changed.append(branch)
    }
    let (table, places) = (branches, changed)
    let firstBranch = 1 + leafCount
    let pairBytes = 2 * Digest.byteCount
    hashes.withUnsafeMutableBytes { hashes in
      withUnsafeTemporaryAllocation(byteCount: places.count * pairBytes, alignment: 16) { pairs in
        guard let hashes = hashes.baseAddress, let pairs = pairs.baseAddress else { return }
        // There is room for a pair of every place, and a hash for every leaf and branch.
        for (index, place) in places.enumerated() {
          let pair = pairs + index * pairBytes
          pair.copyMemory(from: hashes + Int(table[place].left) * Digest.byteCount, byteCount: Digest.byteCount)
          (pair + Digest.byteCount).copyMemory(
            from: hashes + Int(table[place].right) * Digest.byteCount, byteCount: Digest.byteCount)
        }
        TreeHash.parents(of: pairs, places.count, to: pairs)
        for (index, place) in places.enumerated() {
          (hashes + (firstBranch + place) * Digest.byteCount).copyMemory(
            from: pairs + index * Digest.byteCount, byteCount: Digest.byteCount)
        }
      }
    }
    for branch in changed { hasChanged[1 + leafCount + branch] = true }
  }
}

/// Finds the inner nodes that keys ask for: 0 is the place of nothing, then come the leaves, then the nodes in any order.
private struct Shape {
  let keys: [Digest]
  var branches: [(left: Int, right: Int)] = []
  var heights: [Int] = []

  init(keys: [Digest]) { self.keys = keys }

  /// The part of the tree over keys that agree in their first `depth` bits: it splits at every bit until one key is left (protocol.md 12).
  mutating func grow(_ range: Range<Int>, depth: Int) -> (place: Int, height: Int) {
    guard range.count > 1 else { return range.isEmpty ? (0, 0) : (1 + range.lowerBound, 0) }
    var middle = range
    while !middle.isEmpty {
      let place = middle.lowerBound + middle.count / 2
      middle = keys[place].bit(depth) ? middle.lowerBound..<place : (place + 1)..<middle.upperBound
    }
    let left = grow(range.lowerBound..<middle.lowerBound, depth: depth + 1)
    let right = grow(middle.lowerBound..<range.upperBound, depth: depth + 1)
    let height = 1 + max(left.height, right.height)
    branches.append((left.place, right.place))
    heights.append(height)
    return (keys.count + branches.count, height)
  }
}
