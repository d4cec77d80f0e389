internal import Glibc
internal import StorageProtocol
internal import SystemFiles

/// A file or standard input, read once from front to back, and the SHA-256 of what was read.
final class StoredFile {
  /// Bytes handed out a call: large enough that calls cost nothing, small enough to stay in cache.
  private static let blockBytes = 256 * 1024

  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let options: LogReadingOptions
  private var hasher = SHA256Hasher()
  private(set) var bytesRead: UInt64 = 0

  /// - Throws: `.cannotOpen`, `.isFolder`.
  init(_ source: LogSource, options: LogReadingOptions) throws(LogError) {
    self.options = options
    ownsDescriptor = source.path != nil
    descriptor = source.path.map { open($0, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
    guard descriptor >= 0 else { throw LogError(.cannotOpen(SystemError(errno))) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw LogError(.isFolder) }
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  /// Returns the next bytes; none at the end.
  ///
  /// - Throws: `.cannotRead`, `.interrupted`.
  func read() throws(LogError) -> [UInt8] {
    options.onProgress(bytesRead)
    var failure: Int32 = 0
    while true {
      if options.isInterrupted() { throw LogError(.interrupted) }
      let block = [UInt8](unsafeUninitializedCapacity: StoredFile.blockBytes) { buffer, count in
        // The kernel writes at most `buffer.count` bytes, all inside the buffer.
        let received = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        failure = received < 0 ? errno : 0
        count = max(received, 0)
      }
      if failure == EINTR { continue }
      guard failure == 0 else { throw LogError(.cannotRead(SystemError(failure)), storedOffset: bytesRead) }
      hasher.update(block)
      bytesRead += UInt64(block.count)
      return block
    }
  }

  /// The SHA-256 of everything read so far.
  var digest: Digest { hasher.finalize() }
}
