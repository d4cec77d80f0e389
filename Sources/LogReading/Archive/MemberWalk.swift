/// Walks the members of a JSON object by their bytes, without reading values: for text that is known to be JSON.
///
/// On other text it ends early; it never looks outside of the text.
struct MemberWalk {
  struct Member {
    /// The key between its quotes, as written.
    let key: Range<Int>
    let value: Range<Int>
  }

  private let text: UnsafeBufferPointer<UInt8>
  private var position: Int
  private let end: Int

  /// - Parameter object: where in `text` the object lies, with its braces.
  init(_ text: UnsafeBufferPointer<UInt8>, _ object: Range<Int>) {
    self.text = text
    end = object.upperBound
    position = object.lowerBound
    skipBlanks()
    position = position < end && text[position] == UInt8(ascii: "{") ? position + 1 : end
  }

  mutating func next() -> Member? {
    skip { MemberWalk.isBlank($0) || $0 == UInt8(ascii: ",") }
    guard position < end, text[position] == UInt8(ascii: "\"") else { return nil }
    let keyStart = position + 1
    skipString()
    guard position <= end, position > keyStart else { return nil }
    let key = keyStart..<position - 1
    skip { MemberWalk.isBlank($0) || $0 == UInt8(ascii: ":") }
    let start = position
    skipValue()
    return position > start ? Member(key: key, value: start..<position) : nil
  }

  private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
    while position < end, isSkipped(text[position]) { position += 1 }
  }

  private mutating func skipBlanks() { skip(MemberWalk.isBlank) }

  private static func isBlank(_ byte: UInt8) -> Bool { EntryScanner.isBlank(byte) }

  /// From a quote to behind the quote that ends the string.
  private mutating func skipString() {
    position += 1
    while position < end {
      let byte = text[position]
      position += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return }
    }
    position = min(position, end)
  }

  private mutating func skipValue() {
    var depth = 0
    while position < end {
      switch text[position] {
      case UInt8(ascii: "\""):
        skipString()
        if depth == 0 { return }
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { return }
        depth -= 1
        if depth == 0 {
          position += 1
          return
        }
      case UInt8(ascii: ",") where depth == 0, 0x20 where depth == 0, 0x09 where depth == 0, 0x0A where depth == 0,
        0x0D where depth == 0:
        return
      default: break
      }
      position += 1
    }
  }
}

extension MemberWalk {
  /// The value of the first member of `object` whose key is spelt `name`.
  static func value(
    of name: StaticString, in text: UnsafeBufferPointer<UInt8>, _ object: Range<Int>
  ) -> Range<Int>? {
    var walk = MemberWalk(text, object)
    while let member = walk.next() {
      if isEqual(text, member.key, name) { return member.value }
    }
    return nil
  }

  static func isEqual(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ name: StaticString) -> Bool {
    // A static string has `utf8CodeUnitCount` bytes.
    range.count == name.utf8CodeUnitCount
      && text[range].elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
  }
}
