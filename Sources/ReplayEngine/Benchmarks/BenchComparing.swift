internal import Benchmarking
internal import SystemFiles

/// The verb `bench compare`: whether the second of two documents is of a slower program, beyond what chance gives.
public struct BenchComparing: Sendable {
  private let first: String
  private let second: String
  private let threshold: Double
  private let confidence: Double
  private let github: TargetFile?

  /// - Parameters:
  ///   - threshold: the ratio beyond which the second is slower, at least 1.
  ///   - confidence: of the interval that must lie beyond it, from 0.5 up to 1.
  ///   - github: path of the JSON that github-action-benchmark reads, of the second.
  /// - Throws: `.usage`.
  public init(
    _ first: String, _ second: String, threshold: Double, confidence: Double, github: String?, replaces: Bool
  ) throws(ReplayFailure) {
    guard threshold.isFinite, threshold >= 1 else {
      throw ReplayOptions.usage("--threshold is a ratio of times, at least 1")
    }
    guard confidence >= 0.5, confidence < 1 else {
      throw ReplayOptions.usage("--confidence is at least 0.5 and below 1")
    }
    self.first = first
    self.second = second
    self.threshold = threshold
    self.confidence = confidence
    self.github = github.map { TargetFile(path: $0, replaces: replaces) }
  }

  /// Compares; exit status 1 where the second is slower, or came to another root.
  ///
  /// - Throws: `.precondition`, `.input`, `.benchmark`, `.output`.
  public func run() throws(ReplayFailure) -> Report {
    try OutputConflict.check(outputs: [github?.path], inputs: [first, second])
    if let github { try ReplayFailure.checking { () throws(TargetFault) in try github.check(log: nil) } }
    let before = try BenchFile.read(first)
    let after = try BenchFile.read(second)
    let comparison = BenchComparison(before, after, threshold: threshold, confidence: confidence)
    guard !comparison.rows.isEmpty else {
      throw .precondition(
        PreconditionFailure(description: "\(first) and \(second) have no log in common: nothing can be compared"))
    }
    if let github { try BenchFile.write(BenchmarkAction.json(after, comparison), to: github) }
    return Report(
      status: comparison.isWorse ? .diverged : .done, json: comparison.json,
      text: [
        ResultText.row("first", "\(first): \(before.program.version)"),
        ResultText.row("second", "\(second): \(after.program.version)"), "",
      ] + comparison.lines,
      problems: comparison.contradictions,
      next: "measure both by turns: \(Program.name) bench run WORKLOAD --program A --program B -o A.json -o B.json")
  }
}
