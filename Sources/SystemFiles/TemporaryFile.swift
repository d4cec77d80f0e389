internal import Glibc

/// A file under a temporary name, which disappears with this value unless it was published.
///
/// A reader of the final name sees the whole file or none: bytes are on disk before the name is (`fsync`, then `link`
/// or `rename`, then `fsync` of the folder).
package struct TemporaryFile: ~Copyable {
  private static let bufferBytes = 1 << 18

  private let folder: String
  package let path: String
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Creates an empty file in `folder` that only this user can open.
  ///
  /// - Throws: ``FileError``.
  package init(in folder: String, prefix: String) throws(FileError) {
    var template = Array("\(folder)/.\(prefix)-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.folder = folder
    guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw FileError(.create, folder) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(path)
  }

  /// Appends bytes; small pieces are gathered.
  ///
  /// - Throws: ``FileError``.
  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    buffer += bytes
    if buffer.count >= TemporaryFile.bufferBytes { try flush() }
  }

  /// Hands all gathered bytes to the operating system.
  package mutating func flush() throws(FileError) {
    var start = 0
    while start < buffer.count {
      let written = buffer.withUnsafeBytes { bytes in
        // From `start` there are `bytes.count - start` bytes.
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileError(.write, path) }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Appends everything that was written to this file to `other`.
  package mutating func copy(to other: inout TemporaryFile) throws(FileError) {
    try flush()
    var offset: off_t = 0
    while true {
      let position = offset
      var received = 0
      let block = [UInt8](unsafeUninitializedCapacity: TemporaryFile.bufferBytes) { bytes, count in
        // The kernel writes at most `bytes.count` bytes, all inside the buffer.
        received = pread(descriptor, bytes.baseAddress, bytes.count, position)
        count = max(received, 0)
      }
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { throw FileError(.read, path) }
      if block.isEmpty { return }
      try other.write(block)
      offset += off_t(block.count)
    }
  }

  /// Gives the complete file the name `name`.
  ///
  /// - Parameters:
  ///   - replaces: whether a file of that name may be replaced.
  ///   - mode: who may do what with it; everybody may read it if not given.
  /// - Returns: false if a file of that name exists and must stay; the file is still unpublished then.
  /// - Throws: ``FileError``.
  package mutating func publish(
    as name: String, replaces: Bool, mode: UInt32 = 0o644
  ) throws(FileError) -> Bool {
    try flush()
    let target = "\(folder)/\(name)"
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else { throw FileError(.write, path) }
    if replaces {
      guard rename(path, target) == 0 else { throw FileError(.publish, target) }
    } else if try !TemporaryFile.claim(target, for: path) {
      return false
    }
    try FolderContents.synchronise(folder)
    return true
  }

  /// Gives the file at `path` the name `target` unless that is taken.
  private static func claim(_ target: String, for path: String) throws(FileError) -> Bool {
    if link(path, target) == 0 { return true }
    if errno == EEXIST { return false }
    // A file system without hard links: take the name first, then put the whole file in its place.
    let claimed = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard claimed >= 0 else {
      if errno == EEXIST { return false }
      throw FileError(.publish, target)
    }
    close(claimed)
    guard rename(path, target) == 0 else {
      let failure = FileError(.publish, target)
      unlink(target)
      throw failure
    }
    return true
  }
}
