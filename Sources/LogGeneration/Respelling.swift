internal import StorageProtocol

/// JSON as no engine writes it and every reader takes it: the same entry, other text.
///
/// Escapes in keys and strings, raw non-ASCII characters, blanks, members in another order, `-0` for 0, and fields to be
/// ignored.
struct Respelling {
  private var text: [UInt8] = []
  /// Characters of long strings that are looked at: the others are copied.
  private static let scalarsMax = 400

  static func encode(_ entry: JSONObject, _ random: inout SeededGenerator) -> [UInt8] {
    var members = entry.members.map { ($0.key, $0.value) }
    if random.happens(percent: 50) { members.append((Array("note".utf8), note(&random))) }
    if random.happens(percent: 50) { members.shuffle(using: &random) }
    let zero = JSONValue.integer(0)
    members = members.map { key, value in
      (key, value == zero && random.happens(percent: 50) ? .number(Array("-0".utf8)) : value)
    }
    var respelling = Respelling()
    respelling.append(.object(JSONObject(members)), &random)
    return respelling.text
  }

  /// A field to be ignored, of any depth that is allowed.
  private static func note(_ random: inout SeededGenerator) -> JSONValue {
    let depth = random.choice([0, 1, 7, 100, 500])
    let notes: [JSONValue] = [
      .text("\u{85}\u{2028}"), .number(Array("1E+400".utf8)), .members(["note": .null]), .boolean(true),
    ]
    return (0..<depth).reduce(random.choice(notes)) { inner, level in
      level % 2 == 0 ? .array([inner]) : .members(["": inner])
    }
  }

  private mutating func append(_ value: JSONValue, _ random: inout SeededGenerator) {
    blank(&random)
    switch value {
    case .string(let bytes): append(string: bytes, &random)
    case .array(let elements):
      text.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        append(element, &random)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let object):
      text.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        blank(&random)
        append(string: member.key, &random)
        blank(&random)
        text.append(UInt8(ascii: ":"))
        append(member.value, &random)
      }
      text.append(UInt8(ascii: "}"))
    default: text += JSONFormat.line.encode(value)
    }
    blank(&random)
  }

  private mutating func blank(_ random: inout SeededGenerator) {
    if random.happens(percent: 8) { text += Array(random.choice([" ", "\t", "\r", "  "]).utf8) }
  }

  private mutating func append(string bytes: [UInt8], _ random: inout SeededGenerator) {
    text.append(UInt8(ascii: "\""))
    let escapes = random.choice([0, 0, 5, 60] as [UInt64])
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    for scalar in scalars.prefix(Respelling.scalarsMax) {
      if random.happens(percent: escapes) {
        escape(scalar, &random)
      } else if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" {
        escape(scalar, &random)
      } else {
        text += Array(String(scalar).utf8)
      }
    }
    let rest = scalars.dropFirst(Respelling.scalarsMax)
    if !rest.isEmpty {
      var quoted: [UInt8] = []
      JSONFormat.appendString(Array(String(rest).utf8), to: &quoted)
      text += quoted.dropFirst().dropLast()
    }
    text.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ scalar: Unicode.Scalar, _ random: inout SeededGenerator) {
    let short: [Unicode.Scalar: String] = [
      "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b", "\u{c}": "\\f", "\"": "\\\"", "\\": "\\\\", "/": "\\/",
    ]
    if let text = short[scalar], random.happens(percent: 60) { return self.text += Array(text.utf8) }
    for unit in Character(scalar).utf16 {
      let digits = String(unit, radix: 16, uppercase: random.happens(percent: 50))
      text += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
  }
}
