internal import LogDecoding
internal import LogReading
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

  package init(_ batch: SurveyedBatch, _ encoder: FrameEncoder) {
    for entry in 0..<batch.count { append(batch.entry(entry), encoder) }
  }

  private mutating func append(_ entry: SurveyedEntry, _ encoder: FrameEncoder) {
    var line = Line(end: 0, isLiteral: entry.looksLikeReference)
    if let content = entry.movableContent, let (head, tail) = entry.textAroundContent {
      let frame = encoder.frame(content)
      line.content = (PackedBatch.unbroken(head).count, frame, content.count)
      text += PackedBatch.unbroken(head) + PackedBatch.unbroken(tail)
    } else {
      text += PackedBatch.unbroken(entry.text)
    }
    line.end = text.count
    lines.append(line)
  }

  /// The text on one line: a line break inside of an entry is white space between its tokens.
  private static func unbroken(_ text: [UInt8]) -> [UInt8] {
    text.contains(UInt8(ascii: "\n")) ? text.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 } : text
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
