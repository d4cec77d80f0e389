import LogGeneration
import ReplayTestSupport
import StorageProtocol

/// Kinds of generated logs.
enum LogFamily: String, CaseIterable {
  case everything, replacing, sticky, crowded, overflowingCounters, overflowingFees, fullSize

  var traits: GeneratorTraits {
    switch self {
    case .everything: .everything
    case .replacing: .replacing
    case .sticky: .sticky
    case .crowded: .crowded
    case .overflowingCounters: .overflowingCounters
    case .overflowingFees: .overflowingFees
    case .fullSize: .fullSize
    }
  }

  /// Seeds that every run of the tests replays.
  var seedCount: Int {
    switch self {
    case .everything: 900
    case .replacing: 300
    case .sticky: 500
    case .crowded: 100
    case .overflowingCounters: 200
    case .overflowingFees: 150
    case .fullSize: 20
    }
  }

  func log(seed: UInt64) -> LogGenerator { LogGenerator.run(seed: seed, traits: traits) }
}

/// Some logs of one family, one after the other.
struct SeedBlock: CustomStringConvertible {
  let family: LogFamily
  let seeds: Range<UInt64>

  /// All seeds of all families.
  static let all = LogFamily.allCases.flatMap { family in
    stride(from: 0, to: family.seedCount, by: 50).map { first in
      SeedBlock(family: family, seeds: UInt64(first)..<UInt64(min(first + 50, family.seedCount)))
    }
  }

  var description: String { "\(family.rawValue) \(seeds)" }
}
