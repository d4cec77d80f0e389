internal import LogReading
internal import PostgresMirror
internal import ReplayEvidence
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
    switch format {
    case .jsonl: try await LinesExport(options: options, target: target, services: services).run()
    case .sqlite: try await SnapshotExport(options: options, target: target, services: services).run()
    case .postgres: try await PostgresExport(options, to: mirror, services: services).run()
    }
  }
}

/// `export --to jsonl`: a file of lines.
private struct LinesExport {
  let options: ReplayOptions
  let target: TargetFile
  let services: Services

  func run() async throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: options.source.path) }
    return try await options.withState(in: target.folder, services) { (state) throws(ReplayFailure) in
      try write(state.snapshot)
      let remarks = ["", ResultText.row("exported to", target.path)]
      if let replay = state.replay {
        return replay.options.report(replay.run, .init(), replay.clock, remarks: remarks)
      }
      var json = state.snapshot.json(schema: Export.schema)
      json.add("output", .text(target.path))
      return Report(status: .done, json: .object(json), text: state.snapshot.lines + remarks)
    }
  }

  private func write(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) {
    do {
      let file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-export")
      var lines = try StateLines(to: file).write(snapshot)
      try lines.publish(to: target)
    } catch let error as FileError {
      throw ReplayFailure(output: error)
    } catch let error as ReplayFailure {
      throw error
    } catch {
      preconditionFailure("writing lines throws nothing else: \(error)")
    }
  }
}

extension Export {
  /// Of what is said of a snapshot that was exported.
  static let schema = "eqm-replay/export/1"
}
