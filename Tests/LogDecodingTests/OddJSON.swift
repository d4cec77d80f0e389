import ReplayTestSupport
import StorageProtocol

/// Texts that are JSON, nearly JSON, or not at all, by a seed.
struct OddJSON {
  private static let snippets: [[UInt8]] =
    [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\u0000", "\\u00e9",
      "\\uD800\\u0041", "\\n", "\\/", "\\x", "\\u12G4", "-", "0", "-0", "01", "1.5", "1e5", "1E+", ".5", "e", "true",
      "tru",
      "false", "null", "nul", "NaN", " ", "\t", "\r", "\u{B}", "\u{0}", "\u{1F}", "\u{7F}", "é", "\u{2028}", "\u{FEFF}",
      "\u{10FFFF}", "[[", "]]", "{}", "[]", "\"a\":1,", "\"\\u0061\":2,", ",\"a\":[]", "\"event_type\":\"READ\",",
    ].map { Array($0.utf8) }
    + [
      [0x80], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98],
      [0xFF],
      [0xEF, 0xBF, 0xBF],
    ]

  private static let numbers = [
    "0", "-0", "1", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "184467440737095516150", "340282366920938463463",
    "340282366920938463464", "340282366920938463463374607431768211455", "340282366920938463463374607431768211456",
    "100000000000000000000000000000000000000000000", "-00", "1.0", "1e0", "0e0", "-0.0", "65536", "65537", "1073741825",
    "1E400", "0.1", "12345678901234567890",
  ]

  private static let names =
    StorageEvent.Field.allCases.map(\.rawValue) + [
      "event_id", "payload", "timestamp", "node_id", "host", "port", "status", "uptime_bucket", "metadata", "content",
      "registry_snapshot", "telemetry_snapshot", "nodes", "", "a", "\u{E9}", "e\u{301}", "\u{10000}", "\u{FF5E}",
      "event_typ",
      "event_typeX", "hash_commi\u{74}",
    ]

  var random: SeededGenerator
  private let entries: [JSONObject]
  private let texts: [[UInt8]]

  /// - Parameter texts: entries to start from.
  init(seed: UInt64, texts: [[UInt8]]) throws {
    random = SeededGenerator(seed: seed)
    self.texts = texts
    entries = try texts.compactMap { try JSONText.value($0).objectValue }
  }

  /// A text without line ends or blanks around it, and not empty.
  mutating func text() -> [UInt8] {
    while true {
      let text = trimmed(draft())
      if !text.isEmpty { return text }
    }
  }

  private mutating func draft() -> [UInt8] {
    switch random.index(below: 12) {
    case 0, 1, 2: return damaged(random.choice(texts))
    case 3, 4, 5, 6: return spell(.object(changed(random.choice(entries))))
    case 7: return damaged(spell(.object(changed(random.choice(entries)))))
    case 8: return nested()
    case 9: return manyKeys()
    case 10: return (0..<random.index(below: 12)).flatMap { _ in random.choice(OddJSON.snippets) }
    default: return spell(value(depth: 0))
    }
  }

  private func trimmed(_ text: [UInt8]) -> [UInt8] {
    let line = text.map { $0 == 0x0A ? 0x20 : $0 }
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
    guard let first = line.firstIndex(where: { !blanks.contains($0) }),
      let last = line.lastIndex(where: { !blanks.contains($0) })
    else { return [] }
    return Array(line[first...last])
  }

  // MARK: Damage

  /// A text with one to three wounds.
  private mutating func damaged(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0...random.index(below: 3) {
      let place = random.index(below: text.count + 1)
      let end = min(text.count, place + 1 + random.index(below: 4))
      switch random.index(below: 5) {
      case 0: text.insert(contentsOf: random.choice(OddJSON.snippets), at: place)
      case 1: text.replaceSubrange(place..<end, with: random.choice(OddJSON.snippets))
      case 2: text.removeSubrange(place..<end)
      case 3 where random.happens(percent: 20): text.removeSubrange(place...)
      case 3: text.insert(contentsOf: text[place..<end], at: random.index(below: text.count + 1))
      default: if place < text.count { text[place] = UInt8(truncatingIfNeeded: random.next()) }
      }
    }
    return text
  }

  // MARK: Changed entries

  /// An entry with one to three members changed, at any depth.
  private mutating func changed(_ object: JSONObject) -> JSONObject {
    var object = object
    for _ in 0...random.index(below: 3) { object = changedOnce(object) }
    return object
  }

  private mutating func changedOnce(_ object: JSONObject) -> JSONObject {
    var members = object.members.map { (key: $0.key, value: $0.value) }
    guard !members.isEmpty else { return JSONObject([(Array("a".utf8), value(depth: 2))]) }
    let place = random.index(below: members.count)
    if let inner = members[place].value.objectValue, random.happens(percent: 60) {
      members[place].value = .object(changedOnce(inner))
      return JSONObject(members)
    }
    switch random.index(below: 8) {
    case 0: members.remove(at: place)
    case 1: members[place].key = Array(random.choice(OddJSON.names).utf8)
    case 2: members.append((Array(random.choice(OddJSON.names).utf8), value(depth: 2)))
    case 3: members.append(members[random.index(below: members.count)])
    case 4: members.swapAt(place, random.index(below: members.count))
    default: members[place].value = value(depth: random.index(below: 3))
    }
    return JSONObject(members)
  }

  // MARK: Values

  private mutating func value(depth: Int) -> JSONValue {
    switch random.index(below: depth > 3 ? 6 : 9) {
    case 0: return random.choice([.null, .boolean(true), .boolean(false)])
    case 1, 2: return .number(Array(random.choice(OddJSON.numbers).utf8))
    case 3:
      return .text(random.choice(EventType.allCases.map(\.rawValue) + ["active", "0.75", "101.000000000000000000"]))
    case 4:
      return .string(Array(repeating: random.choice(Array("aA0f".utf8)), count: random.choice([0, 1, 16, 63, 64, 65])))
    case 5: return .string(string())
    case 6: return .array((0..<random.index(below: 4)).map { _ in value(depth: depth + 1) })
    default:
      return .object(
        JSONObject(
          (0..<random.index(below: 4)).map { _ in (Array(random.choice(OddJSON.names).utf8), value(depth: depth + 1)) })
      )
    }
  }

  private mutating func string() -> [UInt8] {
    let scalars: [Unicode.Scalar] = [
      "a", "Z", "\"", "\\", "/", "\u{0}", "\u{1F}", "\u{7F}", "é", "\u{7FF}", "\u{800}", "\u{FFFF}", "\u{10000}", "=",
      "+",
    ]
    return (0..<random.index(below: 40)).flatMap { _ in Array(String(Character(random.choice(scalars))).utf8) }
  }

  // MARK: Spelling

  /// A value as text, with blanks between tokens and escapes where none are needed.
  mutating func spell(_ value: JSONValue) -> [UInt8] {
    var text: [UInt8] = []
    let isOdd = random.happens(percent: 60)
    append(value, to: &text, isOdd)
    return text
  }

  private mutating func append(_ value: JSONValue, to text: inout [UInt8], _ isOdd: Bool) {
    switch value {
    case .array(let elements):
      appendToken("[", to: &text, isOdd)
      for (place, element) in elements.enumerated() {
        if place > 0 { appendToken(",", to: &text, isOdd) }
        append(element, to: &text, isOdd)
      }
      appendToken("]", to: &text, isOdd)
    case .object(let object):
      appendToken("{", to: &text, isOdd)
      for (place, member) in object.members.enumerated() {
        if place > 0 { appendToken(",", to: &text, isOdd) }
        appendString(member.key, to: &text, isOdd)
        appendToken(":", to: &text, isOdd)
        append(member.value, to: &text, isOdd)
      }
      appendToken("}", to: &text, isOdd)
    case .string(let bytes): appendString(bytes, to: &text, isOdd)
    default: text += JSONFormat.canonical.encode(value)
    }
  }

  private mutating func appendToken(_ token: String, to text: inout [UInt8], _ isOdd: Bool) {
    text += Array(token.utf8)
    if isOdd, random.happens(percent: 30) { text += Array(random.choice([" ", "\t", "\r", "  \t "]).utf8) }
  }

  private mutating func appendString(_ bytes: [UInt8], to text: inout [UInt8], _ isOdd: Bool) {
    guard isOdd, random.happens(percent: 40), bytes.count < 200 else {
      return JSONFormat.appendString(bytes, to: &text)
    }
    text.append(UInt8(ascii: "\""))
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let needsEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
      if needsEscape || random.happens(percent: 25) {
        for unit in Character(scalar).utf16 { appendUnit(unit, to: &text) }
      } else {
        text += Array(String(Character(scalar)).utf8)
      }
    }
    text.append(UInt8(ascii: "\""))
  }

  private mutating func appendUnit(_ unit: UInt16, to text: inout [UInt8]) {
    let digits = String(unit, radix: 16, uppercase: random.happens(percent: 50))
    text += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
  }

  // MARK: Shapes

  /// Containers in containers, about as deep as an entry may go, with faults inside and behind.
  private mutating func nested() -> [UInt8] {
    let depth = random.choice([3, 24, 509, 510, 511, 512, 513, 514, 600, 1500])
    let odds = [
      "", "", "1", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "[[]]", "{\"k\":[],\"\\udc00\":{}}", "tru", "\"\u{1}\"",
    ]
    var opening: [UInt8] = []
    var closing: [UInt8] = []
    for _ in 0..<depth {
      if random.happens(percent: 70) {
        opening += Array("[".utf8)
        closing += Array("]".utf8)
      } else {
        opening += Array("{\"a\":".utf8)
        closing += Array(random.happens(percent: 5) ? "}".utf8 : "} ".utf8)
      }
    }
    var inner = Array(random.choice(odds).utf8)
    if inner.isEmpty, opening.last == UInt8(ascii: ":") { inner = Array("null".utf8) }
    let end: [UInt8] = closing.reversed()
    let tail = random.happens(percent: 30) ? Array(",\(random.choice(odds))".utf8) : []
    let text = opening + inner + end
    let isEntry = random.happens(percent: 70)
    let body = isEntry ? Array("{\"event_type\":\"READ\",\"x\":[".utf8) + text + tail + Array("]}".utf8) : text
    return random.happens(percent: 10) ? damaged(body) : body
  }

  /// An object with up to 80 keys, some of which occur twice, escaped or not.
  private mutating func manyKeys() -> [UInt8] {
    let count = random.choice([2, 15, 16, 17, 23, 24, 25, 26, 48, 80])
    var members = (0..<count).map { key -> (key: [UInt8], value: JSONValue) in
      (Array("\(random.choice(["k", "key", "\u{E9}", ""]))\(key)".utf8), .integer(key))
    }
    if random.happens(percent: 50) { members.shuffle(using: &random) }
    for _ in 0..<random.index(below: 4) {
      members.insert(random.choice(members), at: random.index(below: members.count + 1))
    }
    if random.happens(percent: 20) { members.append((Array("e".utf8), .object(JSONObject(members)))) }
    if random.happens(percent: 60) { members.append((Array("event_type".utf8), .text("READ"))) }
    let text = spell(.object(JSONObject(members)))
    return random.happens(percent: 15) ? damaged(text) : text
  }
}
