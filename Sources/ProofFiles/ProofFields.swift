internal import StorageProtocol

/// The members of an object in a proof: each is read once and in one spelling, and nothing else may be there.
struct ProofFields {
  private let object: JSONObject
  /// The names of the objects around, for messages.
  private let place: String

  /// - Throws: `.unknown` for a member that is not among `names`, `.missing` for one that is not there.
  init(_ object: JSONObject, at place: String = "", only names: [String]) throws(ProofFault) {
    self.object = object
    self.place = place
    let known = names.map { Array($0.utf8) }
    if let stranger = object.members.first(where: { !known.contains($0.key) }) {
      throw .unknown(field: place + PrintableText.quoted(stranger.key))
    }
    if let name = names.first(where: { object[$0] == nil }) { throw .missing(field: place + name) }
  }

  private func malformed(_ name: String, _ expected: String) -> ProofFault {
    .malformed(field: place + name, expected: expected)
  }

  /// A member in a form; nil from `form` is another one.
  private func read<Value>(
    _ name: String, _ expected: String, _ form: (JSONValue) -> Value?
  ) throws(ProofFault) -> Value {
    guard let member = object[name] else { throw .missing(field: place + name) }
    guard let value = form(member) else { throw malformed(name, expected) }
    return value
  }

  func digest(_ name: String) throws(ProofFault) -> Digest {
    try read(name, ProofFields.digestForm) { $0.stringBytes.flatMap { Digest(hexadecimal: $0) } }
  }

  func digests(_ name: String, atMost countMax: Int) throws(ProofFault) -> [Digest] {
    let elements = try read(name, "a list of at most \(countMax) hashes") {
      $0.elements.flatMap { $0.count <= countMax ? $0 : nil }
    }
    var digests: [Digest] = []
    for (place, element) in elements.enumerated() {
      guard let digest = element.stringBytes.flatMap({ Digest(hexadecimal: $0) }) else {
        throw malformed("\(name)[\(place)]", ProofFields.digestForm)
      }
      digests.append(digest)
    }
    return digests
  }

  private static let digestForm = "64 lowercase hexadecimal digits"

  /// Nil for JSON's null; zeros are what the commitment puts there, and no other spelling of it.
  func merkleRoot(_ name: String) throws(ProofFault) -> Digest? {
    try read(name, "64 lowercase hexadecimal digits, not all zero, or null") { value -> Digest?? in
      if value.isNull { return .some(nil) }
      guard let digest = value.stringBytes.flatMap({ Digest(hexadecimal: $0) }), digest != .zero else { return nil }
      return digest
    }
  }

  func integer<Integer: FixedWidthInteger>(_ name: String, as type: Integer.Type) throws(ProofFault) -> Integer {
    let bits =
      "\(Integer.isSigned ? "a signed" : "an unsigned") integer of \(Integer.bitWidth) bits, in its shortest form"
    return try read(name, bits) { value in
      value.integer(as: type).flatMap { value == .integer($0) ? $0 : nil }
    }
  }

  func decimal(_ name: String) throws(ProofFault) -> BigNum128 {
    try read(name, "a decimal string with 18 fraction digits") { value in
      guard let text = value.stringBytes, let number = try? BigNum128(parsing: text) else { return nil }
      return number.decimalBytes == text ? number : nil
    }
  }

  func identifier(_ name: String) throws(ProofFault) -> Identifier {
    try read(name, "a string") { $0.stringBytes.map(Identifier.init(bytes:)) }
  }

  func flag(_ name: String) throws(ProofFault) -> Bool {
    try read(name, "true or false") { if case .boolean(let flag) = $0 { flag } else { nil } }
  }

  func status(_ name: String) throws(ProofFault) -> NodeStatus {
    try read(name, "active, inactive or revoked") { $0.stringBytes.flatMap(NodeStatus.init(name:)) }
  }

  /// Bytes in lowercase hexadecimal digits.
  func bytes(_ name: String) throws(ProofFault) -> [UInt8] {
    try read(name, "an even number of lowercase hexadecimal digits") {
      $0.stringBytes.flatMap(Hexadecimal.decode)
    }
  }

  /// Nil for null.
  func optionalText(_ name: String) throws(ProofFault) -> [UInt8]? {
    try read(name, "a string or null") { value -> [UInt8]?? in
      value.isNull ? .some(nil) : value.stringBytes
    }
  }

  func object(_ name: String, only names: [String]) throws(ProofFault) -> ProofFields {
    try ProofFields(read(name, "an object") { $0.objectValue }, at: "\(place)\(name).", only: names)
  }

  /// Nil for null.
  func optionalObject(_ name: String, only names: [String]) throws(ProofFault) -> ProofFields? {
    guard object[name] != .null else { return nil }
    return try object(name, only: names)
  }

  func objects(_ name: String, only names: [String]) throws(ProofFault) -> [ProofFields] {
    let elements = try read(name, "a list of objects") { $0.elements }
    var objects: [ProofFields] = []
    for (index, element) in elements.enumerated() {
      guard let object = element.objectValue else { throw malformed("\(name)[\(index)]", "an object") }
      objects.append(try ProofFields(object, at: "\(place)\(name)[\(index)].", only: names))
    }
    return objects
  }

  /// Whether a member is this text; for words that a format fixes.
  func has(_ name: String, _ text: String) -> Bool { object[name] == .text(text) }

  /// The place of a member, for messages.
  func place(of name: String) -> String { place + name }
}
