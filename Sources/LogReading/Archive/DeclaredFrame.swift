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

  /// Counts by vectors of 32 bytes, each of whose lanes holds 255 lines before it is emptied.
  private static func lineEnds(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(text)
    let ones = SIMD32<UInt8>(repeating: 1)
    var total: UInt64 = 0
    var position = 0
    while position + 32 <= bytes.count {
      var counts = SIMD32<UInt8>()
      let end = min(bytes.count - 31, position + 32 * 255)
      while position < end {
        // The 32 bytes from `position` on are inside the text.
        let vector = bytes.loadUnaligned(fromByteOffset: position, as: SIMD32<UInt8>.self)
        counts &+= SIMD32<UInt8>().replacing(with: ones, where: vector .== 0x0A)
        position += 32
      }
      for lane in 0..<32 { total += UInt64(counts[lane]) }
    }
    for byte in text[position...] where byte == 0x0A { total += 1 }
    return total
  }
}
