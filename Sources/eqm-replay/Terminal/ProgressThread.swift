internal import Glibc

internal import class Foundation.Thread

/// The thread that shows progress while others work, and that receives `SIGUSR1`.
///
/// The signal is blocked in every thread and taken by `sigtimedwait` in this one: no handler runs, no system call of the run is
/// interrupted, and a line may be written as usual. A program that has not started this thread keeps the signal pending.
enum ProgressThread {
  /// Blocks the signal in this thread and in all that it starts: called before there are others.
  static func blockSignal() {
    // A parent may have it ignored.
    signal(SIGUSR1, SIG_DFL)
    var signals = signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Starts the thread, which ends with the process.
  static func start(_ line: ProgressLine) {
    Thread {
      var signals = signals
      while true {
        let received = wait(for: &signals, at: line.tickInterval)
        if received == SIGUSR1 { line.answer() } else { line.tick() }
      }
    }.start()
  }

  /// The signal that came; -1 if none did in time.
  private static func wait(for signals: inout sigset_t, at interval: Duration?) -> Int32 {
    guard let interval else { return sigwaitinfo(&signals, nil) }
    let (seconds, attoseconds) = interval.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    return sigtimedwait(&signals, nil, &time)
  }

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGUSR1)
    return signals
  }
}
