internal import Glibc
internal import ReplayEngine
internal import Synchronization

/// SIGINT and SIGTERM stop a run between two entries, so that temporary files are removed and nothing is half-written.
enum Signals {
  private static let pending = Atomic<Int32>(0)

  static func install() {
    pending.store(0, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { Signals.pending.store($0, ordering: .relaxed) }
    // Without SA_RESTART a read that waits for a pipe is woken.
    action.sa_flags = 0
    sigaction(SIGINT, &action, nil)
    sigaction(SIGTERM, &action, nil)
    // A reader that went away and a file size limit are errors of the write, not ends of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  static var isPending: Bool { pending.load(ordering: .relaxed) != 0 }

  static var status: ExitStatus { pending.load(ordering: .relaxed) == SIGTERM ? .terminated : .interrupted }
}
