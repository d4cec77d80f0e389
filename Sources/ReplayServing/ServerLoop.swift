internal import Glibc

/// What the thread of a ``PageServer`` does until it is told to stop.
struct ServerLoop: ~Copyable {
  /// At a time. Who comes then takes the place of whoever has come first: an answer takes no time, so that one says nothing.
  static let connectionsMax = 16
  /// Between two looks at the run, and the most that a wait takes.
  static let tick = Duration.milliseconds(500)

  private let listener: ListeningSocket
  /// Becomes readable when the loop is to end; closed with the loop.
  private let stopDescriptor: Int32
  private let pages: any Pages
  private let clock = ContinuousClock()
  private var connections: [Slot] = []
  private var nextTick: ContinuousClock.Instant
  /// Whether nobody is let in before the next tick: the process has no descriptors left, and the run may want the next one.
  private var isFull = false

  /// A connection in an array.
  private final class Slot {
    var connection: Connection
    init(_ connection: consuming Connection) { self.connection = connection }
  }

  init(_ listener: consuming ListeningSocket, stopDescriptor: Int32, _ pages: any Pages) {
    self.listener = listener
    self.stopDescriptor = stopDescriptor
    self.pages = pages
    nextTick = clock.now
  }

  deinit { close(stopDescriptor) }

  mutating func run() {
    while true {
      let now = clock.now
      if now >= nextTick {
        pages.tick()
        isFull = false
        nextTick = now + ServerLoop.tick
      }
      connections.removeAll { $0.connection.deadline <= now }
      var waits = self.waits
      let count = poll(&waits, nfds_t(waits.count), Int32(clamping: (nextTick - now).milliseconds + 1))
      guard count > 0 else { continue }
      if waits[0].revents != 0 { return }
      serve(waits[2...].map { $0.revents != 0 })
      if waits[1].revents != 0 { accept() }
    }
  }

  /// The stop, the listener, and every connection in its order.
  private var waits: [pollfd] {
    // poll(2) passes over negative descriptors.
    let listening = isFull ? -1 : listener.descriptor
    return [stopDescriptor, listening].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      + connections.map { pollfd(fd: $0.connection.descriptor, events: $0.connection.events, revents: 0) }
  }

  private mutating func serve(_ isReady: [Bool]) {
    let now = clock.now
    let slots = connections
    connections = zip(slots, isReady).filter { (slot, isReady) in
      !isReady || slot.connection.advance(now: now, pages.answer)
    }.map(\.0)
  }

  private mutating func accept() {
    // As many at a time as there is room for, so that each is looked at before it has to go.
    for _ in 0..<ServerLoop.connectionsMax {
      let descriptor = listener.accept()
      guard descriptor >= 0 else {
        isFull = [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno)
        return
      }
      if connections.count == ServerLoop.connectionsMax { connections.removeFirst() }
      connections.append(Slot(Connection(descriptor, now: clock.now)))
    }
  }
}

extension Duration {
  /// Whole milliseconds, rounded down.
  fileprivate var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
