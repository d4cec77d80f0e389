internal import LogDecoding
package import LogReading
package import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

/// The entries of a batch as an archive has them: contents compressed, lines not yet in a frame.
///
/// Made for batches side by side; appended in log order.
package struct PackedBatch: Sendable {
  private struct Line {
    var end: Int
    var isLiteral = false
    /// Where in the line its content's reference goes, the content's frame, and its size.
    var content: (place: Int, frame: [UInt8], contentBytes: Int)?
  }

  private var text: [UInt8] = []
  private var lines: [Line] = []
  /// Offset in the log of the first entry whose content is in an archive, and was not read: it would be lost.
  package private(set) var lostContent: UInt64?

  package init(_ batch: SurveyedBatch, _ encoder: FrameEncoder) {
    for entry in 0..<batch.count { append(batch.entry(entry), encoder) }
  }

  private mutating func append(_ entry: SurveyedEntry, _ encoder: FrameEncoder) {
    guard let original = entry.text else {
      lostContent = lostContent ?? entry.byteOffset
      return
    }
    var line = Line(end: 0)
    let around = entry.movableContent.flatMap { content in
      original.withUnsafeBufferPointer { PayloadText($0)?.aroundContent(of: content.count) }
    }
    if let content = entry.movableContent, let (head, tail) = around {
      let frame = encoder.frame(content)
      line.content = (head.unbroken.count, frame, content.count)
      text += head.unbroken + tail.unbroken
    } else {
      line.isLiteral = entry.looksLikeReference(original)
      text += original.unbroken
    }
    line.end = text.count
    lines.append(line)
  }

  /// Appends the batch to an archive.
  ///
  /// - Throws: ``FileError``.
  func append(to archive: inout ArchiveWriter) throws(FileError) {
    var start = 0
    for line in lines {
      let bytes = text[start..<line.end]
      start = line.end
      guard let (place, frame, contentBytes) = line.content else {
        try archive.append(bytes, isLiteral: line.isLiteral)
        continue
      }
      let reference = try archive.append(content: frame, contentBytes: contentBytes)
      let split = bytes.startIndex + place
      try archive.append(bytes[..<split] + reference.members + bytes[split...], isLiteral: false)
    }
  }
}

extension [UInt8] {
  /// The text of an entry on one line: a line break inside of it is white space between its tokens.
  package var unbroken: [UInt8] {
    contains(UInt8(ascii: "\n")) ? map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 } : self
  }
}
