internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// The verb `export --to jsonl`: the state and the event log as JSON lines (cli.md).
///
/// Nodes by id bytes; objects by id bytes, then version; shards by object, then index; events in log order.
public struct Export: Sendable {
  private let options: ReplayOptions
  private let folder: TargetFolder
  private let name: String
  private let replaces: Bool
  private let services: Services

  /// - Parameter replaces: whether a file at `path` may be replaced.
  public init(_ options: ReplayOptions, path: String, replaces: Bool, services: Services) {
    self.options = options
    let slash = path.lastIndex(of: "/")
    name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    folder = TargetFolder(path: slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
    self.replaces = replaces
    self.services = services
  }

  /// Replays the log and writes the file.
  ///
  /// The report and its status are those of the replay: a state that diverges from its record is exported, and said to.
  ///
  /// - Throws: `.precondition`, `.log`, `.output`; no file is left then.
  public func run() throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in
      try folder.checkName(name, replaces: replaces, log: options.source.path)
      try folder.check(expectedBytes: 0)
    }
    return try options.withRereadableLog(services) { (options) throws(ReplayFailure) in
      try prepare(options)
      return try export(options)
    }
  }

  /// Checks that there is room for what the entries of the log will give.
  private func prepare(_ options: ReplayOptions) throws(ReplayFailure) {
    let statistics = try options.statistics(services)
    try ReplayFailure.checking { () throws(TargetFault) in
      try folder.check(expectedBytes: statistics.exportBytesEstimate)
    }
  }

  private func export(_ options: ReplayOptions) throws(ReplayFailure) -> Report {
    var clock = StepClock()
    var output = try temporaryFile("eqm-replay-export")
    var events = try temporaryFile("eqm-replay-events")
    let engine = try clock.measure(.replay, services) { () throws(ReplayFailure) in
      try replay(options, &events)
    }
    let document = ResultDocument(engine.result, expectations: options.expectations)
    do throws(FileError) {
      try StateLines.write(engine, to: &output)
      try events.copy(to: &output)
      guard try output.publish(as: name, replaces: replaces) else {
        throw FileError(.publish, "\(folder.path)/\(name)", errno: FileError.exists)
      }
    } catch {
      throw ReplayFailure(output: error)
    }
    let facts = clock.facts
    return Report(
      status: ExitStatus(of: document.verdict), json: document.json(run: facts),
      text: ResultText(document: document, run: facts).lines + ["", "exported to    \(folder.path)/\(name)"])
  }

  private func temporaryFile(_ prefix: String) throws(ReplayFailure) -> TemporaryFile {
    do {
      return try TemporaryFile(in: folder.path, prefix: prefix)
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  private func replay(_ options: ReplayOptions, _ events: inout TemporaryFile) throws(ReplayFailure) -> GoldenEngine {
    do {
      var run = try GoldenReplay(
        options.source, configuration: options.configuration,
        reading: options.reading(services, step: .replay))
      while let step = try run.step() {
        if let event = step.event { try events.write(StateLines.line("event", event.json)) }
      }
      return run.engine
    } catch let error as LogError {
      throw ReplayFailure(error)
    } catch let error as FileError {
      throw ReplayFailure(output: error)
    } catch {
      preconditionFailure("replaying and writing throw nothing else")
    }
  }
}
