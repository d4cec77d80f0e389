/// Values and texts that may come from anywhere, for one line of a terminal: escaped as in JSON.
package enum PrintableText {
  /// A value as JSON, cut where it is too long: for a line of a terminal if nothing else is said.
  package static func json(_ value: JSONValue, bytesMax: Int = 200) -> String {
    let text = JSONFormat.line.encode(value)
    let shown = String(decoding: text.prefix(bytesMax), as: UTF8.self)
    return text.count > bytesMax ? "\(shown)… (\(text.count) bytes)" : shown
  }

  /// A text in quotes, cut where it is too long for a line.
  package static func quoted(_ bytes: [UInt8]) -> String { json(.string(bytes)) }

  /// A text in quotes, cut where it is too long for a line.
  package static func quoted(_ text: String) -> String { json(.text(text)) }

  /// A text for people who read other letters than ASCII too, whole: only what nobody sees, or what steers a terminal or turns the
  /// direction of its neighbours, is named by its number.
  package static func visible(_ text: String, keepsLineBreaks: Bool = false) -> String {
    var visible = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isUnseen(scalar), scalar != "\n" || !keepsLineBreaks {
        visible.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      } else {
        visible.append(scalar)
      }
    }
    return String(visible)
  }

  /// Whether a character has no picture of its own on every terminal and page.
  package static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: true
    default: false
    }
  }

  /// A text without quotes, whole.
  package static func plain(_ bytes: [UInt8]) -> String {
    String(decoding: JSONFormat.line.encode(.string(bytes)).dropFirst().dropLast(), as: UTF8.self)
  }
}
