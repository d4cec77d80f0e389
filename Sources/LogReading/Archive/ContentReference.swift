internal import StorageProtocol

/// Where an entry's content lies: a frame of a pack (archive.md).
package struct ContentReference: Equatable, Sendable {
  package let pack: UInt64
  package let offset: UInt64
  /// Bytes of the frame.
  package let storedBytes: UInt64
  /// Bytes of the content.
  package let contentBytes: UInt64

  package init(pack: UInt64, offset: UInt64, storedBytes: UInt64, contentBytes: UInt64) {
    self.pack = pack
    self.offset = offset
    self.storedBytes = storedBytes
    self.contentBytes = contentBytes
  }
}

/// The members of a payload that tell of its content, in the text of one entry.
package struct PayloadText {
  private enum Name: CaseIterable {
    case content, pack, offset, stored, size

    var text: StaticString {
      switch self {
      case .content: "content"
      case .pack: "pack"
      case .offset: "offset"
      case .stored: "stored"
      case .size: "size"
      }
    }
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var members: [(name: Name?, member: MemberWalk.Member)] = []

  /// Finds the payload of an entry; nil where there is no object of that name.
  package init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard let payload = MemberWalk.value(of: "payload", in: text, 0..<text.count),
      text[payload.lowerBound] == UInt8(ascii: "{")
    else { return nil }
    self.text = text
    var walk = MemberWalk(text, payload)
    while let member = walk.next() {
      members.append((Name.allCases.first { MemberWalk.isEqual(text, member.key, $0.text) }, member))
    }
  }

  private func values(_ name: Name) -> [MemberWalk.Member] { members.filter { $0.name == name }.map(\.member) }

  /// Whether the payload has no content of its own, and names a pack.
  package var isReference: Bool { values(.content).isEmpty && !values(.pack).isEmpty }

  /// The reference; nil where it is not as the format says.
  var reference: ContentReference? {
    guard let pack = number(.pack), let offset = number(.offset), let stored = number(.stored), let size = number(.size)
    else { return nil }
    return ContentReference(pack: pack, offset: offset, storedBytes: stored, contentBytes: size)
  }

  private func number(_ name: Name) -> UInt64? {
    let values = values(name)
    guard values.count == 1, let value = values.first?.value, !value.isEmpty, value.count <= 20 else { return nil }
    var number: UInt64 = 0
    for byte in text[value] {
      let (shifted, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(UInt64(byte &- UInt8(ascii: "0")))
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), !overflow, !carry else { return nil }
      number = sum
    }
    return number
  }

  /// The entry with its content in the place of the reference: the text that was packed.
  package func inlining(_ content: [UInt8]) -> [UInt8] {
    guard let first = members.first?.member.key.lowerBound, let last = members.last?.member.value.upperBound else {
      preconditionFailure("a payload with a reference has members")
    }
    // In front of a key there is its quote.
    var output = Array(text[..<(first - 1)])
    var gapStart = first - 1
    var isFirst = true
    for (name, member) in members {
      defer { gapStart = member.value.upperBound }
      guard name == nil || name == .pack else { continue }
      if !isFirst { output += text[gapStart..<(member.key.lowerBound - 1)] }
      isFirst = false
      guard name == .pack else {
        output += text[(member.key.lowerBound - 1)..<member.value.upperBound]
        continue
      }
      output += Array("\"content".utf8) + text[member.key.upperBound..<member.value.lowerBound]
      output.append(UInt8(ascii: "\""))
      Base64Text.append(content, to: &output)
      output.append(UInt8(ascii: "\""))
    }
    return output + text[last...]
  }

  /// The text in front of and behind where a reference's members go in the place of the content.
  ///
  /// - Parameter contentBytes: how many bytes the base64 text spells.
  /// - Returns: nil where that could not be taken back: the content is not there just once as a member spelt plainly, a member
  ///   has a name that a reference needs, or encoding the bytes again gives another text.
  package func aroundContent(of contentBytes: Int) -> (head: [UInt8], tail: [UInt8])? {
    let contents = values(.content)
    let isTaken = members.contains { $0.name != nil && $0.name != .content }
    guard contents.count == 1, !isTaken, isCanonical(contents[0].value, contentBytes) else { return nil }
    let content = contents[0]
    let head =
      Array(text[..<content.key.lowerBound]) + Array("pack".utf8)
      + text[content.key.upperBound..<content.value.lowerBound]
    return (head, Array(text[content.value.upperBound...]))
  }

  /// Whether the base64 text in quotes, which spells `contentBytes` bytes, is what encoding them gives: no character is
  /// escaped, and no unused bit is set.
  private func isCanonical(_ quoted: Range<Int>, _ contentBytes: Int) -> Bool {
    guard quoted.count == (contentBytes + 2) / 3 * 4 + 2 else { return false }
    let rest = contentBytes % 3
    guard rest > 0 else { return true }
    let last = text[quoted.upperBound - 1 - (rest == 1 ? 3 : 2)]
    guard let value = Base64Text.value(of: last) else { return false }
    return value & (rest == 1 ? 0x0F : 0x03) == 0
  }
}

extension ContentReference {
  /// The members that follow the name `pack` and its colon.
  package var members: [UInt8] {
    Array(#"\#(pack),"offset":\#(offset),"stored":\#(storedBytes),"size":\#(contentBytes)"#.utf8)
  }
}
