internal import Glibc
package import SystemFiles

/// The mirror of a state in PostgreSQL: files that load it, and its comparison with a snapshot.
package enum PostgresMirror {
  /// The schema of the tables where nobody names one.
  package static let schemaUsual = "eqm_replay"
}

/// The folder that an export to PostgreSQL is to be written to.
package struct MirrorTarget: Sendable {
  package let folder: TargetFolder
  /// Whether an export that is there may be replaced.
  package let replaces: Bool

  package init(path: String, replaces: Bool) {
    folder = TargetFolder(path: path)
    self.replaces = replaces
  }

  /// Checks, before any work, that the folder can be made or is empty, or is to be replaced.
  ///
  /// - Parameters:
  ///   - log: what is exported, which must not be replaced.
  ///   - expectedBytes: about how large the export will be.
  /// - Throws: `.notWritable`, `.notEmpty`, `.notAMirror`, `.isTheLog`, `.noRoom`.
  package func check(log: String?, expectedBytes: UInt64 = 0) throws(TargetFault) {
    try folder.checkCreatable()
    var status = stat()
    guard stat(folder.path, &status) == 0 else { return try folder.checkParent(expectedBytes: expectedBytes) }
    // Whoever is in it would be left in a folder that is gone.
    if folder.isSameFolder(as: TargetFolder(path: ".")) {
      throw .notWritable(FileError(.publish, folder.path, errno: EBUSY))
    }
    if let log, folder.contains(log) { throw .isTheLog(path: folder.path) }
    if !folder.isEmpty {
      guard replaces else { throw .notEmpty(path: folder.path) }
      // All of the folder goes: nobody's own files may be in it.
      let names = FolderContents.names(in: folder.path)
      guard names.contains(MirrorScripts.loadName), names.allSatisfy(MirrorScripts.names.contains) else {
        throw .notAMirror(path: folder.path)
      }
    }
    try StagedFolder.parent(of: folder).check(expectedBytes: expectedBytes)
  }
}
