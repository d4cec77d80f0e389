internal import Glibc
internal import StorageProtocol
internal import SystemFiles

/// A file or standard input, read once from front to back, and the SHA-256 of what was read.
final class StoredFile {
  /// Bytes handed out a call: large enough that calls cost nothing, small enough to stay in cache.
  static let blockBytes = 256 * 1024

  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let options: LogReadingOptions
  private var hasher: SHA256Hasher?
  private(set) var bytesRead: UInt64 = 0

  /// - Parameter isHashed: whether the SHA-256 is wanted.
  /// - Throws: `.cannotOpen`, `.isFolder`.
  init(_ source: LogSource, options: LogReadingOptions, isHashed: Bool = true) throws(LogError) {
    self.options = options
    hasher = isHashed ? SHA256Hasher() : nil
    ownsDescriptor = source.path != nil
    if case .pipe(let open, _) = source {
      descriptor = open
      return
    }
    descriptor = try source.path.map { (path) throws(LogError) in try StoredFile.open(path, options) } ?? STDIN_FILENO
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw LogError(.isFolder) }
  }

  /// Takes over a descriptor of a regular file.
  init(owning descriptor: Int32, options: LogReadingOptions, isHashed: Bool) {
    self.options = options
    self.descriptor = descriptor
    ownsDescriptor = true
    hasher = isHashed ? SHA256Hasher() : nil
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
  }

  /// Opens a file; opening a pipe waits for its writer.
  private static func open(_ path: String, _ options: LogReadingOptions) throws(LogError) -> Int32 {
    while true {
      if options.isInterrupted() { throw LogError(.interrupted) }
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      guard errno == EINTR else { throw LogError(.cannotOpen(SystemError(errno))) }
    }
  }

  /// Returns the next bytes; none at the end.
  ///
  /// - Throws: `.cannotRead`, `.interrupted`.
  func read() throws(LogError) -> [UInt8] {
    var received = Result<Int, LogError>.success(0)
    let block = [UInt8](unsafeUninitializedCapacity: StoredFile.blockBytes) { buffer, count in
      received = receive(into: UnsafeMutableRawBufferPointer(buffer))
      if case .success(let byteCount) = received { count = byteCount }
    }
    _ = try received.get()
    hasher?.update(block)
    return block
  }

  /// Reads the next bytes to the start of `buffer`, which must not be empty, and returns their count; 0 at the end.
  ///
  /// - Throws: `.cannotRead`, `.interrupted`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    precondition(!buffer.isEmpty, "0 bytes read would look like the end of the file")
    let count = try receive(into: buffer).get()
    hasher?.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    return count
  }

  /// Reads `count` bytes at `offset` into `buffer`, which is emptied first; false where the file has fewer.
  ///
  /// - Throws: `.interrupted`.
  func read(at offset: UInt64, _ count: Int, into buffer: inout ByteBuffer) throws(LogError) -> Bool {
    if options.isInterrupted() { throw LogError(.interrupted) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, offset + UInt64(count) <= UInt64(status.st_size) else { return false }
    buffer.clear(byteCount: count)
    while buffer.count < count {
      // There is room for `count` bytes.
      let received = pread(
        descriptor, buffer.free.baseAddress, count - buffer.count, off_t(offset) + off_t(buffer.count))
      if received < 0, errno == EINTR { continue }
      guard received > 0 else { return false }
      buffer.didFill(received)
    }
    return true
  }

  private func receive(into buffer: UnsafeMutableRawBufferPointer) -> Result<Int, LogError> {
    while true {
      waitForInput()
      if options.isInterrupted() { return .failure(LogError(.interrupted)) }
      // The kernel writes at most `buffer.count` bytes, all inside the buffer.
      let received = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if received >= 0 {
        bytesRead += UInt64(received)
        return .success(received)
      }
      guard errno == EINTR else {
        return .failure(LogError(.cannotRead(SystemError(errno)), storedOffset: bytesRead))
      }
    }
  }

  /// Waits until there is something to read, the input has ended or failed, or the run is interrupted.
  private func waitForInput() {
    var descriptors = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: options.wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    // Of a signal that stops nothing poll(2) returns too.
    while poll(&descriptors, nfds_t(descriptors.count), -1) < 0, errno == EINTR, !options.isInterrupted() {}
  }

  /// The SHA-256 of everything read so far; nil where it was not wanted.
  var digestIfHashed: Digest? { hasher?.finalize() }

  /// The SHA-256 of everything read so far.
  var digest: Digest {
    guard let digest = digestIfHashed else { preconditionFailure("the file was opened without hashing it") }
    return digest
  }
}
