/// Base64 in the standard alphabet with padding (RFC 4648, section 4). The golden engine has its own.
package enum Base64Text {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The six bits that a character stands for; nil for one that is not of the alphabet.
  package static func value(of character: UInt8) -> UInt8? { alphabet.firstIndex(of: character).map { UInt8($0) } }

  /// The text of `bytes`.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    append(bytes, to: &output)
    return output
  }

  /// Appends the text of `bytes`.
  package static func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4)
    alphabet.withUnsafeBufferPointer { alphabet in
      var position = 0
      while position + 3 <= bytes.count {
        let group = UInt32(bytes[position]) << 16 | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2])
        for shift in stride(from: UInt32(18), through: 0, by: -6) { output.append(alphabet[Int(group >> shift & 63)]) }
        position += 3
      }
      let rest = bytes.count - position
      guard rest > 0 else { return }
      let group = UInt32(bytes[position]) << 16 | (rest == 2 ? UInt32(bytes[position + 1]) << 8 : 0)
      output.append(alphabet[Int(group >> 18 & 63)])
      output.append(alphabet[Int(group >> 12 & 63)])
      output.append(rest == 2 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
      output.append(UInt8(ascii: "="))
    }
  }
}
