internal import Glibc

/// What a manifest says of one frame, and where it is.
struct DeclaredFrame {
  let file: String
  let number: Int
  let rawBytes: UInt64
  let entryCount: UInt64

  init(_ segment: ArchiveManifest.Segment, _ number: Int) {
    file = segment.file
    self.number = number
    rawBytes = segment.frames[number].rawBytes
    entryCount = segment.frames[number].entryCount
  }

  var inflates: LogError.Reason { .archive(.frameInflates(declaredBytes: rawBytes)) }

  /// Compares the frame's text with what is declared: its size, whole lines, as many as there are entries.
  ///
  /// - Throws: `.archive`, without a place.
  func check(_ text: UnsafeBufferPointer<UInt8>) throws(LogError) {
    guard UInt64(text.count) == rawBytes else {
      throw LogError(.archive(.frameText(declaredBytes: rawBytes, found: UInt64(text.count))))
    }
    guard text.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") else { throw LogError(.archive(.frameLineCut)) }
    let lineCount = DeclaredFrame.lineEnds(text)
    guard lineCount == entryCount else {
      throw LogError(.archive(.frameEntries(declared: entryCount, found: lineCount)))
    }
  }

  private static func lineEnds(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let base = text.baseAddress else { return 0 }
    var count: UInt64 = 0
    var position = 0
    // Looks at the `text.count - position` bytes behind `position` only.
    while let end = memchr(base + position, 0x0A, text.count - position) {
      count += 1
      position = UnsafeRawPointer(end) - UnsafeRawPointer(base) + 1
    }
    return count
  }
}
