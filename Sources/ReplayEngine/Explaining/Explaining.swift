internal import StorageProtocol

/// The verb `explain`: what exit statuses mean, who gives them, and what to do.
public struct Explaining: Sendable {
  private let status: ExitStatus?

  /// - Parameter status: a number, as typed; nil for all statuses.
  /// - Throws: `.usage` for a number that is no status, with those that are.
  public init(status: String?) throws(ReplayFailure) {
    guard let status else {
      self.status = nil
      return
    }
    guard let known = Int32(status).flatMap(ExitStatus.init(rawValue:)) else {
      let numbers = ExitStatus.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
      throw ReplayOptions.usage("no exit status is \(PrintableText.plain(Array(status.utf8))): there are \(numbers)")
    }
    self.status = known
  }

  public func run() -> Report {
    let statuses = status.map { [$0] } ?? ExitStatus.allCases
    let json = JSONValue.members([
      "schema": .text("eqm-replay/explain/1"), "statuses": .array(statuses.map { .object($0.explanationJSON) }),
    ])
    let text = status.map(\.explanationLines) ?? Explaining.list
    return Report(status: .done, json: json, text: text)
  }

  private static var list: [String] {
    ExitStatus.allCases.map { ResultText.row("\($0.rawValue)", $0.explanation.title, width: 6) }
      + ["", "eqm-replay explain STATUS says what to do."]
  }
}

extension ExitStatus {
  fileprivate var explanationJSON: JSONObject {
    let explanation = explanation
    return JSONObject([
      "status": .integer(Int(rawValue)), "title": .text(explanation.title), "meaning": .text(explanation.meaning),
      "verbs": .array(explanation.verbs.map(JSONValue.text)),
      "runbook_steps": .array(explanation.runbookSteps.map(JSONValue.integer)),
      "actions": .array(
        explanation.actions.map {
          .members(["do": .text($0.sentence), "command": $0.command.map(JSONValue.text) ?? .null])
        }),
      "escalation": explanation.escalation.map { escalation in
        .members([
          "severity": .text(escalation.severity), "occasion": .text(escalation.occasion),
          "page": .array(escalation.teams.map(JSONValue.text)),
          "channel": .text(escalation.channel), "measure": .text(escalation.measure),
        ])
      } ?? .null,
    ])
  }

  fileprivate var explanationLines: [String] {
    let explanation = explanation
    let steps = explanation.runbookSteps.map { "\($0)" }.joined(separator: " or ")
    return [
      ResultText.row("exit status", "\(rawValue): \(explanation.title)"),
      ResultText.row("meaning", explanation.meaning),
      ResultText.row("given by", explanation.verbs.joined(separator: ", ")),
    ] + (steps.isEmpty ? [] : [ResultText.row("runbook", "a drill has failed in step \(steps)")])
      + explanation.actions.flatMap(ExitStatus.lines)
      + (explanation.escalation.map(ExitStatus.lines) ?? [])
  }

  private static func lines(_ action: ExitExplanation.Action) -> [String] {
    [ResultText.row("do", action.sentence)] + (action.command.map { [ResultText.row("", "  \($0)")] } ?? [])
  }

  private static func lines(_ escalation: Escalation) -> [String] {
    [
      ResultText.row(
        "escalation",
        "\(escalation.severity), if \(escalation.occasion): page \(escalation.teams.joined(separator: " and ")), \(escalation.channel)"
      ),
      ResultText.row("", escalation.measure),
    ]
  }
}
