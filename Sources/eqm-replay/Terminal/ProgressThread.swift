internal import Glibc

internal import class Foundation.Thread

/// The thread that shows progress while others work, and answers `SIGUSR1`: the signal's handler only wakes it.
enum ProgressThread {
  /// Starts the thread, which ends with the process.
  static func start(_ line: ProgressLine) {
    Thread {
      while true {
        if isAsked(within: line.tickInterval) { line.answer() } else { line.tick() }
      }
    }.start()
  }

  /// Whether somebody asks how far the run is; false where nobody did in time.
  private static func isAsked(within interval: Duration?) -> Bool {
    let milliseconds = interval.map { Int32($0 / .milliseconds(1)) } ?? -1
    var question = pollfd(fd: Signals.questions, events: Int16(POLLIN), revents: 0)
    guard poll(&question, 1, milliseconds) > 0 else { return false }
    var bytes: (UInt64, UInt64) = (0, 0)
    // Signals that came meanwhile are one question.
    return withUnsafeMutableBytes(of: &bytes) { read(Signals.questions, $0.baseAddress, $0.count) } > 0
  }
}
