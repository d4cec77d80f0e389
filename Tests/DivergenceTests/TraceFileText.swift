import StorageProtocol

/// A golden trace taken apart, changed and sealed again: what only somebody with intent does.
struct TraceFileText {
  var sections: [(name: String, payload: [UInt8])] = []
  private static let line = Array("eqm-golden/1\n".utf8)

  init(_ bytes: [UInt8]) {
    var rest = bytes.dropFirst(TraceFileText.line.count)
    while !rest.isEmpty {
      let name = String(decoding: rest.prefix(4), as: UTF8.self)
      let count = rest.dropFirst(4).prefix(8).reduce(0) { $0 << 8 | Int($1) }
      sections.append((name, Array(rest.dropFirst(12).prefix(count))))
      rest = rest.dropFirst(12 + count)
    }
    sections.removeLast()
  }

  /// The file, with a seal that fits.
  var sealed: [UInt8] {
    let text = TraceFileText.line + sections.flatMap { TraceFileText.section($0.name, $0.payload) }
    return text + TraceFileText.section("SEAL", Digest.sha256(text).bytes)
  }

  private static func section(_ name: String, _ payload: [UInt8]) -> [UInt8] {
    Array(name.utf8) + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) } + payload
  }

  /// Replaces the first occurrence of a text in the first section of a name that has it.
  mutating func replace(_ text: String, by other: String, in name: String) {
    let (old, new) = (Array(text.utf8), Array(other.utf8))
    for place in sections.indices where sections[place].name == name {
      let payload = sections[place].payload
      guard payload.count >= old.count else { continue }
      for start in 0...(payload.count - old.count) where payload[start..<start + old.count].elementsEqual(old) {
        sections[place].payload = Array(payload[..<start]) + new + Array(payload[(start + old.count)...])
        return
      }
    }
    preconditionFailure("the text is there")
  }
}
