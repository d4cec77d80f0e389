internal import Glibc

/// One connection: a request is read, an answer written, and that was it.
///
/// Waits for nothing: what can be done is done when the system says so.
struct Connection: ~Copyable {
  /// Of the head of a request; no browser and no scraper comes near it.
  static let headBytesMax = 8192
  /// From the first moment to the last byte of the answer.
  static let timeLimit = Duration.seconds(10)
  /// For the other side to close, once it has the answer.
  static let lingerLimit = Duration.seconds(1)

  private enum Phase {
    case reading([UInt8])
    /// What is left to send.
    case writing(ArraySlice<UInt8>)
    /// All was sent; what still comes in is passed over, as a close before it was read would take the answer back.
    case lingering
  }

  let descriptor: Int32
  private var phase = Phase.reading([])
  private(set) var deadline: ContinuousClock.Instant

  init(_ descriptor: Int32, now: ContinuousClock.Instant) {
    self.descriptor = descriptor
    deadline = now + Connection.timeLimit
  }

  deinit { close(descriptor) }

  /// What poll(2) is to wait for.
  var events: Int16 {
    if case .writing = phase { Int16(POLLOUT) } else { Int16(POLLIN) }
  }

  /// Goes on as far as the system lets it.
  ///
  /// - Returns: whether the connection is still needed.
  mutating func advance(now: ContinuousClock.Instant, _ answer: (PageRequest) -> PageResponse) -> Bool {
    switch phase {
    case .reading(let head): read(behind: head, now, answer)
    case .writing(let rest): write(rest, now)
    case .lingering: discard()
    }
  }

  private mutating func read(
    behind head: [UInt8], _ now: ContinuousClock.Instant, _ answer: (PageRequest) -> PageResponse
  ) -> Bool {
    guard let bytes = Connection.received(descriptor) else { return true }
    guard !bytes.isEmpty else { return false }
    let head = head + bytes
    if let end = Connection.endOfHead(head) { return write(Connection.reply(to: head[..<end], answer)[...], now) }
    guard head.count <= Connection.headBytesMax else {
      return write(PageResponse.refusal(.fieldsTooLarge).bytes(isHead: false)[...], now)
    }
    phase = .reading(head)
    return true
  }

  private static func reply(to head: ArraySlice<UInt8>, _ answer: (PageRequest) -> PageResponse) -> [UInt8] {
    do {
      let request = try PageRequest(head: head)
      return answer(request).bytes(isHead: request.isHead)
    } catch {
      return error.bytes(isHead: false)
    }
  }

  private mutating func write(_ rest: ArraySlice<UInt8>, _ now: ContinuousClock.Instant) -> Bool {
    var rest = rest
    while !rest.isEmpty {
      // The kernel reads at most the bytes that are left.
      let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      let code = errno
      if sent < 0, code == EINTR { continue }
      guard sent > 0 else {
        phase = .writing(rest)
        return code == EAGAIN || code == EWOULDBLOCK
      }
      rest = rest.dropFirst(sent)
    }
    shutdown(descriptor, Int32(SHUT_WR))
    phase = .lingering
    deadline = min(deadline, now + Connection.lingerLimit)
    return true
  }

  private func discard() -> Bool { Connection.received(descriptor)?.isEmpty != true }

  /// What has come in, nothing at the end or where the other side is gone; nil where there is nothing yet.
  private static func received(_ descriptor: Int32) -> [UInt8]? {
    var (count, code) = (0, Int32(0))
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
      // The kernel writes at most `buffer.count` bytes, all inside the buffer.
      count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
      code = errno
      initialized = max(count, 0)
    }
    guard count < 0 else { return bytes }
    return [EAGAIN, EWOULDBLOCK, EINTR].contains(code) ? nil : []
  }

  /// Where the empty line behind the fields is, which ends them; nil where it has not come yet.
  static func endOfHead(_ bytes: [UInt8]) -> Int? {
    let lineFeed = UInt8(ascii: "\n")
    for index in bytes.indices where bytes[index] == lineFeed {
      let next = bytes[(index + 1)...]
      if next.first == lineFeed || next.prefix(2) == [UInt8(ascii: "\r"), lineFeed] { return index }
    }
    return nil
  }
}
