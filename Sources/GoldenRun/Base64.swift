/// Base64 in the standard alphabet with padding (RFC 4648, section 4).
package enum Base64 {
  private static let invalid: UInt8 = 0xFF

  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, letter) in alphabet.utf8.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  /// The number of bytes that `text` decodes to, if it is base64 at all: an upper bound in any case.
  package static func decodedByteCount(_ text: [UInt8]) -> Int {
    max(0, text.count / 4 * 3 - paddingCount(text))
  }

  private static func paddingCount(_ text: [UInt8]) -> Int {
    text.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
  }

  /// Returns the bytes, or nil for a foreign character, missing or surplus padding, or white space. Unused low bits of
  /// the last character may be anything: the content hash decides.
  package static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let paddingCount = paddingCount(text)
    let digits = text.dropLast(paddingCount)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var group: UInt32 = 0
    for (index, letter) in digits.enumerated() {
      let value = values[Int(letter)]
      guard value != invalid else { return nil }
      group = group << 6 | UInt32(value)
      if index % 4 == 3 {
        bytes.append(UInt8(truncatingIfNeeded: group >> 16))
        bytes.append(UInt8(truncatingIfNeeded: group >> 8))
        bytes.append(UInt8(truncatingIfNeeded: group))
        group = 0
      }
    }
    if paddingCount == 1 {
      bytes.append(UInt8(truncatingIfNeeded: group >> 10))
      bytes.append(UInt8(truncatingIfNeeded: group >> 2))
    }
    if paddingCount == 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 4)) }
    return bytes
  }
}
