internal import CJSONText
internal import Glibc
internal import LogReading
internal import StorageProtocol

/// The values of one JSON text, found in one pass by the C scanner. Used for one text after the other.
///
/// A node is an index; 0 is the whole value, and, since no member is the whole value, "not there".
struct JSONTape: ~Copyable {
  typealias Node = UInt32

  enum Outcome {
    case json
    case syntaxError(LogError.JSONFault, position: Int)
    case noMemory
  }

  /// An entry up to here may take as much memory once more, for a moment; a longer one has a content, which no event repeats.
  private static let simpleBytesMax = 1 << 15

  private let document: UnsafeMutablePointer<cjson_document>
  private var buffer = cjson_buffer()
  private var text = ByteView.empty

  init() {
    guard let document = cjson_document_create() else { preconditionFailure("there is memory for an empty document") }
    self.document = document
  }

  deinit {
    cjson_document_free(document)
    var buffer = buffer
    cjson_buffer_free(&buffer)
  }

  /// Reads `text`, which must stay where it is for as long as its nodes are used.
  mutating func read(_ text: ByteView) -> Outcome {
    self.text = text
    return outcome(cjson_parse(document, text.start, text.count))
  }

  /// Reads `text`, and sets `values` to the values of the members that `names` name, 0 where there is none: fastest where the text has
  /// those alone, in this order.
  mutating func read(
    _ text: ByteView, _ names: borrowing MemberNames, _ values: UnsafeMutablePointer<Node>
  ) -> Outcome {
    self.text = text
    return outcome(
      cjson_parse_members(document, text.start, text.count, names.names.baseAddress, names.names.count, values))
  }

  private func outcome(_ status: cjson_status) -> Outcome {
    switch status {
    case CJSON_OK: .json
    case CJSON_NO_MEMORY: .noMemory
    default: .syntaxError(JSONTape.fault(document.pointee.error), position: document.pointee.error_position)
    }
  }

  /// The first fault of the text.
  var fault: (kind: EntryFault.JSONFault, position: Int)? {
    let position = document.pointee.fault_position
    switch document.pointee.fault {
    case CJSON_LONE_SURROGATE: return (.loneSurrogate, position)
    case CJSON_DUPLICATE_KEY: return (.duplicateKey, position)
    case CJSON_TOO_DEEP: return (.tooDeep, position)
    default: return nil
    }
  }

  private static func fault(_ error: cjson_syntax) -> LogError.JSONFault {
    switch error {
    case CJSON_UNEXPECTED_END: .unexpectedEnd
    case CJSON_INVALID_UTF8: .invalidUTF8
    case CJSON_CONTROL_CHARACTER: .controlCharacter
    case CJSON_INVALID_ESCAPE: .invalidEscape
    case CJSON_INVALID_NUMBER: .invalidNumber
    case CJSON_BYTES_AFTER_VALUE: .bytesAfterValue
    default: .unexpectedByte
    }
  }

  // MARK: Nodes

  private func pointee(_ node: Node) -> UnsafePointer<cjson_node> {
    // Nodes come from this document: below `node_count`.
    document.pointee.nodes + Int(node)
  }

  private func has(_ node: Node, _ kind: cjson_kind) -> Bool {
    pointee(node).pointee.kind == UInt8(truncatingIfNeeded: kind.rawValue)
  }

  func isObject(_ node: Node) -> Bool { has(node, CJSON_OBJECT) }
  func isArray(_ node: Node) -> Bool { has(node, CJSON_ARRAY) }
  func isString(_ node: Node) -> Bool { has(node, CJSON_STRING) }
  func isNull(_ node: Node) -> Bool { has(node, CJSON_NULL) }

  /// Elements of an array, or members of an object.
  func count(_ node: Node) -> Int { Int(pointee(node).pointee.count) }

  /// The node after a value and everything inside it.
  func next(_ node: Node) -> Node { pointee(node).pointee.next }

  /// The text of a value as written; of a string what is between its quotes.
  private func raw(_ node: Node) -> ByteView {
    let value = pointee(node).pointee
    return ByteView(text.start + Int(value.start), Int(value.length))
  }

  /// The bytes of a string: where they stand if nothing is escaped, else in `arena`.
  func bytes(_ node: Node, _ arena: inout ByteArena) -> ByteView {
    let raw = raw(node)
    guard pointee(node).pointee.flags & UInt8(CJSON_ESCAPED) != 0 else { return raw }
    // Unescaping never lengthens.
    let output = arena.allocate(raw.count).assumingMemoryBound(to: UInt8.self)
    return ByteView(output, cjson_unescape(raw.start, raw.count, output))
  }

  /// The bytes that base64 text spells, in `arena`; nil for anything else.
  static func base64(_ text: ByteView, _ arena: inout ByteArena) -> ByteView? {
    let output = arena.allocate(text.count / 4 * 3).assumingMemoryBound(to: UInt8.self)
    let count = cjson_base64_decode(text.start, text.count, output)
    // SIZE_MAX, which is no base64, is negative here.
    return count < 0 ? nil : ByteView(output, count)
  }

  /// The digest that the 64 **lowercase** hexadecimal digits at `text` spell; nil for any other 64 bytes.
  static func digest(_ text: UnsafePointer<UInt8>) -> Digest? {
    withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 16) { bytes in
      guard let start = bytes.baseAddress else { preconditionFailure("there is room for a digest") }
      // 64 bytes are read, 32 written.
      guard cjson_digest_decode(text, start.assumingMemoryBound(to: UInt8.self)) else { return nil }
      return Digest(loading: start)
    }
  }

  // MARK: Integers

  /// The value of a JSON integer from −2^63 to 2^63 − 1, else nil.
  func signed(_ node: Node) -> Int64? {
    guard let (magnitude, isNegative) = integer(node) else { return nil }
    if !isNegative { return Int64(exactly: magnitude) }
    return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
  }

  /// The value of a JSON integer from 0 to 2^64 − 1, else nil.
  func unsigned(_ node: Node) -> UInt64? {
    guard let (magnitude, isNegative) = integer(node), !isNegative || magnitude == 0 else { return nil }
    return magnitude
  }

  private func integer(_ node: Node) -> (magnitude: UInt64, isNegative: Bool)? {
    guard has(node, CJSON_NUMBER), pointee(node).pointee.flags & UInt8(CJSON_INTEGER) != 0 else { return nil }
    let digits = raw(node)
    let isNegative = digits.start.pointee == UInt8(ascii: "-")
    var magnitude: UInt64 = 0
    for index in (isNegative ? 1 : 0)..<digits.count {
      let (shifted, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(UInt64(digits.start[index] &- UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      magnitude = sum
    }
    return (magnitude, isNegative)
  }

  // MARK: Members

  /// The object of the members that `members` name, in canonical form, in `arena`. All of `values` are there.
  mutating func canonicalObject(
    _ members: borrowing CanonicalMembers, _ values: UnsafePointer<Node>, _ arena: inout ByteArena
  ) -> ByteView {
    let table = members.members
    if text.count <= JSONTape.simpleBytesMax, let simple = simpleObject(table, values, &arena) { return simple }
    for index in 0..<table.count {
      append(members.texts[index])
      appendCanonical(values[Int(table[index].value)], shortestIntegers: true)
    }
    append("}")
    return takeText(&arena)
  }

  /// Sets `values` to the values of the members of `object` that `names` name, 0 where there is none.
  func find(_ names: borrowing MemberNames, in object: Node, _ values: UnsafeMutablePointer<Node>) {
    cjson_find_members(document, text.start, object, names.names.baseAddress, names.names.count, values)
  }

  // MARK: Text

  /// Appends the canonical form of a value to the text that ``takeText(_:)`` takes.
  ///
  /// What is canonical as it stands is copied here: plain strings, `null`, and numbers but for `-0`.
  mutating func appendCanonical(_ node: Node, shortestIntegers: Bool) {
    let value = pointee(node).pointee
    if value.kind == UInt8(truncatingIfNeeded: CJSON_STRING.rawValue), value.flags & UInt8(CJSON_PLAIN) != 0 {
      // With the quotes around it.
      return append(text.start + Int(value.start) - 1, Int(value.length) + 2)
    }
    let isNumber = value.kind == UInt8(truncatingIfNeeded: CJSON_NUMBER.rawValue)
    if isNumber && value.length != 2 || value.kind == UInt8(truncatingIfNeeded: CJSON_NULL.rawValue) {
      return append(text.start + Int(value.start), Int(value.length))
    }
    guard cjson_append_canonical(document, text.start, node, shortestIntegers, &buffer) else {
      preconditionFailure("there is memory for six times the entry")
    }
  }

  private func simpleObject(
    _ members: UnsafeBufferPointer<cjson_member>, _ values: UnsafePointer<Node>, _ arena: inout ByteArena
  ) -> ByteView? {
    let capacity = text.count + Int(CJSON_WRITE_SLACK)
    let output = arena.allocate(capacity).assumingMemoryBound(to: UInt8.self)
    let count = cjson_write_simple_members(
      document, text.start, text.count, members.baseAddress, members.count, values, output)
    // SIZE_MAX, which is no length, is negative here.
    let end = output + max(0, count)
    arena.giveBack(from: end, to: output + capacity)
    return count < 0 ? nil : ByteView(output, count)
  }

  mutating func append(_ string: StaticString) { append(string.utf8Start, string.utf8CodeUnitCount) }

  private mutating func append(_ start: UnsafePointer<UInt8>, _ count: Int) {
    if buffer.count + count > buffer.capacity { reserve(count) }
    guard let bytes = buffer.bytes else { preconditionFailure("room was made") }
    // `buffer.count + count` is at most the capacity.
    (bytes + buffer.count).update(from: start, count: count)
    buffer.count += count
  }

  private mutating func reserve(_ count: Int) {
    let capacity = max(4096, 2 * (buffer.count + count))
    guard let bytes = realloc(buffer.bytes, capacity) else { preconditionFailure("there is memory for a text") }
    buffer.bytes = bytes.assumingMemoryBound(to: UInt8.self)
    buffer.capacity = capacity
  }

  /// Moves the text appended so far into `arena`.
  mutating func takeText(_ arena: inout ByteArena) -> ByteView {
    defer { buffer.count = 0 }
    guard let bytes = buffer.bytes, buffer.count > 0 else { return .empty }
    return arena.copy(bytes, buffer.count)
  }

  // MARK: Values

  /// The value as the protocol's type: for the few that need it.
  func value(_ node: Node) -> JSONValue {
    switch UInt32(pointee(node).pointee.kind) {
    case CJSON_TRUE.rawValue: return .boolean(true)
    case CJSON_FALSE.rawValue: return .boolean(false)
    case CJSON_NUMBER.rawValue: return .number(raw(node).array)
    case CJSON_STRING.rawValue: return .string(string(node))
    case CJSON_ARRAY.rawValue:
      var elements: [JSONValue] = []
      forEach(node) { elements.append(value($0)) }
      return .array(elements)
    case CJSON_OBJECT.rawValue:
      var members: [(key: [UInt8], value: JSONValue)] = []
      forEach(node) { members.append((string($0), value($0 + 1))) }
      return .object(JSONObject(members))
    default: return .null
    }
  }

  /// Calls `body` with each element of an array, or each key of an object; a key's value is the node after it.
  func forEach(_ container: Node, _ body: (Node) -> Void) {
    var node = container + 1
    let step = isObject(container)
    for _ in 0..<count(container) {
      body(node)
      node = step ? next(node + 1) : next(node)
    }
  }

  private func string(_ node: Node) -> [UInt8] {
    let raw = raw(node)
    guard pointee(node).pointee.flags & UInt8(CJSON_ESCAPED) != 0 else { return raw.array }
    // An escaped string has two bytes at least.
    return [UInt8](unsafeUninitializedCapacity: raw.count) { output, count in
      count = output.baseAddress.map { cjson_unescape(raw.start, raw.count, $0) } ?? 0
    }
  }
}

/// Names of members to look for.
struct MemberNames: ~Copyable {
  fileprivate let names: UnsafeBufferPointer<cjson_name>

  init(_ names: [StaticString]) {
    let table = UnsafeMutableBufferPointer<cjson_name>.allocate(capacity: names.count)
    for (index, name) in names.enumerated() {
      var prepared = cjson_name()
      // A static string's bytes live for ever.
      prepared.bytes = UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
      prepared.length = name.utf8CodeUnitCount
      cjson_name_prepare(&prepared)
      table.initializeElement(at: index, to: prepared)
    }
    self.names = UnsafeBufferPointer(table)
  }

  deinit { names.deallocate() }
}

/// The members of an object in canonical order, each with what stands before its value there.
struct CanonicalMembers: ~Copyable {
  fileprivate let members: UnsafeBufferPointer<cjson_member>
  fileprivate let texts: [StaticString]

  /// - Parameter members: for each its place among the values found, and at most 32 bytes of text.
  init(_ members: [(value: Int, text: StaticString)]) {
    let table = UnsafeMutableBufferPointer<cjson_member>.allocate(capacity: members.count)
    for (index, member) in members.enumerated() {
      let text = UnsafeRawBufferPointer(start: member.text.utf8Start, count: member.text.utf8CodeUnitCount)
      var written = cjson_member()
      withUnsafeMutableBytes(of: &written.key) { key in
        precondition(text.count <= key.count, "the key of a member is short")
        key.copyMemory(from: text)
      }
      written.key_length = UInt32(text.count)
      written.value = UInt32(member.value)
      table.initializeElement(at: index, to: written)
    }
    self.members = UnsafeBufferPointer(table)
    texts = members.map(\.text)
  }

  deinit { members.deallocate() }

  /// Whether all of `values` are there.
  func areAll(in values: UnsafePointer<JSONTape.Node>) -> Bool {
    for member in members where values[Int(member.value)] == 0 { return false }
    return true
  }
}
