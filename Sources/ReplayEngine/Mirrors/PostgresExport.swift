internal import LogReading
internal import PostgresMirror
internal import ReplayEvidence
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// `export --to postgres`: a folder of files that psql loads.
struct PostgresExport {
  private let options: ReplayOptions
  private let target: MirrorTarget
  private let services: Services

  init(_ options: ReplayOptions, to target: MirrorTarget, services: Services) {
    self.options = options
    self.target = target
    self.services = services
  }

  /// - Throws: `.precondition`, `.log`, `.snapshot`, `.input`, `.output`; no folder is left then.
  func run() async throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: options.source.path, expectedBytes: options.source.storedBytes ?? 0)
    }
    let export: MirrorExport
    do {
      export = try MirrorExport(to: target, isInterrupted: services.isInterrupted)
    } catch {
      throw ReplayFailure(output: error)
    }
    return try await options.withState(in: export.surroundings, services) { (state) throws(ReplayFailure) in
      let tables = try PostgresExport.write(state.snapshot, by: export)
      return report(state, tables)
    }
  }

  private static func write(
    _ snapshot: VerifiedSnapshot, by export: MirrorExport
  ) throws(ReplayFailure) -> [MirroredTable] {
    do {
      return try export.write(snapshot)
    } catch {
      switch error {
      case .snapshot(let fault): throw ReplayFailure(reading: fault)
      case .file(let error): throw ReplayFailure(output: error)
      case .interrupted: throw ReplayFailure(LogError(.interrupted))
      }
    }
  }

  private func report(_ state: SourcedState, _ tables: [MirroredTable]) -> Report {
    let rowCount = tables.reduce(0) { $0 + $1.rowCount }
    let mirror = JSONValue.members([
      "path": .text(target.folder.path), "rows": .integer(rowCount),
      "tables": .array(
        tables.map {
          .members(["table": .text($0.name), "rows": .integer($0.rowCount), "sha256": .hexadecimal($0.digest)])
        }),
    ])
    let remarks = ["", ResultText.row("exported to", "\(target.folder.path): \(rowCount) rows, for psql -f load.sql")]
    if let replay = state.replay {
      return replay.options.report(
        replay.run, .init(), replay.clock, members: ["mirror": mirror], remarks: remarks)
    }
    var json = state.snapshot.json(schema: Export.schema)
    json.add("output", .text(target.folder.path))
    json.add("mirror", mirror)
    return Report(status: .done, json: .object(json), text: state.snapshot.lines + remarks)
  }
}
