/// A 32-byte hash value.
///
/// Four big-endian words, so that comparing digests compares their bytes; hexadecimal text exists only at the
/// edges (``hexadecimal``, ``init(hexadecimal:)``).
public struct Digest: Hashable, Comparable, Sendable, BitwiseCopyable, Codable {
  /// Bytes in a digest.
  package static let byteCount = 32

  /// 32 zero bytes: the root of an empty sparse tree, and the Merkle root nobody knows (protocol.md 12).
  package static let zero = Digest(words: (0, 0, 0, 0))

  @usableFromInline let first: UInt64
  @usableFromInline let second: UInt64
  @usableFromInline let third: UInt64
  @usableFromInline let fourth: UInt64

  @inlinable package init(words: (UInt64, UInt64, UInt64, UInt64)) {
    (first, second, third, fourth) = words
  }

  /// Creates a digest of exactly 32 bytes.
  package init(bytes: some Sequence<UInt8>) {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var count = 0
    for byte in bytes {
      switch count / 8 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      case 3: words.3 = words.3 << 8 | UInt64(byte)
      default: break
      }
      count += 1
    }
    precondition(count == Digest.byteCount, "a digest has 32 bytes, not \(count)")
    self.init(words: words)
  }

  /// Creates the digest that 64 **lowercase** hexadecimal digits spell, or nil for any other text.
  package init?(hexadecimal text: [UInt8]) {
    guard text.count == 2 * Digest.byteCount, let bytes = Hexadecimal.decode(text) else { return nil }
    self.init(bytes: bytes)
  }

  private var words: [UInt64] { [first, second, third, fourth] }

  /// The 32 bytes, most significant first.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Digest.byteCount)
    for word in words {
      for shift in stride(from: UInt64(56), through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: word >> shift))
      }
    }
    return bytes
  }

  /// The 64 lowercase hexadecimal digits, as ASCII bytes.
  package var hexadecimalBytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 2 * Digest.byteCount) { text, count in
      // There is room for 64 digits.
      if let start = text.baseAddress { storeHexadecimal(to: start) }
      count = 2 * Digest.byteCount
    }
  }

  /// The 64 lowercase hexadecimal digits.
  public var hexadecimal: String { String(decoding: hexadecimalBytes, as: UTF8.self) }

  /// Bit `index` of the digest; 0 is the most significant bit of the first byte.
  package func bit(_ index: Int) -> Bool {
    precondition((0..<256).contains(index), "a digest has bits 0 to 255, not \(index)")
    let word = index < 128 ? (index < 64 ? first : second) : (index < 192 ? third : fourth)
    return word >> (63 - UInt64(index % 64)) & 1 == 1
  }

  /// The remainder of the digest, read as one big-endian integer, by `divisor`.
  package func remainder(dividingBy divisor: Int) -> Int {
    precondition(divisor > 0, "a placement needs at least one node")
    var remainder: UInt128 = 0
    for word in words {
      remainder = (remainder << 64 | UInt128(word)) % UInt128(divisor)
    }
    return Int(remainder)
  }

  public static func < (left: Digest, right: Digest) -> Bool {
    (left.first, left.second, left.third, left.fourth)
      < (right.first, right.second, right.third, right.fourth)
  }
}

/// Lowercase hexadecimal text.
package enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lowercase digits a byte, as ASCII bytes.
  package static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return text
  }

  /// The bytes that pairs of lowercase digits spell, or nil for any other text.
  package static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 2)
    for index in stride(from: 0, to: text.count, by: 2) {
      guard let high = value(ofLowercase: text[index]), let low = value(ofLowercase: text[index + 1]) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// The value of one lowercase digit, or nil.
  package static func value(ofLowercase digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
