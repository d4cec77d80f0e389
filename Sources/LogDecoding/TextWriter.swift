package import StorageProtocol

/// Writes text into an arena, at most as many bytes as were asked for.
package struct TextWriter {
  @usableFromInline let start: UnsafeMutablePointer<UInt8>
  @usableFromInline let capacity: Int
  @usableFromInline var count = 0

  /// - Parameter capacity: a bound, in bytes, of everything that will be appended.
  @inlinable package init(_ arena: inout ByteArena, capacity: Int) {
    start = arena.allocate(capacity).assumingMemoryBound(to: UInt8.self)
    self.capacity = capacity
  }

  /// The text; what was reserved and not used goes back to the arena if nothing was allocated since.
  @inlinable package func view(in arena: inout ByteArena) -> ByteView {
    arena.giveBack(from: start + count, to: start + capacity)
    return ByteView(start, count)
  }

  @inlinable package mutating func append(_ bytes: UnsafePointer<UInt8>, _ byteCount: Int) {
    precondition(count + byteCount <= capacity, "a text was measured too short")
    UnsafeMutableRawPointer(start + count).copyMemory(from: bytes, byteCount: byteCount)
    count += byteCount
  }

  @inlinable package mutating func append(_ byte: UInt8, repeated byteCount: Int) {
    precondition(count + byteCount <= capacity, "a text was measured too short")
    (start + count).initialize(repeating: byte, count: byteCount)
    count += byteCount
  }

  /// The digest in lowercase hexadecimal: 64 bytes.
  @inlinable package mutating func append(_ digest: Digest) {
    precondition(count + 64 <= capacity, "a text was measured too short")
    digest.storeHexadecimal(to: start + count)
    count += 64
  }

  @inlinable package mutating func append(_ text: StaticString) { append(text.utf8Start, text.utf8CodeUnitCount) }

  @inlinable package mutating func append(_ view: ByteView) { append(view.start, view.count) }

  /// The number in decimal: at most 20 bytes.
  @inlinable package mutating func append(_ number: UInt64) {
    // 20 digits are enough for 2^64 − 1; they are written from the last to the first.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      guard let first = digits.baseAddress else { return }
      var rest = number
      var position = 20
      repeat {
        position -= 1
        first[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      append(first + position, 20 - position)
    }
  }

  /// The number in decimal: at most 20 bytes.
  @inlinable package mutating func append(_ number: Int64) {
    if number < 0 { append("-") }
    append(number.magnitude)
  }
}
