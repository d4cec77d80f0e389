internal import GoldenRun
internal import GoldenTrace
internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// The verb `golden`: records the trace of a sequential run, or of what a live engine recorded (`eqm-golden/1`).
public struct GoldenRecording: Sendable {
  private let options: ReplayOptions
  private let detail: TraceDetail
  private let target: TargetFile
  private let services: Services

  /// - Parameters:
  ///   - detail: `full`, `ids` or `roots`.
  ///   - replaces: whether a file at `path` may be replaced.
  /// - Throws: `.usage`.
  public init(
    _ options: ReplayOptions, path: String, detail: String, replaces: Bool, services: Services
  ) throws(ReplayFailure) {
    guard let detail = TraceDetail(rawValue: detail) else {
      throw .usage(UsageError(description: "--detail is full, ids or roots, not \(detail)"))
    }
    self.options = options
    self.detail = detail
    target = TargetFile(path: path, replaces: replaces)
    self.services = services
  }

  /// Replays the log by the golden engine and writes the trace.
  ///
  /// - Throws: `.precondition`, `.log`, `.output`; no file is left then.
  public func run() throws(ReplayFailure) -> Report {
    let options = try options.fitted(services)
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: options.source.path, expectedBytes: expectedBytes(options))
    }
    var clock = StepClock()
    services.onPlan([PlannedStep(.replay, readings: 1)])
    let (result, extent) = try clock.measure(.replay, services) { () throws(ReplayFailure) in try record(options) }
    return options.report(
      ReplayRun(result: result, extent: extent, workers: 1, partitions: 1, timings: nil), .init(), clock,
      remarks: ["", "recorded in    \(target.path)"])
  }

  /// About how large the trace will be. An entry of the logs known takes 43 bytes in LZ4 or more; its id has 32 bytes, its
  /// event about 130 in a trace.
  private func expectedBytes(_ options: ReplayOptions) -> UInt64 {
    let storedBytes = options.source.storedBytes ?? 0
    return switch detail {
    case .roots: 1 << 20
    case .ids: storedBytes / 4 * 3
    case .full: storedBytes * 4
    }
  }

  private func record(_ options: ReplayOptions) throws(ReplayFailure) -> (ReplayResult, LogExtent) {
    do {
      let header = TraceHeader(options.configuration, tool: Program.versionedName, detail: detail)
      var trace = try TraceWriter(in: target.folder.path, header: header)
      var run = try GoldenReplay(
        options.source, configuration: options.configuration, reading: options.reading(services, step: .replay))
      while let step = try run.step() { try trace.append(TracedEntry(step)) }
      let (result, extent) = run.outcome
      guard try trace.publish(TraceResult(result, extent), as: target.name, replaces: target.replaces) else {
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

extension ReplayOptions {
  /// The golden trace at `path`, which fits the options.
  ///
  /// - Throws: `.precondition`.
  func goldenTrace(_ path: String, _ services: Services) throws(ReplayFailure) -> TraceReader {
    let trace = try anyTrace(path, services)
    guard let misfit = trace.header.firstMisfit(with: configuration) else { return trace }
    throw .precondition(
      PreconditionFailure(description: "the golden trace \(path) was recorded under another \(misfit)"))
  }

  /// The golden trace at `path`. A recorded event log is a trace too: of the events that a live engine emitted; it is turned into
  /// one in a temporary file.
  ///
  /// - Throws: `.precondition`.
  func anyTrace(_ path: String, _ services: Services) throws(ReplayFailure) -> TraceReader {
    do {
      return try ReplayOptions.opened(path) ?? recordedTrace(path, services)
    } catch let error as LogError where error.reason == .interrupted {
      throw ReplayFailure(error)
    } catch let error as RecordedLog.Unproven {
      let reason = "entry \(error.ordinal.value): \(error.reason)"
      throw .precondition(PreconditionFailure(description: TraceError(.notRecorded(reason), path).description))
    } catch let error as LogError {
      throw .precondition(
        PreconditionFailure(description: TraceError(.notRecorded(error.description), path).description))
    } catch let error as any CustomStringConvertible {
      throw .precondition(PreconditionFailure(description: error.description))
    } catch {
      preconditionFailure("reading a trace throws nothing else")
    }
  }

  /// Nil where the file is no trace.
  private static func opened(_ path: String) throws(TraceError) -> TraceReader? {
    guard !LogSource(argument: path).isArchive else { return nil }
    do throws(TraceError) {
      return try TraceReader(path: path)
    } catch {
      guard error.reason == .otherFormat else { throw error }
      return nil
    }
  }

  private func recordedTrace(_ path: String, _ services: Services) throws -> TraceReader {
    var writer = try TraceWriter(
      in: services.temporaryFolder,
      header: TraceHeader(configuration, tool: Program.versionedName, detail: .full, isRecorded: true))
    var log = try RecordedLog(
      LogSource(argument: path), configuration: configuration, reading: reading(services, step: .prepare))
    var eventCount = 0
    while let entry = try log.next() {
      if entry.event != nil { eventCount += 1 }
      try writer.append(TracedEntry(entry))
    }
    guard eventCount > 0 else { throw TraceError(.notRecorded("it holds no event"), path) }
    let temporary = try writer.finish(TraceResult(recorded: log.extent))
    // The file loses its name with the writer; the reader keeps it open.
    return try TraceReader(path: temporary, name: path)
  }
}
