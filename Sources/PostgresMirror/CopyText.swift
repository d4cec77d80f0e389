internal import StorageProtocol

/// How PostgreSQL's COPY spells rows: fields between tabs, `\N` for NULL, and escapes for what would be taken for either.
enum CopyText {
  static let separator = UInt8(ascii: "\t")
  static let null = Array(#"\N"#.utf8)
  /// In front of the hexadecimal digits of a bytea: the backslash of `\x`, escaped.
  static let byteaPrefix = Array(#"\\x"#.utf8)

  /// Bytes that are written as a backslash and a letter (CopyAttributeOutText of PostgreSQL).
  static let escapes: [(byte: UInt8, letter: UInt8)] = [
    // The backslash first: whoever replaces one after the other must not escape what is an escape by now.
    (UInt8(ascii: "\\"), UInt8(ascii: "\\")), (0x08, UInt8(ascii: "b")), (0x09, UInt8(ascii: "t")),
    (0x0A, UInt8(ascii: "n")), (0x0B, UInt8(ascii: "v")), (0x0C, UInt8(ascii: "f")), (0x0D, UInt8(ascii: "r")),
  ]

  /// Appends text, escaped.
  static func append(_ text: UnsafeRawBufferPointer, to line: inout [UInt8]) {
    for byte in text {
      guard let letter = letter(for: byte) else {
        line.append(byte)
        continue
      }
      line.append(UInt8(ascii: "\\"))
      line.append(letter)
    }
  }

  private static func letter(for byte: UInt8) -> UInt8? {
    // All but a few bytes are plain.
    guard byte < 0x20 || byte == UInt8(ascii: "\\") else { return nil }
    return escapes.first { $0.byte == byte }?.letter
  }

  /// The text that a field spells; nil for NULL.
  static func text(ofField field: ArraySlice<UInt8>) -> [UInt8]? {
    guard !field.elementsEqual(null) else { return nil }
    guard field.contains(UInt8(ascii: "\\")) else { return Array(field) }
    var text: [UInt8] = []
    var rest = field
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let letter = rest.popFirst() else {
        text.append(byte)
        continue
      }
      text.append(escapes.first { $0.letter == letter }?.byte ?? letter)
    }
    return text
  }

  /// The fields of a line.
  static func fields(of line: [UInt8]) -> [ArraySlice<UInt8>] {
    line.split(separator: separator, omittingEmptySubsequences: false)
  }
}
