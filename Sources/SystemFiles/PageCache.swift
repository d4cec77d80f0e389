internal import Glibc

/// The operating system's memory of files.
package enum PageCache {
  private static let blockBytes = 1 << 20

  /// Reads a file, or all files of a folder and of those in it, from end to end, so that the next reader finds them in memory.
  ///
  /// - Returns: how many bytes that was.
  /// - Throws: ``BoundedFile/Fault``, `.cannotRead`.
  @discardableResult
  package static func fill(from path: String) throws(BoundedFile.Fault) -> UInt64 {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .cannotRead(path: path, SystemError(errno)) }
    guard status.st_mode & S_IFMT == S_IFDIR else { return try fill(fromFile: path) }
    var byteCount: UInt64 = 0
    for name in FolderContents.names(in: path).sorted() { byteCount += try fill(from: "\(path)/\(name)") }
    return byteCount
  }

  private static func fill(fromFile path: String) throws(BoundedFile.Fault) -> UInt64 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, SystemError(errno)) }
    defer { close(descriptor) }
    var block = [UInt8](repeating: 0, count: blockBytes)
    var byteCount: UInt64 = 0
    while true {
      // The kernel writes at most `block.count` bytes, all inside the block.
      let received = read(descriptor, &block, block.count)
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { throw .cannotRead(path: path, SystemError(errno)) }
      guard received > 0 else { return byteCount }
      byteCount += UInt64(received)
    }
  }
}
