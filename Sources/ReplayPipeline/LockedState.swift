internal import Glibc

/// A value behind a lock.
///
/// A POSIX mutex, not the library's `Mutex`: the thread sanitizer knows that one orders what it guards, and takes the other for
/// no lock at all on Linux.
final class LockedState<State>: @unchecked Sendable {
  // Sendable: `state` is touched with the mutex held only.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var state: State

  init(_ state: sending State) {
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
    self.state = state
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Runs `body` with the value, one caller at a time; `body` must not wait for anything.
  func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&state)
  }
}
