/// A JSON value as the log wrote it: number tokens verbatim, strings as unescaped UTF-8 bytes, members in the order
/// of the text.
package enum JSONValue: Equatable, Sendable, Codable {
  case null
  case boolean(Bool)
  /// The token as written: `1.0` and `1` differ.
  case number([UInt8])
  case string([UInt8])
  case array([JSONValue])
  case object(JSONObject)

  package static func text(_ text: String) -> JSONValue { .string(Array(text.utf8)) }

  package static func integer(_ value: some BinaryInteger) -> JSONValue {
    .number(Array(String(value).utf8))
  }

  package static func hexadecimal(_ digest: Digest) -> JSONValue { .string(digest.hexadecimalBytes) }

  package static func decimal(_ number: BigNum128) -> JSONValue { .string(number.decimalBytes) }

  package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(JSONObject(members))
  }

  package var stringBytes: [UInt8]? {
    if case .string(let bytes) = self { bytes } else { nil }
  }

  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  package var objectValue: JSONObject? {
    if case .object(let object) = self { object } else { nil }
  }

  package var isNull: Bool { self == .null }

  /// The value if it is a JSON integer (no fraction, no exponent; `-0` is 0) that `Integer` holds, else nil.
  package func integer<Integer: FixedWidthInteger>(as type: Integer.Type) -> Integer? {
    guard case .number(let token) = self, JSONValue.isIntegerToken(token) else { return nil }
    return Integer(String(decoding: token, as: UTF8.self))
  }

  /// Whether the value is a JSON integer of any magnitude.
  package var isInteger: Bool {
    if case .number(let token) = self { JSONValue.isIntegerToken(token) } else { false }
  }

  /// The value with every integer token in its shortest form: `-0` becomes `0` (protocol.md 3).
  package var withShortestIntegers: JSONValue {
    switch self {
    case .number(let token) where token == Array("-0".utf8): .integer(0)
    case .array(let elements): .array(elements.map(\.withShortestIntegers))
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, $0.value.withShortestIntegers) }))
    default: self
    }
  }

  /// The value with the members of every object in canonical order.
  package var withSortedKeys: JSONValue {
    switch self {
    case .array(let elements): .array(elements.map(\.withSortedKeys))
    case .object(let object):
      .object(
        JSONObject(
          object.members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { ($0.key, $0.value.withSortedKeys) }))
    default: self
    }
  }

  private static func isIntegerToken(_ token: [UInt8]) -> Bool {
    token.allSatisfy { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}

/// The members of a JSON object in the order of the text. Keys are bytes; a parser makes sure that they differ.
package struct JSONObject: Equatable, Sendable, Codable {
  package struct Member: Equatable, Sendable, Codable {
    package let key: [UInt8]
    package let value: JSONValue
  }

  package private(set) var members: [Member]

  package init(_ members: some Sequence<(key: [UInt8], value: JSONValue)>) {
    self.members = members.map { Member(key: $0.key, value: $0.value) }
  }

  package init(_ members: KeyValuePairs<String, JSONValue>) {
    self.members = members.map { Member(key: Array($0.key.utf8), value: $0.value) }
  }

  /// Adds a member that is not there yet, at the end or in front.
  package mutating func add(_ key: String, _ value: JSONValue, inFront: Bool = false) {
    members.insert(Member(key: Array(key.utf8), value: value), at: inFront ? 0 : members.count)
  }

  /// Members whose values differ, in the order of `other` and then of this object; nil where one side has none.
  package func differences(from other: JSONObject) -> [(key: [UInt8], ours: JSONValue?, theirs: JSONValue?)] {
    var ours: [[UInt8]: JSONValue] = [:]
    for member in members { ours[member.key] = member.value }
    var theirs: [[UInt8]: JSONValue] = [:]
    for member in other.members { theirs[member.key] = member.value }
    let keys = other.members.map(\.key) + members.map(\.key).filter { theirs[$0] == nil }
    return keys.filter { ours[$0] != theirs[$0] }.map { ($0, ours[$0], theirs[$0]) }
  }

  /// The value under `key`, or nil where there is none. - Complexity: O(members).
  package subscript(key: String) -> JSONValue? {
    var key = key
    return key.withUTF8 { name in members.first { $0.key.elementsEqual(name) }?.value }
  }
}
