package import StorageProtocol

/// What a run may claim (cli.md).
public enum Verdict: String, Sendable {
  case passed = "PASSED"
  case warned = "WARNED"
  case failed = "FAILED"
  case notCompared = "NOT_COMPARED"

  /// FAILED if a comparison was unequal, or a line of an accept list accepted nothing; else WARNED if anything was rejected,
  /// unsupported or accepted, or the log was empty; else PASSED if at least one comparison was made and held; else NOT_COMPARED.
  /// A salvage is at most WARNED, a damaged log FAILED.
  package init(_ facts: VerdictFacts) {
    if facts.isDamaged || facts.areEqual == false || facts.unusedLines > 0 {
      self = .failed
    } else if facts.rejected > 0 || facts.unsupported > 0 || facts.accepted > 0 || facts.total == 0 || facts.isSalvage {
      self = .warned
    } else {
      self = facts.areEqual == true ? .passed : .notCompared
    }
  }
}

/// All that the claims of a result and of evidence follow from, whoever draws them: the run that makes the evidence, or a
/// reader that checks it. The table of these rules is in `Evidence.md`.
package struct VerdictFacts: Equatable, Sendable {
  /// Whether damage of the log stopped the run before anything was applied.
  package var isDamaged = false
  package var total: UInt64 = 0
  package var rejected: UInt64 = 0
  package var unsupported: UInt64 = 0
  /// Findings that an accept list accepts: of divergences every field.
  package var accepted: UInt64 = 0
  /// Those of them that are divergences.
  package var acceptedDivergences: UInt64 = 0
  /// Lines of the accept list that accepted nothing.
  package var unusedLines: UInt64 = 0
  package var isSalvage = false
  package var stores = StoreCounts()
  /// What the result was compared with.
  package var sides: [Comparisons.Side] = []
  /// Whether all of them were equal; nil without any.
  package var areEqual: Bool?
  /// Whether a root that commits to the whole state was compared.
  package var coverState = false
  /// Whether that of a golden trace was: an event log that a live engine recorded has none.
  package var hasGoldenRoot = false
  /// Whether the success ratio is below the threshold.
  package var isBelowThreshold = false
  /// Whether the evidence is made to be signed.
  package var isSigned = false

  package init() {}

  package init(_ result: ReplayResult, _ comparisons: Comparisons, isSalvage: Bool) {
    total = result.entries.total
    rejected = result.entries.rejected
    unsupported = result.entries.unsupported
    if let acceptance = result.acceptance {
      accepted = UInt64(acceptance.usedCount)
      acceptedDivergences = acceptance.tally.divergences
      unusedLines = UInt64(acceptance.list.lines.count - acceptance.usedCount)
    }
    self.isSalvage = isSalvage
    sides = comparisons.sides
    areEqual = comparisons.areEqual
    coverState = comparisons.coverState
    hasGoldenRoot = comparisons.goldenTrace?.stateRoot != nil
  }

  /// What the comparisons alone say: at most WARNED where one is equal only but for what is accepted.
  package var deterministicReplay: Verdict {
    guard let areEqual else { return .notCompared }
    return areEqual ? acceptedDivergences > 0 ? .warned : .passed : .failed
  }

  /// True only where a root that commits to the whole state was compared and equal, false where anything was unequal,
  /// accepted or not; nil else: equal counters or equal recorded events say less.
  package var bitForBitMatch: Bool? {
    guard let areEqual else { return nil }
    guard areEqual, acceptedDivergences == 0 else { return false }
    return coverState ? true : nil
  }

  /// PASS if every STORE was re-executed from its content; NOT_APPLICABLE without STOREs; else FAIL. Nobody knows
  /// whether a damaged log has STOREs.
  package var zeroSimulationCompliance: String {
    guard !isDamaged else { return "FAIL" }
    guard stores.total > 0 else { return "NOT_APPLICABLE" }
    return stores.reexecuted == stores.total ? "PASS" : "FAIL"
  }

  /// READY only if PASSED against a golden root or expected values, without a placeholder STORE, and signed.
  package var auditReadiness: String {
    let isReady =
      isSigned && Verdict(self) == .passed && stores.placeholder == 0
      && (hasGoldenRoot || sides.contains(.expected))
    return isReady ? "READY" : "NOT_READY"
  }

  /// Why the verdict is not a clean PASSED.
  package var reasons: [String] {
    guard !isDamaged else { return ["log-damaged"] }
    let facts: [(holds: Bool, reason: String)] = [
      (areEqual == false, "comparison-unequal"), (areEqual == nil, "nothing-compared"), (total == 0, "log-empty"),
      (rejected > 0, "entries-rejected"), (unsupported > 0, "entries-unsupported"),
      (accepted > 0, "findings-accepted"), (unusedLines > 0, "accept-lines-unused"),
      (isBelowThreshold, "success-ratio-below-threshold"),
    ]
    return facts.filter(\.holds).map(\.reason)
  }

  /// Whether a success ratio, as `EntryCounts` writes it, is below a threshold.
  package static func isBelow(_ ratio: String, _ threshold: BigNum128) -> Bool {
    guard let ratio = try? BigNum128(parsing: Array(ratio.utf8)) else {
      preconditionFailure("a success ratio is a decimal number")
    }
    return ratio < threshold
  }
}
