/// How JSON is written. Always ASCII: every character outside U+0020…U+007E is escaped, in lowercase, astral ones as
/// surrogate pairs (protocol.md 3).
package struct JSONFormat: Sendable {
  private let sortsKeys: Bool
  private let itemSeparator: [UInt8]
  private let keySeparator: [UInt8]
  private let indents: Bool

  private init(sortsKeys: Bool, itemSeparator: String, keySeparator: String, indents: Bool = false) {
    self.sortsKeys = sortsKeys
    self.itemSeparator = Array(itemSeparator.utf8)
    self.keySeparator = Array(keySeparator.utf8)
    self.indents = indents
  }

  /// Canonical JSON (protocol.md 3): keys by code point, no blanks.
  package static let canonical = JSONFormat(sortsKeys: true, itemSeparator: ",", keySeparator: ":")

  /// The live engine's other form, of shard proofs and legacy hashes: keys by code point, `, ` and `: `.
  package static let spaced = JSONFormat(sortsKeys: true, itemSeparator: ", ", keySeparator: ": ")

  /// One line, keys in the order given.
  package static let line = JSONFormat(sortsKeys: false, itemSeparator: ",", keySeparator: ":")

  /// Indented by two blanks a level, keys in the order given: for people.
  package static let indented = JSONFormat(
    sortsKeys: false, itemSeparator: ",", keySeparator: ": ", indents: true)

  /// Returns `value` as text. Number tokens are copied.
  package func encode(_ value: JSONValue) -> [UInt8] {
    var text: [UInt8] = []
    append(value, to: &text)
    return text
  }

  /// Appends `value` to `text`; `level` counts the containers around it.
  package func append(_ value: JSONValue, to text: inout [UInt8], level: Int = 0) {
    switch value {
    case .null: text += "null".utf8
    case .boolean(let flag): text += (flag ? "true" : "false").utf8
    case .number(let token): text += token
    case .string(let bytes): JSONFormat.appendString(bytes, to: &text)
    case .array(let elements):
      appendItems(elements, open: "[", close: "]", to: &text, level: level) { element, text in
        append(element, to: &text, level: level + 1)
      }
    case .object(let object):
      appendItems(members(of: object), open: "{", close: "}", to: &text, level: level) { member, text in
        JSONFormat.appendString(member.key, to: &text)
        text += keySeparator
        append(member.value, to: &text, level: level + 1)
      }
    }
  }

  private func members(of object: JSONObject) -> [JSONObject.Member] {
    sortsKeys ? object.members.sorted { $0.key.lexicographicallyPrecedes($1.key) } : object.members
  }

  private func appendItems<Item>(
    _ items: [Item], open: Unicode.Scalar, close: Unicode.Scalar, to text: inout [UInt8], level: Int,
    appendItem: (Item, inout [UInt8]) -> Void
  ) {
    text.append(UInt8(ascii: open))
    for (index, item) in items.enumerated() {
      if index > 0 { text += itemSeparator }
      appendLineBreak(to: &text, level: level + 1)
      appendItem(item, &text)
    }
    if !items.isEmpty { appendLineBreak(to: &text, level: level) }
    text.append(UInt8(ascii: close))
  }

  private func appendLineBreak(to text: inout [UInt8], level: Int) {
    guard indents else { return }
    text.append(UInt8(ascii: "\n"))
    // One by one: a result may have a million such lines, and a sequence of repeated blanks is appended more slowly.
    for _ in 0..<2 * level { text.append(UInt8(ascii: " ")) }
  }
}

extension JSONFormat {
  /// Appends the string that `bytes` (valid UTF-8) holds, quoted and escaped.
  package static func appendString(_ bytes: [UInt8], to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    if bytes.allSatisfy(isPlain) {
      text += bytes
    } else {
      for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars { appendScalar(scalar, to: &text) }
    }
    text.append(UInt8(ascii: "\""))
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private static func appendScalar(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
    switch scalar {
    case "\"": text += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
    case "\\": text += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
    case "\n": text += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
    case "\r": text += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
    case "\t": text += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
    case "\u{8}": text += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
    case "\u{c}": text += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
    case " "..."~": text.append(UInt8(scalar.value))
    default:
      for unit in Character(scalar).utf16 {
        text += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
        text += Hexadecimal.encode([UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)])
      }
    }
  }
}
