/// Digests in raw memory: for the paths that handle millions of them. Each call touches exactly the bytes it names.
extension Digest {
  /// Loads the 32 bytes at `bytes`; no alignment is needed.
  @inlinable package init(loading bytes: UnsafeRawPointer) {
    self.init(
      words: (
        UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
      ))
  }

  /// The digests that `bytes` holds one behind the other.
  package static func digests(in bytes: [UInt8]) -> [Digest] {
    precondition(bytes.count % byteCount == 0, "whole digests")
    return bytes.withUnsafeBytes { buffer in
      // Every digest lies inside the buffer: its size is a multiple of theirs.
      stride(from: 0, to: buffer.count, by: byteCount).compactMap { offset in
        buffer.baseAddress.map { Digest(loading: $0 + offset) }
      }
    }
  }

  /// Stores the 32 bytes at `bytes`; no alignment is needed.
  @inlinable package func store(to bytes: UnsafeMutableRawPointer) {
    bytes.storeBytes(of: first.bigEndian, as: UInt64.self)
    bytes.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
    bytes.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt64.self)
    bytes.storeBytes(of: fourth.bigEndian, toByteOffset: 24, as: UInt64.self)
  }

  /// Stores the 64 lowercase hexadecimal digits at `text`.
  @inlinable package func storeHexadecimal(to text: UnsafeMutableRawPointer) {
    Digest.storeHexadecimal(first, to: text)
    Digest.storeHexadecimal(second, to: text + 16)
    Digest.storeHexadecimal(third, to: text + 32)
    Digest.storeHexadecimal(fourth, to: text + 48)
  }

  /// Spreads the 16 nibbles of `word` over 16 bytes, eight at a time, and turns each into its digit.
  @inlinable static func storeHexadecimal(_ word: UInt64, to text: UnsafeMutableRawPointer) {
    text.storeBytes(of: digits(UInt32(truncatingIfNeeded: word >> 32)).bigEndian, as: UInt64.self)
    text.storeBytes(of: digits(UInt32(truncatingIfNeeded: word)).bigEndian, toByteOffset: 8, as: UInt64.self)
  }

  @inlinable static func digits(_ half: UInt32) -> UInt64 {
    var nibbles = UInt64(half)
    nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
    nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
    nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
    // 1 in each byte whose nibble is 10 or more: those become letters, 39 further on than digits.
    let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
    return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
  }

  /// The first 64 bits: what keys are routed and indexed by.
  @inlinable package var prefix: UInt64 { first }

  /// The remainder of the digest, read as one big-endian integer, by a divisor below 2^32.
  @inlinable package func remainder(dividingBySmall divisor: UInt64) -> UInt64 {
    var remainder = Digest.remainder(0, first, divisor)
    remainder = Digest.remainder(remainder, second, divisor)
    remainder = Digest.remainder(remainder, third, divisor)
    return Digest.remainder(remainder, fourth, divisor)
  }

  /// The remainder of `carry`·2^64 + `word`: both steps stay below 2^64 because `carry` and `divisor` are below 2^32.
  @inlinable static func remainder(_ carry: UInt64, _ word: UInt64, _ divisor: UInt64) -> UInt64 {
    let high = (carry << 32 | word >> 32) % divisor
    return (high << 32 | word & 0xFFFF_FFFF) % divisor
  }
}

extension Digest {
  /// The last 64 bits.
  @inlinable package var suffix: UInt64 { fourth }
}
