import Benchmarking
import Testing

/// Medians, and the bounds of a ratio.
@Suite struct StatisticsTests {
  @Test func `a median is the middle one, or the mean of the two in the middle`() {
    #expect([3.0, 1, 2].median == 2)
    #expect([4.0, 1, 2, 3].median == 2.5)
    #expect([Double]().median == 0)
  }

  @Test func `the spread is what lies between the least and the greatest, of the median`() {
    #expect([2.0, 1, 3].spread == 1)
    #expect([2.0].spread == 0)
    #expect([Double]().spread == 0)
  }

  @Test func `pairs of one ratio have it for both bounds`() throws {
    let interval = try #require(RatioInterval.paired([(1, 2), (3, 6), (5, 10)], confidence: 0.95))
    #expect(interval == .paired([(1, 2), (3, 6), (5, 10)], confidence: 0.95))
    #expect([interval.ratio, interval.low, interval.high] == [2.0, 2.0, 2.0])
  }

  @Test func `of five pairs the bounds are the least and the greatest ratio`() throws {
    let pairs = [1.03, 0.98, 1.01, 1.2, 0.99].map { (first: 1.0, second: $0) }
    let interval = try #require(RatioInterval.paired(pairs, confidence: 0.95))
    #expect([interval.ratio, interval.low, interval.high] == [1.01, 0.98, 1.2])
  }

  @Test func `more pairs bound a ratio closer, and less confidence does`() throws {
    let pairs = (0..<60).map { (first: 1.0, second: 1.0 + Double($0 % 20) / 100) }
    func width(_ count: Int, _ confidence: Double) throws -> Double {
      let interval = try #require(RatioInterval.paired(Array(pairs.prefix(count)), confidence: confidence))
      #expect(interval.low <= interval.ratio && interval.ratio <= interval.high)
      return interval.high - interval.low
    }
    #expect(try width(60, 0.95) < width(20, 0.95))
    #expect(try width(60, 0.5) < width(60, 0.95))
  }

  /// A machine that becomes slower from round to round: pairs do not see it.
  @Test func `what disturbs both of a pair does not widen the bounds`() throws {
    let first = (0..<8).map { 1.0 + Double($0) / 4 }
    let second = first.map { $0 * 1.1 }
    let paired = try #require(RatioInterval.paired(Array(zip(first, second)).map { ($0, $1) }, confidence: 0.95))
    let unpaired = try #require(RatioInterval.unpaired(first, second, confidence: 0.95))
    #expect(paired.low > 1.09 && paired.high < 1.11)
    #expect(unpaired.low < 1 && unpaired.high > 1.2)
  }

  @Test func `two runs bound nothing`() {
    #expect(RatioInterval.paired([(1, 2), (1, 2)], confidence: 0.95) == nil)
    #expect(RatioInterval.unpaired([1, 1, 1], [2, 2], confidence: 0.95) == nil)
  }

  @Test(arguments: [
    (1.0, 2, "1.00"), (0.005, 2, "0.01"), (12.3456, 3, "12.346"), (0.04, 0, "0"), (-1.25, 1, "-1.3"),
    (0.000_001, 6, "0.000001"),
  ])
  func `digits are rounded`(number: Double, decimals: Int, text: String) {
    #expect(number.text(decimals: decimals) == text)
  }
}
