internal import StorageProtocol

/// The inner nodes of a compact sparse tree over fixed keys, hashed again where leaves change.
///
/// Hashes lie in one table: first that of nothing, then the leaves, then the inner nodes, each behind its children and with
/// those of the same height, which are hashed together.
struct SparseBranches: Sendable {
  fileprivate struct Branch: BitwiseCopyable {
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

  /// Sets the hashes of the leaves at places in the order of the keys.
  mutating func setLeaves(_ places: [Int], _ hash: (_ place: Int) -> Digest) {
    for place in places {
      precondition(place < leafCount, "the tree has \(leafCount) leaves")
      hasChanged[1 + place] = true
    }
    hashes.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      // The table has a hash for nothing and one for every leaf.
      for place in places { hash(place).store(to: start + (1 + place) * Digest.byteCount) }
    }
  }

  /// The root over the leaves as they were set.
  mutating func root() -> Digest {
    let (table, heightEnds, place) = (branches, heightEnds, rootPlace)
    // Taken out, so that both tables can be changed at once.
    var changes: [Bool] = []
    swap(&changes, &hasChanged)
    defer { swap(&changes, &hasChanged) }
    return hashes.withUnsafeMutableBytes { hashes in
      changes.withUnsafeMutableBufferPointer { hasChanged in
        table.withUnsafeBufferPointer { table in
          let tables = Tables(branches: table, hashes: hashes, hasChanged: hasChanged)
          var first = 0
          for end in heightEnds {
            tables.hash(first..<end)
            first = end
          }
        }
        hasChanged.update(repeating: false)
      }
      guard let start = hashes.baseAddress else { preconditionFailure("there is the hash of nothing") }
      return Digest(loading: start + place * Digest.byteCount)
    }
  }
}

/// The tables of ``SparseBranches`` while they are hashed.
private struct Tables {
  let branches: UnsafeBufferPointer<SparseBranches.Branch>
  let hashes: UnsafeMutableRawBufferPointer
  let hasChanged: UnsafeMutableBufferPointer<Bool>

  /// Hashes the branches of one height again below which something is different.
  func hash(_ range: Range<Int>) {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: range.count) { changed in
      var count = 0
      for branch in range where hasChanged[Int(branches[branch].left)] || hasChanged[Int(branches[branch].right)] {
        // `count` is below the size of the range.
        changed.initializeElement(at: count, to: Int32(branch))
        count += 1
      }
      hash(UnsafeBufferPointer(rebasing: changed[..<count]))
    }
  }

  private func hash(_ changed: UnsafeBufferPointer<Int32>) {
    let pairBytes = 2 * Digest.byteCount
    // Branches are the last of the hashes.
    let firstBranch = hasChanged.count - branches.count
    withUnsafeTemporaryAllocation(byteCount: changed.count * pairBytes, alignment: 16) { pairs in
      guard let hashes = hashes.baseAddress, let pairs = pairs.baseAddress else { return }
      // There is room for a pair of every changed branch, and a hash for every leaf and branch.
      for (index, branch) in changed.enumerated() {
        let (pair, branch) = (pairs + index * pairBytes, branches[Int(branch)])
        pair.copyMemory(from: hashes + Int(branch.left) * Digest.byteCount, byteCount: Digest.byteCount)
        (pair + Digest.byteCount).copyMemory(
          from: hashes + Int(branch.right) * Digest.byteCount, byteCount: Digest.byteCount)
      }
      TreeHash.parents(of: pairs, changed.count, to: pairs)
      for (index, branch) in changed.enumerated() {
        (hashes + (firstBranch + Int(branch)) * Digest.byteCount).copyMemory(
          from: pairs + index * Digest.byteCount, byteCount: Digest.byteCount)
        hasChanged[firstBranch + Int(branch)] = true
      }
    }
  }
}

/// Finds the inner nodes that keys ask for: 0 is the place of nothing, then come the leaves, then the nodes in any order.
private struct Shape {
  let keys: [Digest]
  var branches: [(left: Int, right: Int)] = []
  var heights: [Int] = []

  init(keys: [Digest]) { self.keys = keys }

  /// The part of the tree over keys that agree in their first `depth` bits: it splits at every bit until one key is left
  /// (protocol.md 12).
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
