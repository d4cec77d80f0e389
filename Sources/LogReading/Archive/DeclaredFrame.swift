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
    var count = 0
    // Vectors by the compiler: a sum of comparisons over bytes.
    for byte in text { count &+= byte == 0x0A ? 1 : 0 }
    return UInt64(count)
  }
}
