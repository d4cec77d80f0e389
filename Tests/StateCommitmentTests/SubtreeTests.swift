import StateCommitment
import StorageProtocol
import Testing

/// Trees computed in parts, as partitions and batches do, against the same trees computed whole.
@Suite struct SubtreeTests {
  // MARK: Ranges of keys

  @Test func `the granules of the partitions tile all granules in order, and each key goes where its granule lies`() {
    let counts = Array(1...64) + [65, 100, 127, 128, 255, 256, 257, 1000, 1023, 1024, 2047, 2049, 3000, 4095, 4096]
    for count in counts {
      let ranges = KeyRanges(partitionCount: count)
      var next = 0
      for partition in 0..<count {
        let granules = ranges.granules(of: partition)
        #expect(granules.lowerBound == next, "partition \(partition) of \(count)")
        #expect(!granules.isEmpty, "partition \(partition) of \(count)")
        for granule in granules where !owns(ranges, partition, granule) {
          Issue.record("granule \(granule), partition \(partition) of \(count)")
        }
        next = granules.upperBound
      }
      #expect(next == KeyRanges.granuleCount, "\(count) partitions")
    }
  }

  /// Whether the smallest, the largest and a middle key of a granule go to `partition`.
  private func owns(_ ranges: KeyRanges, _ partition: Int, _ granule: Int) -> Bool {
    let first = UInt64(granule) << UInt64(64 - KeyRanges.granuleBits)
    let rest: UInt64 = .max >> UInt64(KeyRanges.granuleBits)
    let keys = [
      Digest(words: (first, 0, 0, 0)), Digest(words: (first | rest, .max, .max, .max)),
      Digest(words: (first | rest / 3, 1, 2, 3)),
    ]
    return keys.allSatisfy { ranges.partition(of: $0) == partition }
  }

  // MARK: Objects

  /// Leaves whose keys are spread evenly, or share their first bits with each other, up to all but the last few.
  private static func leaves(_ count: Int, _ random: inout SeededGenerator) -> [SparseTree.Leaf] {
    var keys: Set<Digest> = []
    var pool: [Digest] = []
    while pool.count < count {
      var words = (random.next(), random.next(), random.next(), random.next())
      if !pool.isEmpty, random.happens(percent: 60) { words = neighbour(of: random.choice(pool), &random) }
      let key = Digest(words: words)
      if keys.insert(key).inserted { pool.append(key) }
    }
    return pool.map { SparseTree.Leaf(key: $0, value: Array($0.bytes.prefix(5))) }
  }

  /// A key that differs in one bit, any of the 256, and perhaps in those behind it.
  private static func neighbour(of key: Digest, _ random: inout SeededGenerator) -> (UInt64, UInt64, UInt64, UInt64) {
    var bytes = key.bytes
    let bit = random.index(below: 256)
    bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
    if random.happens(percent: 50) {
      for index in bit / 8 + 1..<max(32, bit / 8 + 1) { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
    }
    let words = stride(from: 0, to: 32, by: 8).map { start in
      bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    return (words[0], words[1], words[2], words[3])
  }

  private func parts(_ sorted: [SparseTree.Leaf], bits: Int) -> [SparseTree.Subtree] {
    var next = 0
    return (0..<1 << bits).map { part in
      let first = next
      while next < sorted.count, bits == 0 || Int(sorted[next].key.prefix >> UInt64(64 - bits)) == part { next += 1 }
      return SparseTree.subtree(
        depth: bits, count: next - first, bit: { place, depth in sorted[first + place].key.bit(depth) },
        leaf: { sorted[first + $0].hash })
    }
  }

  @Test(arguments: 0..<201)
  func `the parts below any level of the objects tree give the root of the whole`(count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let leaves = SubtreeTests.leaves(count, &random)
    let sorted = leaves.sorted { $0.key < $1.key }
    let root = SparseTree.root(of: leaves)
    for bits in [0, 1, 2, 5, KeyRanges.granuleBits] {
      #expect(SparseTree.root(above: parts(sorted, bits: bits)) == root, "seed \(count), below \(bits) levels")
    }
  }

  @Test func `one leaf stays itself at every level, and two that differ in their last bit only are hashed 256 deep`() {
    let key = Digest(words: (.max, 0, .max, 4))
    let leaf = SparseTree.Leaf(key: key, value: [1])
    #expect(SparseTree.root(above: parts([leaf], bits: 12)) == leaf.hash)
    let other = SparseTree.Leaf(key: Digest(words: (.max, 0, .max, 5)), value: [2])
    #expect(SparseTree.root(above: parts([leaf, other], bits: 12)) == SparseTree.root(of: [other, leaf]))
    #expect(SparseTree.root(above: parts([], bits: 12)) == .zero)
  }

  // MARK: Events

  /// Every split of every log of 0 to 70 events at two places.
  @Test func `a log appended in three pieces is the log appended one by one, wherever it is cut`() {
    let ids = (0..<70).map { Digest.sha256(Array("event \($0)".utf8)) }
    var whole: [LogTree] = [LogTree()]
    for id in ids {
      var tree = whole[whole.count - 1]
      tree.append(id)
      whole.append(tree)
    }
    var pieces: [Range<Int>: [LogTree.Subtree]] = [:]
    for start in 0...70 {
      for end in start...70 {
        pieces[start..<end] = LogTree.subtrees(of: ids[start..<end], from: UInt64(start))
      }
    }
    for count in 0...70 {
      for second in 0...count {
        var head = whole[second]
        for subtree in pieces[second..<count] ?? [] { head.append(subtree) }
        #expect(head == whole[count], "\(count) events cut at \(second)")
        for first in 0...second {
          var tree = LogTree()
          for cut in [0..<first, first..<second, second..<count] {
            for subtree in pieces[cut] ?? [] { tree.append(subtree) }
          }
          if tree != whole[count] || tree.root != whole[count].root {
            Issue.record("\(count) events cut at \(first) and \(second)")
          }
        }
      }
    }
  }

  /// Every two stretches of every log of 0 to 40 events, the second one appended in two steps cut anywhere.
  @Test func `stretches appended up to any event give the tree of the log up to there`() {
    let ids = (0..<40).map { Digest.sha256(Array("event \($0)".utf8)) }
    var whole: [LogTree] = [LogTree()]
    for id in ids {
      var tree = whole[whole.count - 1]
      tree.append(id)
      whole.append(tree)
    }
    for second in 0...40 {
      var head = LogTree()
      head.append(LogStretch(Array(ids[..<second]), from: 0), to: UInt64(second))
      #expect(head == whole[second])
      for count in second...40 {
        let stretch = LogStretch(Array(ids[second..<count]), from: UInt64(second))
        for cut in second...count {
          var tree = head
          tree.append(stretch, to: UInt64(cut))
          if tree != whole[cut] { Issue.record("\(cut) events, a stretch of \(second) to \(count)") }
          tree.append(stretch, to: UInt64(count))
          if tree != whole[count] { Issue.record("\(count) events cut at \(second) and \(cut)") }
        }
      }
    }
  }

  @Test func `the subtrees of a piece are the largest that are aligned`() {
    let ids = (0..<70).map { Digest.sha256([UInt8($0)]) }
    let counts = LogTree.subtrees(of: ids[5..<70], from: 5).map(\.leafCount)
    #expect(counts == [1, 2, 8, 16, 32, 4, 2])
    #expect(LogTree.subtrees(of: ids[0..<64], from: 1 << 40).map(\.leafCount) == [64])
    #expect(LogTree.subtrees(of: [], from: 3).isEmpty)
  }
}
