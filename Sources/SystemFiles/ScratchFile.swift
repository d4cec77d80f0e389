internal import Glibc

/// A file without a name, for what memory has no room for: gone when the process ends, however it ends.
package final class ScratchFile: Sendable {
  private let folder: String
  private let descriptor: Int32

  /// - Throws: ``FileError``.
  package init(in folder: String) throws(FileError) {
    self.folder = folder
    descriptor = ScratchFile.open(in: folder)
    guard descriptor >= 0 else { throw FileError(.create, folder) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// A new file that never had a name; where the file system cannot make one, a file that had it for a moment. Negative where
  /// there is neither.
  private static func open(in folder: String) -> Int32 {
    // O_TMPFILE, which Swift does not import.
    let descriptor = Glibc.open(folder, O_DIRECTORY | 0o20_000_000 | O_RDWR | O_CLOEXEC, 0o600)
    if descriptor >= 0 { return descriptor }
    var template = Array("\(folder)/.eqm-replay-scratch-XXXXXX".utf8CString)
    let named = mkstemp(&template)
    guard named >= 0 else { return named }
    unlink(template)
    _ = fcntl(named, F_SETFD, FD_CLOEXEC)
    return named
  }

  /// What reading back other bytes than were written is reported as.
  package var damage: FileError { FileError(.read, folder, errno: EIO) }

  /// - Throws: ``FileError``.
  package func write(_ bytes: [UInt8], at offset: UInt64) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try write(UnsafeRawBufferPointer(bytes), at: offset)
    }
  }

  /// - Throws: ``FileError``.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FileError) {
    var start = 0
    while start < bytes.count {
      // From `start` on there are `bytes.count - start` bytes.
      let written = pwrite(
        descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start, off_t(offset) + off_t(start))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileError(.write, folder) }
      start += written
    }
  }

  /// Fills `buffer`.
  ///
  /// - Throws: ``FileError``; where the file ends before the buffer is full, that it cannot be read.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) {
    var start = 0
    while start < buffer.count {
      // The kernel writes at most `buffer.count - start` bytes, all inside the buffer.
      let received = pread(
        descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start, off_t(offset) + off_t(start))
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { throw FileError(.read, folder) }
      guard received > 0 else { throw damage }
      start += received
    }
  }
}
