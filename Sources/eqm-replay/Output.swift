internal import Glibc

/// The two streams: results on standard output, everything else on the error stream.
enum Output {
  /// Writes bytes to standard output; false where that fails or a signal ends it.
  static func write(_ bytes: [UInt8]) -> Bool { write(bytes, to: STDOUT_FILENO) }

  /// Writes one line to the error stream.
  static func complain(_ line: String) { draw(line + "\n") }

  /// Writes text to the error stream as it is; where that takes nothing, until a signal comes.
  static func draw(_ text: String) {
    guard errorsTakeText() else { return }
    _ = write(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Waits until the error stream takes a line; false where it takes none and the process is to end.
  private static func errorsTakeText() -> Bool {
    while true {
      var waits = [
        pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0),
        pollfd(fd: Signals.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, nfds_t(waits.count), -1) > 0 else { continue }
      // What cannot be written fails where it is written.
      if waits[0].revents != 0 { return true }
      if waits[1].revents != 0 { return false }
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR, !Signals.isPending { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }
}
