internal import StorageProtocol

extension [Double] {
  /// The middle one, or the mean of the two in the middle; 0 of none.
  package var median: Double {
    let sorted = sorted()
    guard !isEmpty else { return 0 }
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }

  /// The largest less the smallest, as a part of the median; 0 of none.
  package var spread: Double {
    let median = median
    guard let least = self.min(), let most = self.max(), median > 0 else { return 0 }
    return (most - least) / median
  }
}

/// How many times as long something takes as something else, and within which bounds that is known.
package struct RatioInterval: Equatable, Sendable {
  package let ratio: Double
  package let low: Double
  package let high: Double

  /// Fewer runs bound nothing.
  package static let runsMin = 3
  /// Enough that the bounds do not depend on the seed in the digits that are shown.
  private static let resampleCount = 4000

  /// The median of the ratios of pairs, `second` to `first`, bounded by a bootstrap over pairs: what disturbs both of a pair does
  /// not count.
  ///
  /// The same numbers give the same bounds. Of fewer than six pairs at 95 % they are the least and the greatest ratio.
  ///
  /// - Returns: nil for fewer than ``runsMin`` pairs.
  package static func paired(_ pairs: [(first: Double, second: Double)], confidence: Double) -> RatioInterval? {
    let ratios = pairs.map { $0.second / $0.first }
    guard ratios.count >= runsMin else { return nil }
    return interval(ratio: ratios.median, confidence) { random in random.resample(ratios).median }
  }

  /// The ratio of two medians, `second` to `first`, bounded by a bootstrap over both series apart.
  ///
  /// - Returns: nil where either has fewer than ``runsMin``.
  package static func unpaired(_ first: [Double], _ second: [Double], confidence: Double) -> RatioInterval? {
    guard min(first.count, second.count) >= runsMin else { return nil }
    return interval(ratio: second.median / first.median, confidence) { random in
      let resampled = random.resample(first).median
      return random.resample(second).median / resampled
    }
  }

  /// The percentiles that leave out as much on either side.
  private static func interval(
    ratio: Double, _ confidence: Double, _ resampled: (inout SeededGenerator) -> Double
  ) -> RatioInterval {
    var random = SeededGenerator(seed: 1)
    let ratios = (0..<resampleCount).map { _ in resampled(&random) }.sorted()
    let leftOut = Int(((1 - confidence) / 2 * Double(resampleCount)).rounded(.down))
    return RatioInterval(ratio: ratio, low: ratios[leftOut], high: ratios[resampleCount - 1 - leftOut])
  }
}

extension SeededGenerator {
  /// As many of `values`, drawn with replacement.
  fileprivate mutating func resample(_ values: [Double]) -> [Double] { values.map { _ in choice(values) } }
}
