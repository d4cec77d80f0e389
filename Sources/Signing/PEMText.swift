/// One block of PEM text (RFC 7468).
struct PEMText: Equatable {
  let label: String
  let bytes: [UInt8]

  private static let lineBytes = 64

  init(label: String, bytes: [UInt8]) {
    self.label = label
    self.bytes = bytes
  }

  /// Reads text that holds one block and nothing else but white space around its lines.
  ///
  /// - Throws: `.notPEM`.
  init(parsing text: [UInt8]) throws(KeyFault) {
    let lines = text.split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line, as: UTF8.self).trimmingSpaces
    }.filter { !$0.isEmpty }
    guard lines.count >= 3, let first = lines.first, let last = lines.last,
      first.hasPrefix("-----BEGIN "), first.hasSuffix("-----"), first.utf8.count > 16
    else { throw .notPEM }
    label = String(first.dropFirst("-----BEGIN ".count).dropLast("-----".count))
    guard last == "-----END \(label)-----",
      let bytes = Base64.decode(lines.dropFirst().dropLast().flatMap { Array($0.utf8) })
    else { throw .notPEM }
    self.bytes = bytes
  }

  /// The block, lines of 64 characters, ended by a line break.
  var text: [UInt8] {
    var text = Array("-----BEGIN \(label)-----\n".utf8)
    var rest = Base64.encode(bytes)[...]
    while !rest.isEmpty {
      text += rest.prefix(PEMText.lineBytes) + [UInt8(ascii: "\n")]
      rest = rest.dropFirst(PEMText.lineBytes)
    }
    return text + Array("-----END \(label)-----\n".utf8)
  }
}

extension String {
  /// Without blanks, tabs and carriage returns at both ends.
  fileprivate var trimmingSpaces: String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\r" }
    let scalars = unicodeScalars.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return String(String.UnicodeScalarView(scalars))
  }
}
