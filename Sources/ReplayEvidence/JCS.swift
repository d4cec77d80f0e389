package import StorageProtocol

/// The JSON Canonicalization Scheme (RFC 8785), for values without fractions: what `result_digest` and
/// `evidence_digest` hash.
package enum JCS {
  /// `sha256:` and the digest of a value's portable canonical bytes.
  package static func digestText(_ value: JSONValue) -> String {
    "sha256:" + Digest.sha256(encode(portable(value))).hexadecimal
  }

  /// Whether two values say the same: members may be in another order.
  package static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
    encode(portable(left)) == encode(portable(right))
  }

  /// Integers of larger magnitude are not exact in every JSON reader.
  private static let exactIntegerMax: UInt64 = (1 << 53) - 1

  /// Returns `value` with every number that JCS readers may not keep exactly as a string of its token.
  package static func portable(_ value: JSONValue) -> JSONValue {
    switch value {
    case .number(let token):
      guard let integer = value.integer(as: Int64.self), integer.magnitude <= exactIntegerMax else {
        return .string(token)
      }
      return .integer(integer)
    case .array(let elements): return .array(elements.map(portable))
    case .object(let object):
      return .object(JSONObject(object.members.map { ($0.key, portable($0.value)) }))
    default: return value
    }
  }

  /// Returns the canonical bytes of a ``portable(_:)`` value.
  package static func encode(_ value: JSONValue) -> [UInt8] {
    var text: [UInt8] = []
    append(value, to: &text)
    return text
  }

  private static func append(_ value: JSONValue, to text: inout [UInt8]) {
    switch value {
    case .null: text += "null".utf8
    case .boolean(let flag): text += (flag ? "true" : "false").utf8
    case .number(let token):
      precondition(value.integer(as: Int64.self) != nil, "only exact integers are canonical here")
      text += token
    case .string(let bytes): append(string: bytes, to: &text)
    case .array(let elements):
      text.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        append(element, to: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let object):
      text.append(UInt8(ascii: "{"))
      for (place, member) in object.members.sorted(by: { precedes($0.key, $1.key) }).enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        append(string: member.key, to: &text)
        text.append(UInt8(ascii: ":"))
        append(member.value, to: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  /// Names stand in the order of their UTF-16 code units, which for ASCII is that of their bytes.
  private static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.allSatisfy({ $0 < 0x80 }), right.allSatisfy({ $0 < 0x80 }) else {
      return String(decoding: left, as: UTF8.self).utf16
        .lexicographicallyPrecedes(String(decoding: right, as: UTF8.self).utf16)
    }
    return left.lexicographicallyPrecedes(right)
  }

  /// Quoted; only the characters that JSON requires are escaped.
  private static func append(string bytes: [UInt8], to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in bytes {
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        var escaped: [UInt8] = []
        JSONFormat.appendString([byte], to: &escaped)
        text += escaped.dropFirst().dropLast()
      } else {
        text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
