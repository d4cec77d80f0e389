internal import Glibc

/// Files that appear whole, many at a time: written beside each other in a staging folder, then moved to where they belong.
package enum PlacedFile {
  private static let blockBytes = 1 << 18

  /// Writes bytes to a new file, reads them back and compares, and gives the file its name, in the place of any other.
  ///
  /// The bytes are on disk before the name is; ``FolderContents/synchronise(_:)`` makes the name last.
  ///
  /// - Parameters:
  ///   - staging: a folder of the same file system.
  ///   - path: whose folder is there.
  /// - Throws: ``FileError``; nothing is left in the staging folder then.
  package static func place(
    _ bytes: UnsafeRawBufferPointer, staging: String, at path: String
  ) throws(FileError) {
    var template = Array("\(staging)/XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError(.create, staging) }
    defer { close(descriptor) }
    do throws(FileError) {
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      try write(bytes, to: descriptor, path)
      guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else { throw FileError(.write, path) }
      try compare(bytes, with: descriptor, path)
      guard rename(template, path) == 0 else { throw FileError(.publish, path) }
    } catch {
      unlink(template)
      throw error
    }
  }

  private static func write(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var start = 0
    while start < bytes.count {
      // From `start` there are `bytes.count - start` bytes.
      let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw FileError(.write, path) }
      start += written
    }
  }

  private static func compare(
    _ bytes: UnsafeRawBufferPointer, with descriptor: Int32, _ path: String
  ) throws(FileError) {
    try withBlock { (block) throws(FileError) in
      var start = 0
      while true {
        // The kernel writes at most `block.count` bytes, all inside the block.
        let received = pread(descriptor, block.baseAddress, block.count, off_t(start))
        if received < 0, errno == EINTR { continue }
        guard received >= 0 else { throw FileError(.read, path) }
        guard received > 0 else { break }
        guard start + received <= bytes.count, let written = bytes.baseAddress, let found = block.baseAddress,
          // Both have `received` bytes from there.
          memcmp(written + start, found, received) == 0
        else { throw FileError(.read, path, errno: EIO) }
        start += received
      }
      guard start == bytes.count else { throw FileError(.read, path, errno: EIO) }
    }
  }

  private static func withBlock(
    _ body: (UnsafeMutableRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
    defer { block.deallocate() }
    try body(block)
  }
}
