/// An entry that a damaged archive has lost, as it is handed on: a text that no log holds, for it is not JSON.
package enum LostEntry {
  /// U+001A, "substitute".
  package static let byte: UInt8 = 0x1A
  package static let text = [byte]

  /// Text that takes the place of a frame: as many lines as it had entries, as many bytes as it had.
  static func frame(_ declared: DeclaredFrame) -> [UInt8] {
    let lineCount = Int(declared.entryCount)
    guard lineCount > 0 else { return [] }
    var text: [UInt8] = []
    text.reserveCapacity(Int(declared.rawBytes))
    for _ in 0..<lineCount { text += [byte, UInt8(ascii: "\n")] }
    // No entry is shorter than a byte and its line end.
    let padding = max(0, Int(declared.rawBytes) - text.count)
    text.removeLast()
    text += repeatElement(UInt8(ascii: " "), count: padding)
    text.append(UInt8(ascii: "\n"))
    return text
  }
}
