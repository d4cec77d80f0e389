internal import Glibc

/// Why results cannot be written to a target; found before any work.
package enum TargetFault: Error, Equatable, CustomStringConvertible {
  case notWritable(FileError)
  case noRoom(folder: String, freeBytes: UInt64, neededBytes: UInt64)
  case exists(path: String)

  package var description: String {
    switch self {
    case .notWritable(let error): "the target is not writable: \(error)"
    case .noRoom(let folder, let freeBytes, let neededBytes):
      "not enough room in \(folder): \(freeBytes) bytes are free, \(neededBytes) are needed"
    case .exists(let path): "\(path) exists: choose another name, or replace it with --force"
    }
  }
}

/// A folder that results will be written to.
package struct TargetFolder: Sendable {
  /// Room that must stay beside twice the expected output.
  package static let reserveBytes: UInt64 = 64 << 20

  package let path: String

  package init(path: String) { self.path = path.isEmpty ? "." : path }

  /// Creates the folder and those above it where they are missing.
  ///
  /// - Throws: `.notWritable`.
  package func create() throws(TargetFault) {
    var position = path.startIndex
    while position < path.endIndex {
      let rest = path[path.index(after: position)...]
      position = rest.firstIndex(of: "/") ?? path.endIndex
      let prefix = String(path[..<position])
      if mkdir(prefix, 0o755) != 0, !TargetFolder.isFolder(prefix) {
        throw .notWritable(FileError(.create, prefix))
      }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    let before = errno
    defer { errno = before }
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Checks that files can be made here, by making and removing an empty one, and that there is room for twice
  /// `expectedBytes` and the reserve.
  ///
  /// - Throws: `.notWritable`, `.noRoom`.
  package func check(expectedBytes: UInt64) throws(TargetFault) {
    let freeBytes: UInt64
    do {
      _ = try TemporaryFile(in: path, prefix: "eqm-replay-probe")
      freeBytes = try self.freeBytes()
    } catch {
      throw .notWritable(error)
    }
    let (twice, overflow) = expectedBytes.multipliedReportingOverflow(by: 2)
    let neededBytes = overflow ? UInt64.max : twice.addingReportingOverflow(TargetFolder.reserveBytes).partialValue
    guard freeBytes >= neededBytes else {
      throw .noRoom(folder: path, freeBytes: freeBytes, neededBytes: neededBytes)
    }
  }

  /// Bytes that this user may still write here.
  private func freeBytes() throws(FileError) -> UInt64 {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { throw FileError(.measure, path) }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize)
  }

  /// Checks that nothing has the name `name` here.
  ///
  /// - Throws: `.exists`.
  package func checkAbsent(_ name: String) throws(TargetFault) {
    var status = stat()
    if lstat("\(path)/\(name)", &status) == 0 { throw .exists(path: "\(path)/\(name)") }
  }
}
