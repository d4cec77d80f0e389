internal import Glibc
internal import ReplayEngine
internal import Synchronization

/// SIGINT, SIGTERM and SIGHUP stop a run between two entries, so that temporary files are removed and nothing is half-written.
/// SIGUSR1 asks how far it is, and does not disturb it.
enum Signals {
  private static let pending = Atomic<Int32>(0)
  private static let wakeWriter = Atomic<Int32>(-1)
  private static let wakeReader = Atomic<Int32>(-1)
  private static let questionWriter = Atomic<Int32>(-1)
  private static let questionReader = Atomic<Int32>(-1)

  static func install() {
    installEnds()
    installQuestion()
    // A reader that went away and a file size limit are errors of the write, not ends of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  private static func installEnds() {
    let wake = openPipe()
    wakeReader.store(wake.reader, ordering: .relaxed)
    wakeWriter.store(wake.writer, ordering: .relaxed)
    pending.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { signal in
      Signals.pending.store(signal, ordering: .relaxed)
      // Only calls that a signal handler may make: whoever waits in poll(2) is woken, however late the signal came.
      _ = write(Signals.wakeWriter.load(ordering: .relaxed), "!", 1)
    }
    handle([SIGINT, SIGTERM, SIGHUP], by: action)
  }

  private static func installQuestion() {
    let question = openPipe()
    questionReader.store(question.reader, ordering: .relaxed)
    questionWriter.store(question.writer, ordering: .relaxed)
    var action = sigaction()
    // Whatever waits goes on waiting.
    action.sa_flags = SA_RESTART
    action.__sigaction_handler.sa_handler = { _ in
      let code = errno
      _ = write(Signals.questionWriter.load(ordering: .relaxed), "?", 1)
      errno = code
    }
    handle([SIGUSR1], by: action)
  }

  private static func openPipe() -> (reader: Int32, writer: Int32) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { preconditionFailure("a process may open a pipe") }
    // A handler must not wait for room in the pipe.
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  private static func handle(_ signals: [Int32], by action: sigaction) {
    var action = action
    var handled = sigset_t()
    sigemptyset(&handled)
    for signal in signals {
      sigaction(signal, &action, nil)
      sigaddset(&handled, signal)
    }
    // A parent may have blocked them.
    pthread_sigmask(SIG_UNBLOCK, &handled, nil)
  }

  static var isPending: Bool { pending.load(ordering: .relaxed) != 0 }

  /// Becomes readable when a signal comes.
  static var wakeDescriptor: Int32 { wakeReader.load(ordering: .relaxed) }

  /// Becomes readable when somebody asks how far the run is.
  static var questions: Int32 { questionReader.load(ordering: .relaxed) }

  static var status: ExitStatus { pending.load(ordering: .relaxed) == SIGINT ? .interrupted : .terminated }
}

/// The three standard descriptors.
enum StandardDescriptors {
  /// Fills closed ones, so that no file of ours takes their numbers and is read or written by mistake.
  ///
  /// What fills them fails every read of standard input and every write of standard output, as the closed ones did.
  static func fill() {
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR)] {
      guard fcntl(descriptor, F_GETFD) < 0, errno == EBADF else { continue }
      // The lowest free number is the one that was found closed.
      guard open("/dev/null", mode) == descriptor else { preconditionFailure("/dev/null can be opened") }
    }
  }
}
