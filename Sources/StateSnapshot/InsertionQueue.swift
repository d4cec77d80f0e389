internal import Dispatch
internal import Synchronization

/// Inserts batches of rows, in the order in which they came, by a thread of its own: making rows takes about as long as inserting
/// them.
final class InsertionQueue: Sendable {
  /// Batches that wait at most: memory is bounded where inserting is slower.
  private static let waitingMax = 64

  private let queue = DispatchQueue(label: "row insertion")
  private let room = DispatchSemaphore(value: InsertionQueue.waitingMax)
  /// The first; nothing is inserted behind it.
  private let failure = Mutex<DatabaseFailure?>(nil)

  /// Inserts a batch once those before it are.
  ///
  /// - Throws: what an earlier batch failed of.
  func add(_ insertion: @escaping @Sendable () throws(DatabaseFailure) -> Void) throws(DatabaseFailure) {
    if let failure = failure.withLock({ $0 }) { throw failure }
    room.wait()
    queue.async {
      defer { self.room.signal() }
      guard self.failure.withLock({ $0 == nil }) else { return }
      do throws(DatabaseFailure) {
        try insertion()
      } catch {
        self.failure.withLock { $0 = error }
      }
    }
  }

  /// Waits until nothing waits to be inserted.
  func wait() { queue.sync {} }

  /// Waits until every batch is inserted.
  ///
  /// - Throws: what one failed of.
  func finish() throws(DatabaseFailure) {
    wait()
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
