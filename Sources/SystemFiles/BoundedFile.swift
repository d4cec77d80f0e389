internal import Glibc

/// A small file, read whole.
package enum BoundedFile {
  package enum Fault: Error, Equatable, CustomStringConvertible {
    case cannotRead(path: String, SystemError)
    case tooLarge(path: String, bytesMax: Int)

    package var description: String {
      switch self {
      case .cannotRead(let path, let error): "cannot read \(path): \(error)"
      case .tooLarge(let path, let bytesMax): "\(path) is larger than \(bytesMax) bytes: not what it is taken for"
      }
    }
  }

  /// Returns the bytes of a file or pipe that has at most `bytesMax`.
  ///
  /// - Throws: ``Fault``.
  package static func read(_ path: String, bytesMax: Int) throws(Fault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, SystemError(errno)) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      var received = 0
      let block = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        // The kernel writes at most `buffer.count` bytes, all inside the buffer.
        received = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        count = max(received, 0)
      }
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { throw .cannotRead(path: path, SystemError(errno)) }
      guard received > 0 else { return bytes }
      bytes += block
      guard bytes.count <= bytesMax else { throw .tooLarge(path: path, bytesMax: bytesMax) }
    }
  }

  /// The first `count` bytes of a regular file; fewer where it has no more, none where it cannot be read.
  package static func prefix(of path: String, count: Int) -> [UInt8] {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, received in
      // The kernel writes at most `buffer.count` bytes, all inside the buffer.
      received = max(0, pread(descriptor, buffer.baseAddress, buffer.count, 0))
    }
  }
}
