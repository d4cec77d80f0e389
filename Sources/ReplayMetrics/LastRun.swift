package import ReplayEvidence
package import StorageProtocol

/// What metrics tell of the last run of a target (operations.md 1.2).
package struct LastRun: Sendable {
  /// What a run that came to a result found.
  package struct Replayed: Sendable {
    package let document: ResultDocument
    package let workers: Int
    /// Nil where nobody counted them.
    package let divergentObjects: Int?
    /// Of the golden trace, else of the sequential run; nil without.
    package let goldenRoot: Digest?
    /// Of the log as stored; nil where nobody knows.
    package let archiveBytes: UInt64?

    package init(
      document: ResultDocument, workers: Int, divergentObjects: Int?, goldenRoot: Digest?, archiveBytes: UInt64?
    ) {
      self.document = document
      self.workers = workers
      self.divergentObjects = divergentObjects
      self.goldenRoot = goldenRoot
      self.archiveBytes = archiveBytes
    }
  }

  /// The name of the drill: one of few, never that of a log.
  package let target: String
  /// The log as it was named.
  package let archive: String
  package let threshold: BigNum128
  /// Nil where nothing was replayed: the log is damaged, or the run ended before.
  package var replayed: Replayed?
  /// As evidence has it; `NONE` where a run came to none.
  package var verdict = LastRun.noVerdict
  package var exitStatus: Int32 = 0
  /// Seconds since 1970, decimal.
  package var ended = "0"
  package var elapsed = Duration.zero
  /// Wall time of the steps that ran, in order.
  package var steps: [(name: String, elapsed: Duration)] = []
  /// When a run of this target last succeeded before this one, in seconds since 1970; nil where that is not known.
  package var successBefore: String?
  /// What the last result that was compared before this run differed from: it stands until a run compares with something of its kind.
  package var unequalBefore = UnequalSides()
  /// Whether a success leaves evidence: without, it is none that a drill would have to have.
  package var leavesEvidence = true

  package static let noVerdict = "NONE"

  package init(target: String, archive: String, threshold: BigNum128) {
    self.target = target
    self.archive = archive
    self.threshold = threshold
  }

  /// Whether something was compared, all of it was equal, every entry was applied, and the evidence was written.
  package var isSuccess: Bool { leavesEvidence && exitStatus == 0 && verdict == Verdict.passed.rawValue }

  /// Whether replay is degraded: too little was replayed, or nothing, or it gave something else than it should.
  package var isDegraded: Bool {
    guard let document = replayed?.document, document.result.entries.total > 0 else { return true }
    return VerdictFacts.isBelow(document.result.entries.successRatio, threshold) || document.verdict == .failed
  }

  /// Whether the parallel engine's result equals those that do not come from the log: a sequential run, a golden trace, expected
  /// values. Nil where there was none of them.
  package var matchesGolden: Bool? {
    let outcomes = (replayed?.document.comparisons.outcomes ?? []).filter { $0.side != .recorded }
    return outcomes.isEmpty ? nil : outcomes.allSatisfy { $0.firstDivergence == nil }
  }
}
