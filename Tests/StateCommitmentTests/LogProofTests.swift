import LogGeneration
import StateCommitment
import StorageProtocol
import Testing

/// Proofs over the log tree, for every place and every pair of sizes of small logs: made as events stream by, compared with the
/// definitions of RFC 9162, and changed in every way.
@Suite struct LogProofTests {
  private static let sizeMax = 70
  private static let ids = (0..<sizeMax).map { Digest.sha3(Array("event \($0)".utf8)) }

  /// MTH of RFC 9162, 2.1.1.
  private static func root(_ leaves: ArraySlice<Digest>) -> Digest {
    guard leaves.count > 1 else { return leaves.first.map { Digest.sha256([0] + $0.bytes) } ?? Digest.sha256([]) }
    let middle = leaves.startIndex + split(leaves.count)
    return Digest.sha256([1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
  }

  /// The largest power of two below `count`.
  private static func split(_ count: Int) -> Int {
    var split = 1
    while split * 2 < count { split *= 2 }
    return split
  }

  /// PATH of RFC 9162, 2.1.3.1.
  private static func path(_ place: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
    guard leaves.count > 1 else { return [] }
    let count = split(leaves.count)
    let (left, right) = (leaves.prefix(count), leaves.dropFirst(count))
    return place < count ? path(place, left) + [root(right)] : path(place - count, right) + [root(left)]
  }

  /// SUBPROOF of RFC 9162, 2.1.4.1.
  private static func subproof(_ size: Int, _ leaves: ArraySlice<Digest>, _ isWhole: Bool) -> [Digest] {
    guard size < leaves.count else { return isWhole ? [] : [root(leaves)] }
    let count = split(leaves.count)
    let (left, right) = (leaves.prefix(count), leaves.dropFirst(count))
    return size <= count
      ? subproof(size, left, isWhole) + [root(right)] : subproof(size - count, right, false) + [root(left)]
  }

  private static func inclusion(of index: Int, in size: Int) -> LogInclusionProof? {
    var prover = LogInclusionProver()
    for (place, id) in ids.prefix(size).enumerated() {
      if place == index { prover.appendTarget(id) } else { prover.append(id) }
    }
    return prover.proof
  }

  // MARK: Inclusion

  @Test(arguments: 0...sizeMax)
  func `every event of a log is proved, by the path of RFC 9162`(size: Int) throws {
    let root = LogProofTests.root(LogProofTests.ids.prefix(size))
    #expect(LogProofTests.inclusion(of: size, in: size) == nil, "there is no such event")
    for index in 0..<size {
      let proof = try #require(LogProofTests.inclusion(of: index, in: size))
      #expect(proof.index == UInt64(index) && proof.size == UInt64(size))
      #expect(proof.path.siblings == LogProofTests.path(index, LogProofTests.ids.prefix(size)))
      #expect(proof.root(of: LogProofTests.ids[index]) == root, "event \(index) of \(size)")
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 31, 33, 64, 70])
  func `a changed proof of an event leads elsewhere or nowhere`(size: Int) throws {
    let root = LogProofTests.root(LogProofTests.ids.prefix(size))
    for index in 0..<size {
      let proof = try #require(LogProofTests.inclusion(of: index, in: size))
      let id = LogProofTests.ids[index]
      for (change, path) in ChangedPath.all(of: proof.path.siblings) {
        let changed = LogInclusionProof(index: proof.index, size: proof.size, path: LogPath(path))
        #expect(changed.root(of: id) != root, "event \(index) of \(size): \(change)")
      }
      for other in 0..<UInt64(LogProofTests.sizeMax) where other != proof.index {
        let moved = LogInclusionProof(index: other, size: proof.size, path: proof.path)
        #expect(moved.root(of: id) != root, "event \(index) of \(size) at \(other)")
      }
      for bit in 0..<256 { #expect(proof.root(of: id.flipping(bit)) != root) }
    }
  }

  /// One path can fit two sizes, where the levels at which nothing stands to the right are other ones; never two roots.
  @Test func `a proof said to be of another size leads to another root, or is the proof of that size too`() throws {
    let size = 37
    for index in 0..<size {
      let proof = try #require(LogProofTests.inclusion(of: index, in: size))
      for other in 1...UInt64(LogProofTests.sizeMax) where other != proof.size {
        let moved = LogInclusionProof(index: proof.index, size: other, path: proof.path)
        let root = moved.root(of: LogProofTests.ids[index])
        #expect(root == nil || root != LogProofTests.root(LogProofTests.ids.prefix(Int(other))))
      }
    }
  }

  @Test func `places and sizes up to the largest are answered, not trapped on`() {
    let ends: [UInt64] = [0, 1, 2, 1 << 32, 1 << 63 - 1, 1 << 63, 1 << 63 + 1, .max - 1, .max]
    for index in ends {
      for size in ends {
        for count in [0, 1, 63, 64, 65] {
          let path = LogPath(Array(repeating: LogProofTests.ids[0], count: count))
          _ = LogInclusionProof(index: index, size: size, path: path).root(of: LogProofTests.ids[1])
          let consistency = LogConsistencyProof(first: index, second: size, path: path)
          #expect(!consistency.holds(from: LogProofTests.ids[1], to: LogProofTests.ids[2]))
        }
      }
    }
    let last = LogInclusionProof(
      index: .max - 1, size: .max, path: LogPath(Array(repeating: LogProofTests.ids[0], count: 63)))
    #expect(last.root(of: LogProofTests.ids[1]) != nil, "the 63 ones of the index are siblings to the left")
  }

  // MARK: Consistency

  private static func consistency(from first: Int, to second: Int) -> (firstRoot: Digest, proof: LogConsistencyProof)? {
    var prover = LogConsistencyProver(first: UInt64(first))
    for id in ids.prefix(second) { prover.append(id) }
    return prover.proof
  }

  @Test(arguments: 1...sizeMax)
  func `every pair of sizes is proved, by the proof of RFC 9162`(second: Int) throws {
    let leaves = LogProofTests.ids.prefix(second)
    let secondRoot = LogProofTests.root(leaves)
    #expect(LogProofTests.consistency(from: second + 1, to: second) == nil, "the earlier log has not come")
    for first in 1...second {
      let (firstRoot, proof) = try #require(LogProofTests.consistency(from: first, to: second))
      #expect(firstRoot == LogProofTests.root(leaves.prefix(first)))
      #expect(proof.path.siblings == LogProofTests.subproof(first, leaves, true), "\(first) to \(second)")
      #expect(proof.holds(from: firstRoot, to: secondRoot), "\(first) to \(second)")
    }
  }

  @Test(arguments: [1, 2, 3, 8, 31, 33, 64, 70])
  func `a changed proof of two sizes does not hold`(second: Int) throws {
    let secondRoot = LogProofTests.root(LogProofTests.ids.prefix(second))
    for first in 1...second {
      let (firstRoot, proof) = try #require(LogProofTests.consistency(from: first, to: second))
      for (change, path) in ChangedPath.all(of: proof.path.siblings) {
        let changed = LogConsistencyProof(first: proof.first, second: proof.second, path: LogPath(path))
        #expect(!changed.holds(from: firstRoot, to: secondRoot), "\(first) to \(second): \(change)")
      }
      for other in 0...UInt64(LogProofTests.sizeMax) where other != proof.first {
        let moved = LogConsistencyProof(first: other, second: proof.second, path: proof.path)
        #expect(!moved.holds(from: firstRoot, to: secondRoot), "\(first) to \(second), said to be from \(other)")
      }
      for bit in [0, 100, 255] {
        #expect(!proof.holds(from: firstRoot.flipping(bit), to: secondRoot))
        #expect(!proof.holds(from: firstRoot, to: secondRoot.flipping(bit)))
      }
    }
  }

  @Test func `two logs that differ in one early event are not consistent`() throws {
    var forked = LogProofTests.ids
    forked[3] = LogProofTests.ids[3].flipping(17)
    for second in 5...LogProofTests.sizeMax {
      let (firstRoot, proof) = try #require(LogProofTests.consistency(from: 4, to: second))
      #expect(!proof.holds(from: firstRoot, to: LogProofTests.root(forked.prefix(second))))
    }
  }
}
