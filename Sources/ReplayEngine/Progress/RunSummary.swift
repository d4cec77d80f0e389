internal import ReplayEvidence

/// What the steps of a run took, in a short table for people.
public struct RunSummary {
  private static let nameColumns = 10
  private static let timeColumns = 12
  private static let rateColumns = 14

  private let progress: RunProgress
  private let stages: [StageTime]

  /// - Parameters:
  ///   - progress: of a run that has ended.
  ///   - stages: the stages of the pipeline that are to be shown besides.
  public init(_ progress: RunProgress, stages: [StageTime]) {
    self.progress = progress
    self.stages = stages
  }

  /// A line a step, and the total; a line a stage behind them. Nothing of a run that had no steps.
  public var lines: [String] {
    guard !progress.finishedSteps.isEmpty else { return [] }
    let head = RunSummary.row("step", "time", "entries/s", "MB/s")
    let steps = progress.finishedSteps.map { step in
      RunSummary.row(
        step.step.rawValue, Quantity.milliseconds(step.elapsed),
        step.entries == 0 ? "" : "\(step.elapsed.perSecond(step.entries))",
        step.bytesRead == 0 ? "" : Quantity.megabytesNumber(step.elapsed.perSecond(step.bytesRead)))
    }
    return [head] + steps + [RunSummary.row("total", Quantity.milliseconds(progress.elapsed))] + stageLines
  }

  private var stageLines: [String] {
    guard !stages.isEmpty else { return [] }
    return [RunSummary.row("stage", "all workers")]
      + stages.map { RunSummary.row($0.name, Quantity.milliseconds($0.elapsed)) }
  }

  private static func row(_ name: String, _ time: String, _ entries: String = "", _ bytes: String = "") -> String {
    let cells = [(time, timeColumns), (entries, rateColumns), (bytes, rateColumns)].map { text, columns in
      String(repeating: " ", count: max(1, columns - text.count)) + text
    }
    let line = name + String(repeating: " ", count: max(0, nameColumns - name.count)) + cells.joined()
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// Time that all workers together spent in a stage of the pipeline.
public struct StageTime: Sendable {
  public let name: String
  public let elapsed: Duration
}
