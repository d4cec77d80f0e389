internal import Glibc

/// Bytes in memory of their own that is kept for the next use, with room in front of them and behind them.
///
/// The only place where blocks and chunks touch memory by address. `start + count <= capacity` always holds, every
/// operation keeps it, and `slackBytes` more are allocated than `capacity` says.
///
/// Sendable: the memory has this value as its only owner, the value cannot be copied, and addresses are handed out for
/// reading (``bytes``) and filling (``free``) only as long as the owner leaves the buffer alone.
struct ByteBuffer: ~Copyable, @unchecked Sendable {
  /// Bytes behind ``bytes`` that may be read, whatever they hold: a decoder may load whole vectors at the end.
  static let slackBytes = 64
  /// Memory that is kept although the next use needs less than a quarter of it: one long entry must not hold its
  /// size in every buffer for the rest of the log.
  private static let keptBytesMax = 64 << 20

  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private(set) var count = 0

  init() {
    capacity = 0
    memory = ByteBuffer.allocate(capacity: 0)
  }

  deinit { memory.deallocate() }

  private static func allocate(capacity: Int) -> UnsafeMutableRawPointer {
    // `capacity` is what was read or decompressed, doubled at most: the addition does not overflow.
    UnsafeMutableRawPointer.allocate(byteCount: capacity + slackBytes, alignment: slackBytes)
  }

  /// Room in front of the bytes.
  var headroom: Int { start }

  /// The bytes, until the buffer is next changed.
  var bytes: UnsafeBufferPointer<UInt8> {
    // `start + count <= capacity`.
    UnsafeRawBufferPointer(start: memory + start, count: count).assumingMemoryBound(to: UInt8.self)
  }

  /// The room behind the bytes, for ``didFill(_:)``.
  var free: UnsafeMutableRawBufferPointer {
    // `start + count <= capacity`.
    UnsafeMutableRawBufferPointer(start: memory + start + count, count: capacity - start - count)
  }

  /// Says that the first `byteCount` bytes of ``free`` were written.
  mutating func didFill(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= capacity - start - count, "filled more than there is room for")
    count += byteCount
  }

  /// Drops the bytes and leaves room for `headroom` in front and `byteCount` behind.
  mutating func clear(headroom: Int = 0, byteCount: Int = 0) {
    let needed = headroom + byteCount
    if capacity < needed || (capacity > ByteBuffer.keptBytesMax && capacity / 4 > needed) {
      memory.deallocate()
      memory = ByteBuffer.allocate(capacity: needed)
      capacity = needed
    }
    start = headroom
    count = 0
  }

  /// Makes room for `byteCount` more behind the bytes.
  ///
  /// - Complexity: O(1) a byte appended, over many calls.
  mutating func reserve(_ byteCount: Int) {
    guard capacity - start - count < byteCount else { return }
    // Bytes move at most once for each byte dropped in front, or appended since they last moved.
    if start >= count, capacity - count >= byteCount {
      memory.copyMemory(from: memory + start, byteCount: count)
    } else {
      let grown = max(count + byteCount, 2 * capacity)
      let moved = ByteBuffer.allocate(capacity: grown)
      // `count <= capacity <= grown`.
      moved.copyMemory(from: memory + start, byteCount: count)
      memory.deallocate()
      memory = moved
      capacity = grown
    }
    start = 0
  }

  mutating func append(_ more: UnsafeBufferPointer<UInt8>) {
    guard let base = more.baseAddress else { return }
    reserve(more.count)
    // `reserve` made room for `more.count` behind the bytes; `more` lies in another buffer.
    (memory + start + count).copyMemory(from: base, byteCount: more.count)
    count += more.count
  }

  /// Puts bytes of another buffer in front.
  mutating func prepend(_ more: UnsafeBufferPointer<UInt8>) {
    guard let base = more.baseAddress else { return }
    precondition(more.count <= start, "no room in front")
    start -= more.count
    count += more.count
    (memory + start).copyMemory(from: base, byteCount: more.count)
  }

  mutating func dropFirst(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= count, "dropped more than there is")
    start += byteCount
    count -= byteCount
  }

  mutating func truncate(to byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= count, "truncated to more than there is")
    count = byteCount
  }

  /// The position of the first U+000A in `range`.
  func firstLineEnd(in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "looked outside of the bytes")
    let base = memory + start
    return memchr(base + range.lowerBound, 0x0A, range.count).map { $0 - base }
  }

  /// The position of the last U+000A in `range`.
  func lastLineEnd(in range: Range<Int>) -> Int? {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "looked outside of the bytes")
    let base = memory + start
    var end = range.upperBound
    // Eight bytes at a time, as long as they lie in `range`; which of them it is, the last line finds.
    while end - 8 >= range.lowerBound {
      guard !ByteBuffer.hasLineEnd((base + end - 8).loadUnaligned(as: UInt64.self)) else { break }
      end -= 8
    }
    return bytes[range.lowerBound..<end].lastIndex(of: 0x0A)
  }

  /// Whether one of the word's bytes is U+000A (borrows only reach bytes above one that is).
  private static func hasLineEnd(_ word: UInt64) -> Bool {
    let differences = word ^ 0x0A0A_0A0A_0A0A_0A0A
    return (differences &- 0x0101_0101_0101_0101) & ~differences & 0x8080_8080_8080_8080 != 0
  }
}
