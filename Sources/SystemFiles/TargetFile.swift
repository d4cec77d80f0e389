/// A file that a result will be written to.
package struct TargetFile: Sendable {
  package let folder: TargetFolder
  package let name: String
  /// Whether a file that is there may be replaced.
  package let replaces: Bool

  package init(path: String, replaces: Bool) {
    let slash = path.lastIndex(of: "/")
    name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    folder = TargetFolder(path: slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? ".")
    self.replaces = replaces
  }

  package var path: String { "\(folder.path)/\(name)" }

  /// Whether both are one file, or would be.
  package func isSameFile(as other: TargetFile) -> Bool {
    (name == other.name && folder.isSameFolder(as: other.folder)) || TargetFolder.areSame(path, other.path)
  }

  /// Checks, before any work, that the file can be written and stands in nobody's place.
  ///
  /// - Parameters:
  ///   - log: a file that must not be replaced.
  ///   - expectedBytes: about how large the file will be.
  package func check(log: String?, expectedBytes: UInt64 = 0) throws(TargetFault) {
    try folder.checkName(name, replaces: replaces, log: log)
    try folder.check(expectedBytes: expectedBytes)
  }
}

extension TemporaryFile {
  /// Gives the complete file the name of a target.
  ///
  /// - Throws: ``FileError``, where another file took the name meanwhile among that.
  package mutating func publish(to target: TargetFile) throws(FileError) {
    guard try publish(as: target.name, replaces: target.replaces) else {
      throw FileError(.publish, target.path, errno: FileError.exists)
    }
  }
}
