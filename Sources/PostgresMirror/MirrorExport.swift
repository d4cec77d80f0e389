package import StateSnapshot
internal import StorageProtocol
package import SystemFiles

/// Why an export ended.
package enum MirrorExportFault: Error, Sendable {
  case snapshot(SnapshotFault)
  case file(FileError)
  case interrupted
}

/// Writes a snapshot as a folder of files that psql loads: the same bytes for the same state.
package struct MirrorExport: Sendable {
  /// Rows between two questions whether to go on.
  private static let rowsPerQuestion: UInt64 = 4096

  private let folder: StagedFolder
  private let target: MirrorTarget
  private let isInterrupted: @Sendable () -> Bool

  /// - Throws: ``FileError``.
  package init(to target: MirrorTarget, isInterrupted: @escaping @Sendable () -> Bool) throws(FileError) {
    self.target = target
    self.isInterrupted = isInterrupted
    folder = try StagedFolder(for: target.folder)
  }

  /// The folder in which the export will be.
  package var surroundings: TargetFolder { folder.parent }

  /// Writes all files and gives the folder its name.
  ///
  /// - Returns: what every table has, in the order in which they are loaded.
  /// - Throws: ``MirrorExportFault``; no folder is left then.
  package func write(_ snapshot: VerifiedSnapshot) throws(MirrorExportFault) -> [MirroredTable] {
    var checks: [MirrorCheck] = []
    for table in SnapshotTable.allCases {
      checks.append(MirrorCheck(table: table, expected: try write(table, of: snapshot)))
    }
    let scripts = MirrorScripts(stateRoot: snapshot.commitment.roots.state.hexadecimal, checks: checks)
    do {
      try write(scripts.schema, as: MirrorScripts.schemaName)
      try write(scripts.verify, as: MirrorScripts.verifyName)
      try write(scripts.load, as: MirrorScripts.loadName)
      try folder.publish(replaces: target.replaces)
    } catch {
      throw .file(error)
    }
    return checks.map(\.expected)
  }

  private func write(_ table: SnapshotTable, of snapshot: VerifiedSnapshot) throws(MirrorExportFault) -> MirroredTable {
    var digest = MirrorDigest()
    do {
      var rows = try MirrorRows(table, of: snapshot)
      var file = try TemporaryFile(in: folder.path, prefix: table.rawValue)
      while try rows.next() {
        digest.add(rows.line)
        try file.write(rows.line)
        try file.write([UInt8(ascii: "\n")])
        if digest.rowCount.isMultiple(of: MirrorExport.rowsPerQuestion), isInterrupted() {
          throw MirrorExportFault.interrupted
        }
      }
      _ = try file.publish(as: MirrorScripts.rowsName(table), replaces: false)
    } catch let fault as SnapshotFault {
      throw .snapshot(fault)
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .interrupted
    }
    return MirroredTable(name: table.rawValue, rowCount: digest.rowCount, digest: digest.value)
  }

  private func write(_ script: String, as name: String) throws(FileError) {
    var file = try TemporaryFile(in: folder.path, prefix: name)
    try file.write(Array(script.utf8))
    _ = try file.publish(as: name, replaces: false)
  }
}
