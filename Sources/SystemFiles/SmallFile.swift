internal import Glibc

/// Files that are read whole: keys, proofs.
package enum SmallFile {
  /// Returns the first bytes of a file, all if it has no more than `bytesMax`, else one more than that.
  ///
  /// - Throws: ``FileError``.
  package static func read(_ path: String, atMost bytesMax: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while bytes.count <= bytesMax {
      var received = 0
      let block = [UInt8](unsafeUninitializedCapacity: min(1 << 16, bytesMax + 1 - bytes.count)) { block, count in
        // The kernel writes at most `block.count` bytes, all inside the block.
        received = Glibc.read(descriptor, block.baseAddress, block.count)
        count = max(received, 0)
      }
      if received < 0, errno == EINTR { continue }
      guard received >= 0 else { throw FileError(.open, path) }
      if block.isEmpty { break }
      bytes += block
    }
    return bytes
  }
}
