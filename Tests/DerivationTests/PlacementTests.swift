import Derivation
import StorageProtocol
import Testing

/// Placements packed into a word.
@Suite struct PlacementTests {
  /// Numbers of nodes a word can say: 0 to 2^21 − 3, for 0 stands for no node and one pattern is kept free.
  private static let numbers: [UInt32] = [0, 1, 2, 1000, 1 << 20, (1 << 21) - 4, (1 << 21) - 3, (1 << 21) - 2]

  private func append(_ name: UInt32, to placement: inout Placement) -> Bool { placement.append(name) }

  @Test func `no node is the placement of nobody`() {
    #expect(Placement().names == [])
    #expect(Placement().explicitIndex == nil)
  }

  @Test func `up to three nodes come out as they went in, in order and with repetitions`() {
    for first in PlacementTests.numbers {
      for second in PlacementTests.numbers {
        for third in PlacementTests.numbers {
          var placement = Placement()
          for (index, name) in [first, second, third].enumerated() {
            #expect(append(name, to: &placement))
            #expect(placement.names == [first, second, third].prefix(index + 1).map(Int.init))
            #expect(placement.explicitIndex == nil)
          }
        }
      }
    }
  }

  @Test func `a fourth node, or a number too large, is refused and leaves the placement as it was`() {
    for number in [(1 << 21) - 1, 1 << 21, .max - 1, .max] as [UInt32] {
      var placement = Placement()
      #expect(!append(number, to: &placement))
      #expect(placement == Placement())
      #expect(append(5, to: &placement))
      #expect(!append(number, to: &placement))
      #expect(placement.names == [5])
    }
    var full = Placement()
    for name in [7, 0, 9] as [UInt32] { #expect(append(name, to: &full)) }
    let before = full
    #expect(!append(1, to: &full))
    #expect(full == before)
    #expect(full.names == [7, 0, 9])
  }

  @Test(arguments: [0, 1, 2, 1 << 40, Int.max])
  func `an explicit list is told by its place`(index: Int) {
    #expect(Placement(explicit: index).explicitIndex == index)
    #expect(Placement(explicit: index) != Placement())
  }

  @Test func `random placements differ as their lists do`() {
    var random = SeededGenerator(seed: 9)
    var lists: [[UInt32]: Placement] = [:]
    for _ in 0..<20_000 {
      let names = (0..<random.index(below: 4)).map { _ in
        UInt32(random.happens(percent: 80) ? random.index(below: 4) : random.index(below: (1 << 21) - 2))
      }
      var placement = Placement()
      for name in names { #expect(append(name, to: &placement)) }
      #expect(placement.names == names.map(Int.init))
      if let known = lists[names] { #expect(known == placement) }
      lists[names] = placement
    }
    for (left, right) in zip(lists, lists.dropFirst()) { #expect(left.value != right.value) }
  }
}
