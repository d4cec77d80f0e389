internal import Glibc

/// A thread that runs a ``ServerLoop`` to its end.
struct ServerThread: @unchecked Sendable {
  // Sendable: the identifier of a thread is a number that never changes.
  private let thread: pthread_t

  /// What the thread takes over.
  private final class Work {
    var loop: ServerLoop
    init(_ loop: consuming ServerLoop) { self.loop = loop }
  }

  /// Nil where the system gives no thread; `status` says why.
  init?(_ loop: consuming sending ServerLoop, _ status: inout Int32) {
    // Signals are for the threads that wait for input or output: they are to be interrupted.
    var every = sigset_t()
    var before = sigset_t()
    sigfillset(&every)
    pthread_sigmask(SIG_SETMASK, &every, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let work = Unmanaged.passRetained(Work(loop))
    var thread = pthread_t()
    status = pthread_create(
      &thread, nil,
      { work in
        // The reference that was retained for this thread; nobody else has it.
        guard let work else { return nil }
        Unmanaged<Work>.fromOpaque(work).takeRetainedValue().loop.run()
        return nil
      }, work.toOpaque())
    guard status == 0 else {
      work.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits for the loop's end.
  func join() { pthread_join(thread, nil) }
}
