internal import GoldenRun
internal import LogReading
internal import PostgresMirror
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// What a state can be exported to.
enum ExportFormat: String, CaseIterable, Sendable {
  /// Lines of JSON (cli.md): nodes by id bytes; objects by id bytes, then version; shards by object, then index; events in log
  /// order.
  case jsonl
  /// A snapshot (Snapshots.md).
  case sqlite
  /// A folder of files that psql loads (PostgreSQL.md).
  case postgres
}

/// The verb `export`: the state and the event log, out of a log or a snapshot, to a file.
///
/// What a log gives becomes a snapshot first; everything else is written from its rows.
public struct Export: Sendable {
  private let options: ReplayOptions
  private let format: ExportFormat
  private let target: TargetFile
  private let mirror: MirrorTarget
  private let services: Services

  /// - Parameters:
  ///   - format: the name of one.
  ///   - replaces: whether a file at `path` may be replaced.
  /// - Throws: `.usage`.
  public init(
    _ options: ReplayOptions, to format: String, path: String, replaces: Bool, services: Services
  ) throws(ReplayFailure) {
    guard let known = ExportFormat(rawValue: format) else {
      let names = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw ReplayOptions.usage("--to is one of \(names), not \(format)")
    }
    self.options = options
    self.format = known
    target = TargetFile(path: path, replaces: replaces)
    mirror = MirrorTarget(path: path, replaces: replaces)
    self.services = services
  }

  /// Writes the file, or the folder.
  ///
  /// The report of a log and its status are those of the replay: a state that diverges from its record is exported, and said
  /// to.
  ///
  /// - Throws: `.precondition`, `.log`, `.snapshot`, `.input`, `.output`; no file is left then.
  public func run() async throws(ReplayFailure) -> Report {
    if format == .postgres { return try await PostgresExport(options, to: mirror, services: services).run() }
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: options.source.path) }
    if let path = SnapshotInput.path(of: options.source) {
      let snapshot = try SnapshotInput.verified(path)
      let written = try write(snapshot)
      return report(snapshot, written)
    }
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
    var clock = StepClock()
    let state = try StateOutput(target)
    let run = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await options.replayed(services, comparing: nil, state: state)
    }
    if format == .sqlite {
      try state.publish()
    } else {
      _ = try write(SnapshotInput.verified(state.path))
    }
    return options.report(
      run, .init(), clock, state: format == .sqlite ? target.path : nil,
      remarks: ["", ResultText.row("exported to", target.path)])
  }

  /// Writes the state that a snapshot holds.
  ///
  /// - Returns: what was written, if it is a snapshot again.
  private func write(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) -> WrittenSnapshot? {
    switch format {
    case .jsonl:
      do {
        let file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-export")
        var lines = try StateLines(to: file).write(snapshot)
        guard try lines.publish(as: target.name, replaces: target.replaces) else {
          throw FileError(.publish, target.path, errno: FileError.exists)
        }
      } catch let error as FileError {
        throw ReplayFailure(output: error)
      } catch let error as ReplayFailure {
        throw error
      } catch {
        preconditionFailure("writing lines throws nothing else: \(error)")
      }
      return nil
    case .sqlite:
      let state = try StateOutput(target)
      let written = try state.finish(snapshot)
      try state.publish()
      return written
    case .postgres: preconditionFailure("a folder has an export of its own")
    }
  }

  private func report(_ snapshot: VerifiedSnapshot, _ written: WrittenSnapshot?) -> Report {
    var json = snapshot.json(schema: "eqm-replay/export/1")
    json.add("output", .text(target.path))
    json.add("snapshot", written?.json(path: target.path) ?? .null)
    return Report(
      status: .done, json: .object(json),
      text: snapshot.lines + (written?.lines(path: target.path) ?? []) + [
        "", ResultText.row("exported to", target.path),
      ])
  }
}
