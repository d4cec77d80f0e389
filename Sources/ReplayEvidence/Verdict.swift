package import StorageProtocol

/// What a run may claim (cli.md).
public enum Verdict: String, Sendable {
  case passed = "PASSED"
  case warned = "WARNED"
  case failed = "FAILED"
  case notCompared = "NOT_COMPARED"

  /// FAILED if a comparison was unequal; else WARNED if anything was rejected or unsupported, or the log was empty;
  /// else PASSED if at least one comparison was made and held; else NOT_COMPARED.
  /// A salvage is at most WARNED.
  package init(entries: EntryCounts, comparisons: Comparisons, isSalvage: Bool = false) {
    if comparisons.areEqual == false {
      self = .failed
    } else if entries.rejected > 0 || entries.unsupported > 0 || entries.total == 0 || isSalvage {
      self = .warned
    } else {
      self = comparisons.areEqual == true ? .passed : .notCompared
    }
  }
}
