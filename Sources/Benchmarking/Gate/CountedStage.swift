/// A stage of the flow as its cost is counted: by the jobs of the pipeline that do its work, which are functions of the program that
/// no compiler may put into others.
package enum CountedStage: String, CaseIterable, Sendable {
  case read, decode, plan, derive, apply, merge, commit

  /// Methods of `ReplayWork` of `ReplayPipeline`, as their names are mangled, up to where their types begin.
  private var jobs: [String] {
    switch self {
    case .read: ["4ready", "5split_4into"]
    case .decode: ["6decodey"]
    case .plan: ["4plany"]
    case .derive: ["6derivey"]
    case .apply: ["6settley", "5applyy"]
    case .merge: ["5mergey", "6appendy"]
    case .commit: ["6commity"]
    }
  }

  /// Those that not every log has.
  private var rareJobs: [String] { self == .read ? ["10decompressy"] : [] }

  private static func symbols(_ jobs: [String]) -> [String] { jobs.map { "$s14ReplayPipeline0A4WorkC" + $0 } }

  /// The functions of the stage in a profile of a whole replay.
  ///
  /// - Throws: ``StageMissing`` where one is not there, as in a program without symbols: its cost would be that of others.
  package func functions(in profile: CallgrindProfile) throws(StageMissing) -> Set<Int> {
    for symbol in CountedStage.symbols(jobs) {
      guard !profile.entrances(to: profile.functions(beginningWith: [symbol])).isEmpty else {
        throw StageMissing(stage: self, symbol: symbol)
      }
    }
    return profile.functions(beginningWith: CountedStage.symbols(jobs + rareJobs))
  }

  /// The names of those that others call, in order: with each of them the stage begins, and ends.
  ///
  /// - Throws: ``StageMissing``.
  package func entrances(in profile: CallgrindProfile) throws(StageMissing) -> [String] {
    profile.entrances(to: try functions(in: profile)).map { profile.names[$0] }.sorted()
  }
}

/// A stage whose cost cannot be told from that of others.
package struct StageMissing: Error, Equatable, Sendable, CustomStringConvertible {
  let stage: CountedStage
  let symbol: String

  package var description: String {
    "\(stage.rawValue) cannot be counted: the program has no function \(symbol)… that was called; "
      + "it was stripped, or built otherwise than by `make build`"
  }
}
