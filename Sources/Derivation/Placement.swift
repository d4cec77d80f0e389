/// The nodes a shard is placed on, in one word: what a state of millions of shards keeps of it.
///
/// Up to three nodes by their numbers among all ids ever registered (`PlannedBatch.nodeNames`); anything else (more
/// replicas, a recorded node that was never registered) by its place in a table of explicit lists.
package struct Placement: Equatable, BitwiseCopyable, Sendable {
  private static let nodeBits: UInt64 = 21
  private static let nodeMask: UInt64 = (1 << nodeBits) - 1
  private static let explicitBit: UInt64 = 1 << 63
  private static let packedCountMax = 3

  private var word: UInt64 = 0

  /// No node.
  package init() {}

  package init(explicit index: Int) { word = Placement.explicitBit | UInt64(index) }

  /// Appends a node; false where only an explicit list can say it.
  package mutating func append(_ name: UInt32) -> Bool {
    var shift: UInt64 = 0
    while shift < Placement.nodeBits * UInt64(Placement.packedCountMax), word >> shift & Placement.nodeMask != 0 {
      shift += Placement.nodeBits
    }
    guard shift < Placement.nodeBits * UInt64(Placement.packedCountMax), UInt64(name) < Placement.nodeMask else {
      return false
    }
    word |= UInt64(name + 1) << shift
    return true
  }

  /// The place of an explicit list; nil for packed nodes.
  package var explicitIndex: Int? {
    word & Placement.explicitBit != 0 ? Int(word & ~Placement.explicitBit) : nil
  }

  /// Calls `body` with the numbers of packed nodes, in order.
  package func forEachName(_ body: (Int) -> Void) {
    var rest = word
    while rest & Placement.nodeMask != 0 {
      body(Int(rest & Placement.nodeMask) - 1)
      rest >>= Placement.nodeBits
    }
  }

  /// The number of the packed node at a place; nil behind the last.
  package func name(at place: Int) -> Int? {
    guard place < Placement.packedCountMax else { return nil }
    let field = word >> (UInt64(place) * Placement.nodeBits) & Placement.nodeMask
    return field == 0 ? nil : Int(field) - 1
  }

  /// The numbers of packed nodes, in order.
  package var names: [Int] {
    (0..<UInt64(Placement.packedCountMax)).map { word >> ($0 * Placement.nodeBits) & Placement.nodeMask }
      .prefix { $0 != 0 }.map { Int($0) - 1 }
  }
}
