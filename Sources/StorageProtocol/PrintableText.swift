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

  /// A text without quotes, whole.
  package static func plain(_ bytes: [UInt8]) -> String {
    String(decoding: JSONFormat.line.encode(.string(bytes)).dropFirst().dropLast(), as: UTF8.self)
  }
}
