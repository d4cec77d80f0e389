internal import StorageProtocol

/// What a verb has to say, and its exit status.
public struct Report: Sendable {
  public let status: ExitStatus
  /// One JSON document, ended by a line break.
  public let json: [UInt8]
  /// The same for people.
  public let text: String
  /// What went wrong all the same, a sentence each, for the error stream.
  public let problems: [String]
  /// What to do about a status that is not clean; nil where nothing is known but the status.
  public let next: String?
  /// What the stages of the pipeline took; empty for a verb without one.
  public let stages: [StageTime]

  init(
    status: ExitStatus, json: JSONValue, text: [String], problems: [String] = [], next: String? = nil,
    stages: [StageTime] = []
  ) {
    self.status = status
    self.json = JSONFormat.indented.encode(json) + [UInt8(ascii: "\n")]
    self.text = text.map { $0 + "\n" }.joined()
    self.problems = problems
    self.next = next
    self.stages = stages
  }

  /// The same report, of a run in which something else went wrong behind it.
  func adding(problem: String, status: ExitStatus) -> Report {
    Report(self, status: .winner([self.status, status]), problems: problems + [problem])
  }

  private init(_ report: Report, status: ExitStatus, problems: [String]) {
    self.status = status
    json = report.json
    text = report.text
    self.problems = problems
    next = status == report.status ? report.next : Report.nextOfUnwritten
    stages = report.stages
  }

  /// What to do where a drill could not write what it writes behind its replay.
  static let nextOfUnwritten = "see that the folder may be written and has room (df -h), and run the drill again"
}
