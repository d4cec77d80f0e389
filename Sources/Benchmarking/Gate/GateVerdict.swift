package import StorageProtocol

/// How far figures may be from those of a baseline.
package struct GateLimits: Sendable {
  /// How many times the figure of the baseline.
  package var threshold = GateNumber(105, per: 100)
  /// Allocations more than so many times those of the baseline, an entry: room for what is taken once in a run, and none for one that
  /// every data entry makes.
  package let allocationSlack = GateNumber(5, per: 1000)
  /// Instructions more than so many times those of the baseline, an entry: a stage that does next to nothing is no reason to fail.
  package let instructionSlack = GateNumber(1, per: 1)
  /// How many times the processor time of one worker two workers may take: work that they do for each other. Two threads of one core
  /// take up to twice the time each, and nothing tells whether a machine's two processors are such.
  package let processorRatioMax = GateNumber(22, per: 10)

  package init() {}

  func limit(_ figure: GatedLog.Figure, baseline: GateNumber) -> GateNumber {
    switch figure.quantity {
    case .instructions: baseline * threshold + instructionSlack
    case .allocations: baseline * threshold + allocationSlack
    }
  }
}

/// A figure, and whether it is more than it may be.
package struct GateVerdict: Equatable, Sendable {
  package let workload: String
  /// A stage, or the whole program.
  package let stage: String
  package let unit: String
  package let measured: GateNumber
  /// Nil where the limit is that of every machine.
  package let baseline: GateNumber?
  package let limit: GateNumber

  package var isExceeded: Bool { measured > limit }

  /// How many times the baseline it is; nil where that is nothing.
  package var ratio: GateNumber? { baseline.flatMap { measured.ratio(to: $0) } }

  /// Processor time of two workers by that of one, of the same log in one run of the gate.
  package init(workload: String, processorRatio: GateNumber, _ limits: GateLimits) {
    self.init(
      workload: workload, stage: GatedLog.whole, unit: "processor seconds of two workers by those of one",
      measured: processorRatio, baseline: nil, limit: limits.processorRatioMax)
  }

  private init(
    workload: String, stage: String, unit: String, measured: GateNumber, baseline: GateNumber?, limit: GateNumber
  ) {
    self.workload = workload
    self.stage = stage
    self.unit = unit
    self.measured = measured
    self.baseline = baseline
    self.limit = limit
  }

  /// Every figure of a log beside that of a baseline.
  ///
  /// - Throws: ``GateMismatch`` where the baseline is of another log, or has not the same figures.
  package static func verdicts(
    of measured: GatedLog, baseline: GateBaseline, _ limits: GateLimits
  ) throws(GateMismatch) -> [GateVerdict] {
    guard let recorded = baseline.logs.first(where: { $0.workload == measured.workload }) else {
      throw .noLog(workload: measured.workload)
    }
    guard recorded.entryCount == measured.entryCount, recorded.stateRoot == measured.stateRoot else {
      throw .otherLog(workload: measured.workload, recorded: recorded.entryCount, measured: measured.entryCount)
    }
    return try measured.figures.map { (figure) throws(GateMismatch) in
      let known = recorded.figures.first { $0.quantity == figure.quantity && $0.stage == figure.stage }
      guard let known else {
        throw .noFigure(workload: measured.workload, stage: figure.stage, quantity: figure.quantity)
      }
      return GateVerdict(
        workload: measured.workload, stage: figure.stage, unit: "\(figure.quantity.rawValue) per entry",
        measured: figure.perEntry, baseline: known.perEntry, limit: limits.limit(figure, baseline: known.perEntry))
    }
  }

  /// `recorded: derive: 1034.2 instructions per entry, 1.1 times the 940.2 of the baseline; 987.2 may be`.
  package var sentence: String {
    let compared =
      baseline.map { recorded in
        ratio.map { ", \($0) times the \(recorded) of the baseline" } ?? ", \(recorded) in the baseline"
      } ?? ""
    return "\(workload): \(stage): \(measured) \(unit)\(compared); at most \(limit) may be"
  }

  package var json: JSONValue {
    .members([
      "workload": .text(workload), "stage": .text(stage), "unit": .text(unit), "measured": measured.json,
      "baseline": baseline?.json ?? .null, "ratio": ratio?.json ?? .null, "limit": limit.json,
      "exceeded": .boolean(isExceeded),
    ])
  }

  /// As github-action-benchmark reads it (`customSmallerIsBetter`).
  package var chartJSON: JSONValue {
    .members(["name": .text("\(workload): \(stage), \(unit)"), "unit": .text(unit), "value": measured.json])
  }
}

/// Why figures cannot be compared with a baseline.
package enum GateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  case otherMachine(recorded: GateMachine, measured: GateMachine)
  case noLog(workload: String)
  case otherLog(workload: String, recorded: UInt64, measured: UInt64)
  case noFigure(workload: String, stage: String, quantity: GatedLog.Quantity)

  package var description: String {
    let reason =
      switch self {
      case .otherMachine(let recorded, let measured): "it is of \(recorded), and this machine is \(measured)"
      case .noLog(let workload): "it has no \(workload)"
      case .otherLog(let workload, let recorded, let measured):
        "its \(workload) was another log: of \(recorded) entries or another state, and not the \(measured) of today"
      case .noFigure(let workload, let stage, let quantity): "its \(workload) has no \(quantity.rawValue) of \(stage)"
      }
    return "the baseline cannot be compared with: \(reason); record one here with --record"
  }
}
