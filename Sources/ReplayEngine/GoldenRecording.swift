internal import GoldenRun
internal import GoldenTrace
internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// The verb `golden`: records the trace of a sequential run, event ids and checkpoints (`eqm-golden/1`).
public struct GoldenRecording: Sendable {
  private let options: ReplayOptions
  private let target: TargetFile
  private let services: Services

  /// - Parameter replaces: whether a file at `path` may be replaced.
  public init(_ options: ReplayOptions, path: String, replaces: Bool, services: Services) {
    self.options = options
    target = TargetFile(path: path, replaces: replaces)
    self.services = services
  }

  /// Replays the log by the golden engine and writes the trace.
  ///
  /// - Throws: `.precondition`, `.log`, `.output`; no file is left then.
  public func run() throws(ReplayFailure) -> Report {
    let options = try options.fitted(services)
    // An id has 32 bytes, and an entry of the logs known takes 43 bytes in LZ4 or more.
    let expectedBytes = (options.source.storedBytes ?? 0) / 4 * 3
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: options.source.path, expectedBytes: expectedBytes)
    }
    var clock = StepClock()
    let (result, extent) = try clock.measure(.replay, services) { () throws(ReplayFailure) in try record(options) }
    return options.report(
      ReplayRun(result: result, extent: extent, workers: 1, partitions: 1, timings: nil), .init(), clock,
      remarks: ["", "recorded in    \(target.path)"])
  }

  private func record(_ options: ReplayOptions) throws(ReplayFailure) -> (ReplayResult, LogExtent) {
    do {
      let header = TraceHeader(options.configuration, tool: Program.versionedName)
      var trace = try TraceWriter(in: target.folder.path, header: header)
      var run = try GoldenReplay(
        options.source, configuration: options.configuration, reading: options.reading(services, step: .replay))
      while let step = try run.step() {
        guard let event = step.event else { continue }
        try trace.append(event.id)
        if let checkpoint = step.checkpoint { try trace.append(checkpoint) }
      }
      let (result, extent) = run.outcome
      guard try trace.publish(result, of: extent, as: target.name, replaces: target.replaces) else {
        throw FileError(.publish, target.path, errno: FileError.exists)
      }
      return (result, extent)
    } catch let error as LogError {
      throw ReplayFailure(error)
    } catch let error as FileError {
      throw ReplayFailure(output: error)
    } catch {
      preconditionFailure("replaying and writing throw nothing else")
    }
  }
}
