internal import StorageProtocol

/// The members of one object of evidence, read strictly; faults name them by their path.
struct EvidenceFields {
  let object: JSONObject
  private let path: String

  /// - Parameter path: empty for the document itself.
  init(_ object: JSONObject, at path: String = "") {
    self.object = object
    self.path = path
  }

  init(_ value: JSONValue, at path: String) throws(EvidenceFault) {
    guard let object = value.objectValue else { throw .impossible(path) }
    self.init(object, at: path)
  }

  /// The path of a member. A name that could be mistaken for something else on a terminal is quoted and escaped.
  func path(_ name: String) -> String {
    let isPlain = name.unicodeScalars.allSatisfy { (" "..."~").contains($0) }
    let shown = isPlain ? name : name.debugDescription
    return path.isEmpty ? shown : "\(path).\(shown)"
  }

  /// Checks that exactly these members are there, in any order; `optional` ones may be.
  func require(_ names: [String], optional: [String] = []) throws(EvidenceFault) {
    if let missing = names.first(where: { object[$0] == nil }) { throw .missing(path(missing)) }
    let known = names + optional
    for member in object.members {
      let name = String(decoding: member.key, as: UTF8.self)
      guard known.contains(name) else { throw .surplus(path(name)) }
    }
  }

  func value(_ name: String) throws(EvidenceFault) -> JSONValue {
    guard let value = object[name] else { throw .missing(path(name)) }
    return value
  }

  func fields(_ name: String) throws(EvidenceFault) -> EvidenceFields {
    try EvidenceFields(value(name), at: path(name))
  }

  func text(_ name: String) throws(EvidenceFault) -> String {
    guard let bytes = try value(name).stringBytes else { throw .impossible(path(name)) }
    return String(decoding: bytes, as: UTF8.self)
  }

  func elements(_ name: String) throws(EvidenceFault) -> [JSONValue] {
    guard let elements = try value(name).elements else { throw .impossible(path(name)) }
    return elements
  }

  func integer(_ name: String) throws(EvidenceFault) -> Int64 {
    guard let integer = EvidenceFields.integer(try value(name), as: Int64.self) else { throw .impossible(path(name)) }
    return integer
  }

  /// An integer, or nil for null.
  func optionalInteger(_ name: String) throws(EvidenceFault) -> Int64? {
    try value(name).isNull ? nil : integer(name)
  }

  func count(_ name: String) throws(EvidenceFault) -> UInt64 {
    guard let count = EvidenceFields.integer(try value(name), as: UInt64.self) else { throw .impossible(path(name)) }
    return count
  }

  /// A count, or nil for null.
  func optionalCount(_ name: String) throws(EvidenceFault) -> UInt64? {
    try value(name).isNull ? nil : count(name)
  }

  func digest(_ name: String) throws(EvidenceFault) -> Digest {
    guard let digest = try value(name).stringBytes.flatMap({ Digest(hexadecimal: $0) }) else {
      throw .impossible(path(name))
    }
    return digest
  }

  /// A digest, or nil for null.
  func optionalDigest(_ name: String) throws(EvidenceFault) -> Digest? {
    try value(name).isNull ? nil : digest(name)
  }

  /// A digest with `sha256:` before it.
  func prefixedDigest(_ name: String) throws(EvidenceFault) -> Digest {
    let text = try text(name)
    guard text.hasPrefix("sha256:"), let digest = Digest(hexadecimal: Array(text.utf8.dropFirst(7))) else {
      throw .impossible(path(name))
    }
    return digest
  }

  func decimal(_ name: String) throws(EvidenceFault) -> BigNum128 {
    guard let number = try? BigNum128(parsing: Array(text(name).utf8)) else { throw .impossible(path(name)) }
    return number
  }

  /// Checks that a member says the same as `expected`, whatever the order of members in it.
  func compare(_ name: String, _ expected: JSONValue, from source: String) throws(EvidenceFault) {
    guard JCS.areEqual(try value(name), expected) else { throw .differs(path(name), from: source) }
  }

  /// The integer a number holds, or a string where the number would not be exact everywhere (``JCS/portable(_:)``).
  private static func integer<Integer: FixedWidthInteger>(_ value: JSONValue, as type: Integer.Type) -> Integer? {
    guard case .string(let digits) = value else { return value.integer(as: type) }
    let number = JSONValue.number(digits)
    guard JCS.portable(number) == value else { return nil }
    return number.integer(as: type).flatMap { Array(String($0).utf8) == digits ? $0 : nil }
  }
}
