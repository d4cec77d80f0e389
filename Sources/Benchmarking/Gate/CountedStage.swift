/// A stage of the flow as its cost is counted: by the jobs of the pipeline that do its work, which are functions of the program that
/// no compiler may put into others.
package enum CountedStage: String, CaseIterable, Sendable {
  case read, decode, plan, derive, apply, merge, commit

  /// Methods of `ReplayWork` of `ReplayPipeline` that every replay calls.
  private var jobs: [String] {
    switch self {
    case .read: ["read", "split"]
    case .decode: ["decode"]
    case .plan: ["plan"]
    case .derive: ["derive"]
    case .apply: ["settle", "apply"]
    case .merge: ["merge", "append"]
    case .commit: ["commit"]
    }
  }

  /// Those that not every log has.
  private var rareJobs: [String] { self == .read ? ["decompress"] : [] }

  /// Of all stages.
  package static var jobNames: [String] { allCases.flatMap { $0.jobs + $0.rareJobs } }

  /// How the names of jobs begin where they are mangled: behind the method's name comes that its first parameter has no label.
  private static func symbols(_ jobs: [String]) -> [String] {
    jobs.flatMap { job in ["y", "_"].map { "$s14ReplayPipeline0A4WorkC\(job.utf8.count)\(job)\($0)" } }
  }

  /// The functions of the stage in a profile of a whole replay.
  ///
  /// - Throws: ``StageMissing`` where one is not there, as in a program without symbols: its cost would be that of others.
  package func functions(in profile: CallgrindProfile) throws(StageMissing) -> Set<Int> {
    for job in jobs {
      let functions = profile.functions(beginningWith: CountedStage.symbols([job]))
      guard !profile.entrances(to: functions).isEmpty else { throw StageMissing(stage: self, job: job) }
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
  let job: String

  package var description: String {
    "\(stage.rawValue) cannot be counted: the program has no function ReplayWork.\(job) that was called; "
      + "it was stripped, or built otherwise than by `make build`"
  }
}
