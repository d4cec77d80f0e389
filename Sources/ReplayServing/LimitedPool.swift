internal import FlyingSocks
internal import Synchronization

/// Waits of a server's connections, none of which is for ever.
///
/// The library waits for as long as the other side is silent: connections would pile up that nobody uses any longer, until the
/// run finds no descriptor left for its own files.
struct LimitedPool: AsyncSocketPool {
  /// Connections that wait at a time. Who comes then takes the place of whoever has waited longest: an answer takes no time, so
  /// that one says nothing.
  private static let waitsMax = 16
  /// For the other side to say something, or to take what it is sent.
  private static let timeLimit = Duration.seconds(10)

  private let pool = SocketPool<ePoll>.ePoll()
  private let waits = Waits()

  /// Those that wait, the one that has waited longest first.
  private final class Waits: Sendable {
    private typealias Wait = (number: Int, dismissal: AsyncStream<Never>.Continuation)

    private let state = Mutex((next: 0, waits: [Wait]()))

    func add(_ dismissal: AsyncStream<Never>.Continuation) -> Int {
      let (number, dismissed) = state.withLock { state in
        state.next += 1
        state.waits.append((state.next, dismissal))
        return (state.next, state.waits.count > LimitedPool.waitsMax ? state.waits.removeFirst() : nil)
      }
      dismissed?.dismissal.finish()
      return number
    }

    func remove(_ number: Int) { state.withLock { $0.waits.removeAll { $0.number == number } } }
  }

  func prepare() async throws { try await pool.prepare() }

  func run() async throws { try await pool.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    // What has no other side is the socket that listens: it waits for as long as it takes.
    guard (try? socket.remotePeer()) != nil else {
      return try await pool.suspendSocket(socket, untilReadyFor: events)
    }
    let (dismissal, dismiss) = AsyncStream<Never>.makeStream()
    let number = waits.add(dismiss)
    defer { waits.remove(number) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pool.suspendSocket(socket, untilReadyFor: events) }
      group.addTask {
        try await Task.sleep(for: LimitedPool.timeLimit)
        throw SocketError.disconnected
      }
      group.addTask {
        for await _ in dismissal {}
        throw SocketError.disconnected
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }
}
