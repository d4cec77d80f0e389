internal import LogReading
internal import StorageProtocol

extension JSONReader {
  /// Reads a string and returns its characters as UTF-8, escapes resolved.
  mutating func string() throws(SyntaxError) -> [UInt8] {
    try expect(UInt8(ascii: "\""))
    var bytes: [UInt8] = []
    while true {
      let plainStart = position
      while let byte = current, JSONReader.isPlain(byte) { position += 1 }
      bytes += text[plainStart..<position]
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        return bytes
      case UInt8(ascii: "\\"): try escape(into: &bytes)
      case .some(0x80...): bytes += try multibyteCharacter()
      case .some: throw syntaxError(.controlCharacter)
      case .none: throw syntaxError(.unexpectedEnd)
      }
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(SyntaxError) {
    let start = position
    position += 1
    let letter = current
    guard letter != UInt8(ascii: "u") else { return try unicodeEscape(startingAt: start, into: &bytes) }
    guard let letter, let byte = JSONReader.escapedByte(letter) else { throw syntaxError(.invalidEscape) }
    position += 1
    bytes.append(byte)
  }

  private static func escapedByte(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  /// `\uxxxx`, or two of them for a surrogate pair. A surrogate without its partner is a fault.
  private mutating func unicodeEscape(startingAt start: Int, into bytes: inout [UInt8]) throws(SyntaxError) {
    let unit = try codeUnit()
    if let scalar = Unicode.Scalar(unit) {
      bytes += Array(String(Character(scalar)).utf8)
    } else if UTF16.isLeadSurrogate(unit), let trail = try trailSurrogate() {
      let code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(trail) - 0xDC00)
      guard let scalar = Unicode.Scalar(code) else { preconditionFailure("a surrogate pair is a character") }
      bytes += Array(String(Character(scalar)).utf8)
    } else {
      record(.loneSurrogate, at: start)
    }
  }

  /// The four digits after `u`, which is at the current position.
  private mutating func codeUnit() throws(SyntaxError) -> UInt16 {
    position += 1
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw syntaxError(.invalidEscape)
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  /// Consumes the escape that follows if it is a trail surrogate; leaves anything else where it is.
  private mutating func trailSurrogate() throws(SyntaxError) -> UInt16? {
    let start = position
    guard current == UInt8(ascii: "\\"), position + 1 < text.count, text[position + 1] == UInt8(ascii: "u")
    else { return nil }
    position += 1
    let unit = try codeUnit()
    if UTF16.isTrailSurrogate(unit) { return unit }
    position = start
    return nil
  }

  /// A character of two to four bytes: shortest form, no surrogate, at most U+10FFFF (Unicode, table 3-7).
  private mutating func multibyteCharacter() throws(SyntaxError) -> ArraySlice<UInt8> {
    let start = position
    let (length, second): (Int, ClosedRange<UInt8>)
    switch text[start] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw syntaxError(.invalidUTF8)
    }
    for index in 1..<length {
      position += 1
      let allowed = index == 1 ? second : 0x80...0xBF
      guard let byte = current, allowed.contains(byte) else { throw syntaxError(.invalidUTF8) }
    }
    position += 1
    return text[start..<position]
  }
}
