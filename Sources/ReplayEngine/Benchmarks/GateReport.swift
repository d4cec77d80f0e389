internal import Benchmarking
internal import StorageProtocol

/// What `bench gate` says.
struct GateReport {
  private static let schema = "eqm-replay/bench-gate/1"

  private let arguments: GateArguments
  private let machine: GateMachine

  init(_ arguments: GateArguments, _ machine: GateMachine) {
    self.arguments = arguments
    self.machine = machine
  }

  /// Of figures beside those of the baseline.
  func compared(_ verdicts: [GateVerdict]) -> Report {
    let exceeded = verdicts.filter(\.isExceeded)
    let summary =
      exceeded.isEmpty ? "passed: \(verdicts.count) figures" : "\(exceeded.count) of \(verdicts.count) figures exceeded"
    let json = JSONValue.members([
      "schema": .text(GateReport.schema), "passed": .boolean(exceeded.isEmpty), "baseline": .text(arguments.baseline),
      "threshold": GateNumber(arguments.threshold)?.json ?? .null, "machine": machine.json,
      "figures": .array(verdicts.map(\.json)),
    ])
    let head = [
      ResultText.row("gate", summary), ResultText.row("baseline", arguments.baseline),
      ResultText.row("machine", machine.description), "",
    ]
    return Report(
      status: exceeded.isEmpty ? .done : .diverged, json: json, text: head + GateReport.table(verdicts),
      problems: exceeded.map(\.sentence), next: "\(Program.name) bench gate --baseline FILE --record, if that is meant")
  }

  /// Of a baseline that was written.
  func recorded(_ logs: [GatedLog], _ ratios: [GateVerdict]) -> Report {
    let exceeded = ratios.filter(\.isExceeded)
    let json = JSONValue.members([
      "schema": .text(GateReport.schema), "recorded": .text(arguments.baseline), "machine": machine.json,
      "workloads": .array(logs.map(\.json)), "ratios": .array(ratios.map(\.json)),
    ])
    return Report(
      status: exceeded.isEmpty ? .done : .diverged, json: json,
      text: [ResultText.row("recorded", arguments.baseline), ResultText.row("machine", machine.description), ""]
        + GateReport.table(logs) + GateReport.table(ratios), problems: exceeded.map(\.sentence))
  }

  private static func table(_ verdicts: [GateVerdict]) -> [String] {
    guard !verdicts.isEmpty else { return [] }
    var table = TextTable(["log", "stage", "of", "measured", "baseline", "ratio", "at most", ""])
    for verdict in verdicts {
      table.add([
        verdict.workload, verdict.stage, verdict.unit, verdict.measured.description,
        verdict.baseline?.description ?? "-", verdict.ratio?.description ?? "-", verdict.limit.description,
        verdict.isExceeded ? "EXCEEDED" : "",
      ])
    }
    return table.lines
  }

  private static func table(_ logs: [GatedLog]) -> [String] {
    var table = TextTable(["log", "stage", "of", "measured"])
    for log in logs {
      for figure in log.figures {
        table.add([
          log.workload, figure.stage, "\(figure.quantity.rawValue) per entry", figure.perEntry.description,
        ])
      }
    }
    return table.lines
  }
}
