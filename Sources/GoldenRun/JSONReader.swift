package import LogReading
package import StorageProtocol

/// The golden engine's JSON reader: recursive descent, number tokens kept, strings unescaped to UTF-8 bytes.
///
/// Tells apart what is not JSON (thrown: the log is damaged) and what is JSON that an entry must not hold (``fault``:
/// the entry is rejected): a lone surrogate, a duplicate key, nesting deeper than ``depthMax``.
package struct JSONReader {
  /// Containers inside each other; the entry itself is the first.
  package static let depthMax = 512

  package typealias Fault = EntryFault.JSONFault

  /// Not JSON, at this position of the text.
  package struct SyntaxError: Error {
    package let fault: LogError.JSONFault
    package let position: Int
  }

  let text: [UInt8]
  var position = 0
  /// The first fault of the text, in its order.
  private(set) var fault: (kind: Fault, position: Int)?

  private init(_ text: [UInt8]) { self.text = text }

  /// Returns the one value that `text` holds, and its first fault. With a fault the value must not be used.
  ///
  /// - Throws: ``SyntaxError`` where the text is not JSON.
  package static func read(
    _ text: [UInt8]
  ) throws(SyntaxError) -> (value: JSONValue, fault: (kind: Fault, position: Int)?) {
    var reader = JSONReader(text)
    reader.skipBlanks()
    let value = try reader.value(depth: 1)
    reader.skipBlanks()
    guard reader.position == text.count else { throw reader.syntaxError(.bytesAfterValue) }
    return (value, reader.fault)
  }

  var current: UInt8? { position < text.count ? text[position] : nil }

  func syntaxError(_ fault: LogError.JSONFault) -> SyntaxError {
    SyntaxError(fault: position < text.count ? fault : .unexpectedEnd, position: position)
  }

  mutating func record(_ kind: Fault, at position: Int) {
    if fault == nil { fault = (kind, position) }
  }

  mutating func skipBlanks() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// - Parameter depth: the depth a container would have here.
  mutating func value(depth: Int) throws(SyntaxError) -> JSONValue {
    switch current {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth <= JSONReader.depthMax else {
        record(.tooDeep, at: position)
        try skipContainer()
        return .null
      }
      return current == UInt8(ascii: "{") ? .object(try object(depth: depth)) : .array(try array(depth: depth))
    default: return try scalar()
    }
  }

  mutating func scalar() throws(SyntaxError) -> JSONValue {
    switch current {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try keyword("true", .boolean(true))
    case UInt8(ascii: "f"): return try keyword("false", .boolean(false))
    case UInt8(ascii: "n"): return try keyword("null", .null)
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .number(try number())
    default: throw syntaxError(.unexpectedByte)
    }
  }

  private mutating func object(depth: Int) throws(SyntaxError) -> JSONObject {
    var members: [(key: [UInt8], value: JSONValue)] = []
    var keys = KeySet()
    try expect(UInt8(ascii: "{"))
    skipBlanks()
    if current == UInt8(ascii: "}") {
      position += 1
      return JSONObject(members)
    }
    while true {
      skipBlanks()
      let keyPosition = position
      let key = try string()
      if !keys.insert(key) { record(.duplicateKey, at: keyPosition) }
      skipBlanks()
      try expect(UInt8(ascii: ":"))
      skipBlanks()
      members.append((key, try value(depth: depth + 1)))
      if try !continues(until: UInt8(ascii: "}")) { return JSONObject(members) }
    }
  }

  private mutating func array(depth: Int) throws(SyntaxError) -> [JSONValue] {
    var elements: [JSONValue] = []
    try expect(UInt8(ascii: "["))
    skipBlanks()
    if current == UInt8(ascii: "]") {
      position += 1
      return elements
    }
    while true {
      skipBlanks()
      elements.append(try value(depth: depth + 1))
      if try !continues(until: UInt8(ascii: "]")) { return elements }
    }
  }

  /// Consumes a comma (true) or the closing bracket (false).
  mutating func continues(until close: UInt8) throws(SyntaxError) -> Bool {
    skipBlanks()
    guard let byte = current, byte == UInt8(ascii: ",") || byte == close else {
      throw syntaxError(.unexpectedByte)
    }
    position += 1
    return byte != close
  }

  mutating func expect(_ byte: UInt8) throws(SyntaxError) {
    guard current == byte else { throw syntaxError(.unexpectedByte) }
    position += 1
  }

  private mutating func keyword(_ word: String, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
    for byte in word.utf8 { try expect(byte) }
    return value
  }

  private mutating func number() throws(SyntaxError) -> [UInt8] {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return Array(text[start..<position])
  }

  /// One digit or more.
  private mutating func digits() throws(SyntaxError) {
    let start = position
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw syntaxError(.invalidNumber) }
  }
}

/// The keys of one object so far: few are compared one by one, many are hashed.
private struct KeySet {
  private static let comparedMax = 16

  private var few: [[UInt8]] = []
  private var many: Set<[UInt8]> = []

  /// Adds a key; false if it is there already.
  mutating func insert(_ key: [UInt8]) -> Bool {
    guard many.isEmpty else { return many.insert(key).inserted }
    guard !few.contains(key) else { return false }
    few.append(key)
    if few.count > KeySet.comparedMax { many = Set(few) }
    return true
  }
}
