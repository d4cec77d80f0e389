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
    switch value {
    case .null: return Array("null".utf8)
    case .boolean(let flag): return Array((flag ? "true" : "false").utf8)
    case .number(let token):
      precondition(value.integer(as: Int64.self) != nil, "only exact integers are canonical here")
      return token
    case .string(let bytes): return string(bytes)
    case .array(let elements): return bracketed("[", elements.map(encode), "]")
    case .object(let object):
      let members = object.members.sorted { utf16($0.key).lexicographicallyPrecedes(utf16($1.key)) }
      return bracketed("{", members.map { string($0.key) + [UInt8(ascii: ":")] + encode($0.value) }, "}")
    }
  }

  private static func utf16(_ bytes: [UInt8]) -> [UInt16] { Array(String(decoding: bytes, as: UTF8.self).utf16) }

  private static func bracketed(_ open: String, _ items: [[UInt8]], _ close: String) -> [UInt8] {
    Array(open.utf8) + items.joined(separator: [UInt8(ascii: ",")]) + Array(close.utf8)
  }

  /// Quoted; only the characters that JSON requires are escaped.
  private static func string(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = [UInt8(ascii: "\"")]
    for byte in bytes {
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        var escaped: [UInt8] = []
        JSONFormat.appendString([byte], to: &escaped)
        text += escaped.dropFirst().dropLast()
      } else {
        text.append(byte)
      }
    }
    return text + [UInt8(ascii: "\"")]
  }
}
