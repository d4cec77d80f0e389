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

  /// Counts eight bytes at a time: each byte of `counts` those in its column, at most 255 before they are added up.
  private static func lineEnds(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(text)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let wholeWords = bytes.count & ~7
    var total: UInt64 = 0
    var position = 0
    while position < wholeWords {
      var counts: UInt64 = 0
      let end = min(wholeWords, position + 8 * 255)
      while position < end {
        // The word is inside the text.
        let differences = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) ^ (0x0A &* ones)
        // A byte's high bit is set unless all of its bits are 0: no carry leaves it.
        let unequal = ((differences & (0x7F &* ones)) &+ (0x7F &* ones)) | differences
        counts &+= ~unequal >> 7 & ones
        position += 8
      }
      for column in UInt64(0)..<8 { total += counts >> (8 * column) & 0xFF }
    }
    for byte in text[position...] where byte == 0x0A { total += 1 }
    return total
  }
}
