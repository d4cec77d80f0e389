internal import Glibc
internal import StorageProtocol
package import SystemFiles

/// The folder that contents are given back to.
///
/// What it is a restore of stands in `restore.json`, which is there first; `manifest.jsonl` comes last, when everything is there
/// that it names.
package struct RestoreTarget: Sendable {
  package static let identityName = "restore.json"
  /// Of the document that says what a folder is a restore of.
  package static let schema = "eqm-replay/restore-target/1"
  package static let manifestName = "manifest.jsonl"
  private static let stagingName = ".partial"
  private static let identityBytesMax = 1 << 20

  package let folder: TargetFolder
  /// Whether a restore of something else that is there may be removed.
  package let replaces: Bool

  package init(path: String, replaces: Bool) {
    folder = TargetFolder(path: path)
    self.replaces = replaces
  }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }
  private var staging: String { path(RestoreTarget.stagingName) }

  // MARK: Before any work

  /// Checks that the folder can be made or is empty, or is a restore.
  ///
  /// - Parameter log: which must not be written into, nor over.
  /// - Throws: `.notWritable`, `.notEmpty`, `.isTheLog`, `.noRoom`.
  package func check(log: String?) throws(TargetFault) {
    try folder.checkCreatable()
    if let log, isInside(log) || folder.contains(log) { throw .isTheLog(path: folder.path) }
    guard isThere else { return try folder.checkParent(expectedBytes: 0) }
    guard isRestore || isEmpty else { throw .notEmpty(path: folder.path) }
    try folder.check(expectedBytes: 0)
  }

  private var isThere: Bool {
    var status = stat()
    return stat(folder.path, &status) == 0
  }

  /// Whether the folder is, or would be, part of an archive.
  private func isInside(_ log: String) -> Bool {
    var existing = folder.path
    var status = stat()
    while stat(existing, &status) != 0 {
      guard let slash = existing.lastIndex(of: "/") else { return TargetFolder(path: log).contains(".") }
      existing = slash == existing.startIndex ? "/" : String(existing[..<slash])
    }
    return TargetFolder(path: log).contains(existing)
  }

  /// Whether there is a restore, finished or not.
  private var isRestore: Bool {
    // What the document begins with as it is written; JSON of somebody else does not.
    let mark = Array("{\n  \"schema\": \"\(RestoreTarget.schema)\"".utf8)
    return BoundedFile.prefix(of: path(RestoreTarget.identityName), count: mark.count) == mark
  }

  /// Whether nothing is there but what restores make.
  private var holdsRestoreOnly: Bool {
    let folders = ["objects", "shards"]
    let files = [RestoreTarget.identityName, RestoreTarget.manifestName]
    return FolderContents.names(in: folder.path).allSatisfy { name in
      guard folders.contains(name) else { return files.contains(name) || RestoreTarget.isLeftOver(name) }
      return FolderContents.names(in: path(name)).allSatisfy { part in
        RestoreTarget.isHexadecimal(part, count: 2)
          && FolderContents.names(in: path("\(name)/\(part)")).allSatisfy {
            RestoreTarget.isHexadecimal($0, count: 2 * Digest.byteCount)
          }
      }
    }
  }

  private static func isHexadecimal(_ name: String, count: Int) -> Bool {
    name.utf8.count == count && name.utf8.allSatisfy { Hexadecimal.value(ofLowercase: $0) != nil }
  }

  /// Whether there is nothing but what a restore left that was killed before it began.
  private var isEmpty: Bool { FolderContents.names(in: folder.path).allSatisfy(RestoreTarget.isLeftOver) }

  /// Whether a file has one of the names that it has before its final one.
  private static func isLeftOver(_ name: String) -> Bool {
    name == stagingName || name.hasPrefix(".eqm-replay-")
  }

  /// Whether something of this restore may be there already.
  ///
  /// - Parameter identity: the document that says what this restore is of.
  /// - Throws: `.otherRestore`; `.notARestore` where somebody's own files would go.
  package func resumes(_ identity: [UInt8]) throws(TargetFault) -> Bool {
    guard isRestore else { return false }
    let found = try? BoundedFile.read(path(RestoreTarget.identityName), bytesMax: RestoreTarget.identityBytesMax)
    if found == identity { return true }
    guard replaces else { throw .otherRestore(path: folder.path) }
    guard holdsRestoreOnly else { throw .notARestore(path: folder.path) }
    return false
  }

  /// Checks that no folder of items is something else: through a symbolic link files elsewhere would be read, and removed.
  ///
  /// - Throws: `.notWritable`.
  package func checkFolders(of items: [RestoreItem]) throws(TargetFault) {
    for name in RestoreTarget.folders(of: items) {
      var status = stat()
      guard lstat(path(name), &status) != 0 || status.st_mode & S_IFMT == S_IFDIR else {
        throw .notWritable(FileError(.create, path(name), errno: ENOTDIR))
      }
    }
  }

  /// Checks that there is room for so many bytes more.
  ///
  /// - Throws: `.noRoom`, `.notWritable`.
  package func checkRoom(for bytes: UInt64) throws(TargetFault) {
    // Twice as much must be free.
    try isThere ? folder.check(expectedBytes: bytes / 2) : folder.checkParent(expectedBytes: bytes / 2)
  }

  // MARK: Writing

  /// Keeps others from writing to a restore that is there; nil where there is none.
  ///
  /// - Throws: `.inUse`, `.notWritable`.
  package func lock() throws(TargetFault) -> FolderLock? {
    isRestore ? try FolderLock(path(RestoreTarget.identityName)) : nil
  }

  /// Makes the folder, or takes it over, and says in it what it is a restore of.
  ///
  /// - Parameter held: the lock of the restore that is gone on with; nil where a new one begins.
  /// - Returns: what keeps others from writing there meanwhile.
  /// - Throws: `.notWritable`, `.notEmpty`, `.inUse`.
  package func open(_ identity: [UInt8], _ held: FolderLock?) throws(TargetFault) -> FolderLock {
    try folder.create()
    if held == nil {
      if isRestore {
        guard holdsRestoreOnly else { throw .notARestore(path: folder.path) }
        removeAll()
      }
      guard isEmpty else { throw .notEmpty(path: folder.path) }
      do throws(FileError) {
        try publish(RestoreTarget.identityName) { (file) throws(FileError) in try file.write(identity) }
      } catch {
        throw .notWritable(error)
      }
    }
    let lock = if let held { held } else { try FolderLock(path(RestoreTarget.identityName)) }
    for name in FolderContents.names(in: folder.path) where RestoreTarget.isLeftOver(name) {
      FolderContents.remove(path(name))
    }
    guard mkdir(staging, 0o700) == 0 else { throw .notWritable(FileError(.create, staging)) }
    return lock
  }

  private func removeAll() {
    for name in [RestoreTarget.manifestName, "objects", "shards", RestoreTarget.identityName] {
      FolderContents.remove(path(name))
    }
  }

  /// Takes the manifest away: what it says is about to change.
  package func removeManifest() { FolderContents.remove(path(RestoreTarget.manifestName)) }

  /// Removes what is in the place of an item.
  package func remove(_ item: RestoreItem) { FolderContents.remove(path(item.path)) }

  /// Makes the folders of items.
  ///
  /// - Throws: ``FileError``, where something else has the name among that.
  package func makeFolders(of items: some Sequence<RestoreItem>) throws(FileError) {
    for name in RestoreTarget.folders(of: items) {
      var status = stat()
      if mkdir(path(name), 0o755) != 0, errno != EEXIST { throw FileError(.create, path(name)) }
      guard lstat(path(name), &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw FileError(.create, path(name), errno: ENOTDIR)
      }
    }
  }

  /// Writes the bytes of an item, whose folder is there.
  ///
  /// - Throws: ``FileError``.
  package func place(_ bytes: UnsafeRawBufferPointer, _ item: RestoreItem) throws(FileError) {
    try PlacedFile.place(bytes, staging: staging, at: path(item.path))
  }

  /// Makes the names of files last, then says what is there.
  ///
  /// - Parameter lostBehind: the last ordinal that the archive has lost, in a salvage; nil for none.
  /// - Throws: ``FileError``.
  package func finish(
    _ items: [RestoreItem], _ outcomes: [RestoreOutcome], lostBehind: UInt64?
  ) throws(FileError) {
    let there = items.indices.lazy.filter { outcomes[$0].isThere }.map { items[$0] }
    for name in RestoreTarget.folders(of: there) { try FolderContents.synchronise(path(name)) }
    FolderContents.remove(staging)
    try publish(RestoreTarget.manifestName) { (file) throws(FileError) in
      try RestoreManifest.write(items, outcomes, lostBehind: lostBehind, to: &file)
    }
  }

  private func publish(
    _ name: String, _ write: (inout TemporaryFile) throws(FileError) -> Void
  ) throws(FileError) {
    var file = try TemporaryFile(in: folder.path, prefix: "eqm-replay-restore")
    try write(&file)
    guard try file.publish(as: name, replaces: true) else { preconditionFailure("it may replace any") }
  }

  /// Folders, those that others are in first.
  private static func folders(of items: some Sequence<RestoreItem>) -> [String] {
    let inner = Set(items.map(\.folder)).sorted()
    let outer = Set(inner.map { String($0.prefix { $0 != "/" }) }).sorted()
    return outer + inner
  }
}

/// Keeps other processes from writing to a folder as long as it lives.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `.inUse`, `.notWritable`.
  fileprivate init(_ path: String) throws(TargetFault) {
    descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .notWritable(FileError(.create, path)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .inUse(path: path)
    }
  }

  deinit { close(descriptor) }
}
