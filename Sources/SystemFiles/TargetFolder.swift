internal import Glibc

/// Why results cannot be written to a target; found before any work.
package enum TargetFault: Error, Equatable, CustomStringConvertible {
  case notWritable(FileError)
  case noRoom(folder: String, freeBytes: UInt64, neededBytes: UInt64)
  case exists(path: String)
  case notEmpty(path: String)
  case notAnArchive(path: String)
  case notARestore(path: String)
  case notAMirror(path: String)
  case notAFile(path: String)
  case isTheLog(path: String)
  case otherRestore(path: String)
  case inUse(path: String)

  package var description: String {
    switch self {
    case .notWritable(let error): "the target is not writable: \(error)"
    case .noRoom(let folder, let freeBytes, let neededBytes):
      "not enough room in \(folder): \(freeBytes) bytes are free, \(neededBytes) are needed"
    case .exists(let path): "\(path) exists: choose another name, or replace it with --force"
    case .notAnArchive(let path): "\(path) holds something that is no archive: --force replaces archives only"
    case .notAMirror(let path):
      "\(path) holds something that is no export to PostgreSQL: --force replaces such exports only"
    case .notARestore(let path): "\(path) holds something that no restore made: --force replaces restores only"
    case .notEmpty(let path): "\(path) is not empty: choose another folder, or replace what it has with --force"
    case .notAFile(let path): "\(path) is not a file that a result could replace"
    case .otherRestore(let path):
      "\(path) was begun as the restore of another log, or with other options: choose another folder, or replace it with --force"
    case .inUse(let path): "\(path) is in use: another restore is writing there"
    case .isTheLog(let path): "\(path) is the log, a part of it, or has it inside: choose another name"
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
    var prefix: [UInt8] = []
    for part in path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      prefix += part
      let folder = String(decoding: prefix, as: UTF8.self)
      if !prefix.isEmpty, mkdir(folder, 0o755) != 0, !TargetFolder.isFolder(folder) {
        throw .notWritable(FileError(.create, folder))
      }
      prefix.append(UInt8(ascii: "/"))
    }
  }

  /// Checks that the folder is there or could be created, without creating it.
  ///
  /// - Throws: `.notWritable`.
  package func checkCreatable() throws(TargetFault) {
    var existing = path
    var status = stat()
    while stat(existing, &status) != 0 {
      guard errno == ENOENT else { throw .notWritable(FileError(.create, existing)) }
      existing = TargetFolder.parent(of: existing)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .notWritable(FileError(.create, existing, errno: ENOTDIR)) }
    guard access(existing, W_OK) == 0 else { throw .notWritable(FileError(.create, existing)) }
  }

  /// Whether nothing is in the folder.
  package var isEmpty: Bool { FolderContents.names(in: path).isEmpty }

  /// Whether something of this name is in the folder.
  package func holds(_ name: String) -> Bool {
    var status = stat()
    return lstat("\(path)/\(name)", &status) == 0
  }

  /// Whether a path lies in the folder, or is the folder.
  package func contains(_ other: String) -> Bool {
    guard let inner = TargetFolder.real(other), let outer = TargetFolder.real(path) else { return false }
    return inner == outer || inner.hasPrefix(outer + "/")
  }

  /// Whether both are one folder, or would be where they are made.
  package func isSameFolder(as other: TargetFolder) -> Bool {
    TargetFolder.resolved(path) == TargetFolder.resolved(other.path)
  }

  /// The path with what is there of it resolved, and the names of what is not behind that.
  private static func resolved(_ path: String) -> [String] {
    var existing = path
    var missing: [String] = []
    while real(existing) == nil, existing != "." {
      let name = String(existing[(existing.lastIndex(of: "/").map(existing.index(after:)) ?? existing.startIndex)...])
      if !name.isEmpty, name != "." { missing.append(name) }
      existing = parent(of: existing)
    }
    return [real(existing) ?? existing] + missing.reversed()
  }

  /// Whether two paths are there and lead to the same.
  static func areSame(_ first: String, _ second: String) -> Bool {
    var (left, right) = (stat(), stat())
    return stat(first, &left) == 0 && stat(second, &right) == 0 && left.st_ino == right.st_ino
      && left.st_dev == right.st_dev
  }

  private static func real(_ path: String) -> String? {
    guard let name = realpath(path, nil) else { return nil }
    defer { free(name) }
    return String(cString: name)
  }

  /// ``check(expectedBytes:)`` of the folder in which this one would be made.
  package func checkParent(expectedBytes: UInt64) throws(TargetFault) {
    var parent = path
    var status = stat()
    while stat(parent, &status) != 0 { parent = TargetFolder.parent(of: parent) }
    try TargetFolder(path: parent).check(expectedBytes: expectedBytes)
  }

  private static func parent(of path: String) -> String {
    let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
    return parent.isEmpty ? "/" : parent
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
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? .max : bytes
  }

  /// Checks that a file of the name `name` can be put here.
  ///
  /// - Parameters:
  ///   - replaces: whether it may replace a file.
  ///   - log: a file that must not be replaced.
  /// - Throws: `.exists`, `.notAFile`, `.isTheLog`.
  package func checkName(_ name: String, replaces: Bool, log: String?) throws(TargetFault) {
    let target = "\(path)/\(name)"
    var status = stat()
    // An archive is a folder: nothing is put into it.
    if let log, TargetFolder.isFolder(log), TargetFolder(path: log).contains(path) { throw .isTheLog(path: target) }
    guard !name.isEmpty, name != ".", name != ".." else { throw .notAFile(path: target) }
    guard lstat(target, &status) == 0 else { return }
    guard replaces else { throw .exists(path: target) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: target) }
    if let log, TargetFolder.areSame(log, target) { throw .isTheLog(path: target) }
  }
}
