internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol

/// The verb `replay`: replays a log and says what came of it.
public struct Replay: Sendable {
  private let options: ReplayOptions
  private let services: Services

  public init(_ options: ReplayOptions, services: Services) {
    self.options = options
    self.services = services
  }

  /// - Throws: `.log`.
  public func run() throws(ReplayFailure) -> Report {
    var clock = StepClock()
    let result = try clock.measure(.replay, services) { () throws(ReplayFailure) in
      try options.replayed(services, step: .replay).result
    }
    let document = ResultDocument(result, expectations: options.expectations)
    let facts = clock.facts
    return Report(
      status: ExitStatus(of: document.verdict), json: document.json(run: facts),
      text: ResultText(document: document, run: facts).lines)
  }
}

extension ReplayOptions {
  /// The size and identity of the log, read from end to end.
  ///
  /// - Throws: `.log`.
  func scanned(_ services: Services) throws(ReplayFailure) -> LogExtent {
    try ReplayFailure.reading { () throws(LogError) in
      try LogReader.scan(source, options: reading(services, step: .load))
    }
  }

  /// One sequential replay of the whole log.
  ///
  /// - Throws: `.log`.
  func replayed(
    _ services: Services, step: RunStep
  ) throws(ReplayFailure) -> (result: ReplayResult, extent: LogExtent) {
    try ReplayFailure.reading { () throws(LogError) in
      try GoldenReplay.replay(source, configuration: configuration, reading: reading(services, step: step))
    }
  }
}

extension ExitStatus {
  /// The status of a verb that was asked for no comparison: FAILED is an unequal one all the same.
  init(of verdict: Verdict) {
    switch verdict {
    case .passed, .notCompared: self = .done
    case .warned: self = .degraded
    case .failed: self = .diverged
    }
  }
}
