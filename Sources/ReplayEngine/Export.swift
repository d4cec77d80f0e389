internal import EpochMerge
internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// The verb `export --to jsonl`: the state and the event log as JSON lines (cli.md).
///
/// Nodes by id bytes; objects by id bytes, then version; shards by object, then index; events in log order.
public struct Export: Sendable {
  private let options: ReplayOptions
  private let target: TargetFile
  private let services: Services

  /// - Parameter replaces: whether a file at `path` may be replaced.
  public init(_ options: ReplayOptions, path: String, replaces: Bool, services: Services) {
    self.options = options
    target = TargetFile(path: path, replaces: replaces)
    self.services = services
  }

  /// Replays the log and writes the file.
  ///
  /// The report and its status are those of the replay: a state that diverges from its record is exported, and said to.
  ///
  /// - Throws: `.precondition`, `.log`, `.output`; no file is left then.
  public func run() async throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: options.source.path) }
    return try await options.fitted(services).withRereadableLog(services) { (options) throws(ReplayFailure) in
      try prepare(options)
      return try await export(options)
    }
  }

  /// Checks that there is room for what the entries of the log will give.
  private func prepare(_ options: ReplayOptions) throws(ReplayFailure) {
    let statistics = try options.statistics(services)
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.folder.check(expectedBytes: statistics.exportBytesEstimate)
    }
  }

  private func export(_ options: ReplayOptions) async throws(ReplayFailure) -> Report {
    guard let parallelism = options.parallelism else { preconditionFailure("an export is run by the parallel engine") }
    var clock = StepClock()
    var output = try temporaryFile("eqm-replay-export")
    let events = EventSpool(try temporaryFile("eqm-replay-events"))
    let replay = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await self.replay(options, parallelism, events)
    }
    do throws(FileError) {
      try StateLines.write(nodes: replay.nodes, objects: replay.sortedObjects, to: &output)
      try events.copy(to: &output)
      guard try output.publish(as: target.name, replaces: target.replaces) else {
        throw FileError(.publish, target.path, errno: FileError.exists)
      }
    } catch {
      throw ReplayFailure(output: error)
    }
    let run = ReplayRun(
      result: replay.result, extent: replay.extent, workers: parallelism.workers,
      partitions: parallelism.partitions, timings: replay.timings)
    return options.report(run, .init(), clock, remarks: ["", "exported to    \(target.path)"])
  }

  private func replay(
    _ options: ReplayOptions, _ parallelism: Parallelism, _ events: EventSpool
  ) async throws(ReplayFailure) -> ParallelReplay {
    var parallel = options.parallel(parallelism, services)
    parallel.events = .lines
    parallel.keepsMetadata = true
    let reading = options.reading(services, step: .replay)
    return try await ReplayFailure.replaying { [parallel] () throws(PipelineError) in
      try await ReplayPipeline.replay(options.source, parallel, reading: reading) {
        (batch, _) throws(PipelineError) in
        do {
          try events.write(batch.eventLines)
        } catch {
          throw .output(error)
        }
      }
    }
  }

  private func temporaryFile(_ prefix: String) throws(ReplayFailure) -> TemporaryFile {
    do {
      return try TemporaryFile(in: target.folder.path, prefix: prefix)
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}

/// Where event lines wait until the state is known: they come last in an export.
private final class EventSpool: Sendable {
  private let file: Mutex<TemporaryFile>

  init(_ file: consuming TemporaryFile) { self.file = Mutex(file) }

  func write(_ lines: [UInt8]) throws(FileError) {
    try file.withLock { (file) throws(FileError) in try file.write(lines) }
  }

  func copy(to output: inout TemporaryFile) throws(FileError) {
    try file.withLock { (file) throws(FileError) in try file.copy(to: &output) }
  }
}
