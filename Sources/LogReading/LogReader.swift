package import StorageProtocol

/// One entry of a log as written, not yet looked at.
package struct RawEntry: Equatable, Sendable {
  package let ordinal: Ordinal
  /// Position of the first byte in the decompressed log.
  package let byteOffset: UInt64
  /// The entry's text, without the white space around it.
  package let bytes: [UInt8]

  package init(ordinal: Ordinal, byteOffset: UInt64, bytes: [UInt8]) {
    self.ordinal = ordinal
    self.byteOffset = byteOffset
    self.bytes = bytes
  }
}

/// Reads a log in any accepted form and hands out its entries in order (protocol.md 9).
///
/// Memory is bounded by one block of the file and one entry, whatever the log's length.
package struct LogReader: ~Copyable {
  private let options: LogReadingOptions
  private let file: StoredFile
  private let decoder: FrameDecoder?
  private let container: LogContainer
  private var scanner: EntryScanner
  private var buffer: [UInt8]
  private var isComplete = false
  /// Offset in the decompressed log of the buffer's first byte.
  private var bufferOffset: UInt64
  private var entryCount: UInt64 = 0

  /// Opens a log. A name that ends in `.json`, `.jsonl` or either with `.lz4` tells its form; any other name, and
  /// standard input, is LZ4 by its magic number, and an array if the first byte that is not blank is `[`.
  ///
  /// - Throws: ``LogError`` of opening, reading, and of the first frame.
  package init(_ source: LogSource, options: LogReadingOptions) throws(LogError) {
    let form = LogForm(name: source.name)
    let file = try StoredFile(source, options: options)
    var buffer = try LogReader.readStart(of: file)
    var decoder: FrameDecoder?
    if form.isCompressed ?? FrameDecoder.isFrameStart(buffer[...]) {
      decoder = try FrameDecoder(file: file, input: buffer)
      buffer = []
    }
    var blankCount: UInt64 = 0
    var container = form.container
    if container == nil {
      container = try LogReader.container(of: &buffer, &blankCount, decoder: decoder, file: file)
    }
    self.init(options, file, decoder, container ?? .lines, buffer, bufferOffset: blankCount)
  }

  private init(
    _ options: LogReadingOptions, _ file: StoredFile, _ decoder: FrameDecoder?, _ container: LogContainer,
    _ buffer: [UInt8], bufferOffset: UInt64
  ) {
    self.options = options
    self.file = file
    self.decoder = decoder
    self.container = container
    self.buffer = buffer
    self.bufferOffset = bufferOffset
    scanner = EntryScanner(container)
  }

  /// Reads until a magic number is there, or the file ends: a pipe may hand out single bytes.
  private static func readStart(of file: StoredFile) throws(LogError) -> [UInt8] {
    var start: [UInt8] = []
    while start.count < 4 {
      let block = try file.read()
      if block.isEmpty { break }
      start += block
    }
    return start
  }

  /// Looks for the first byte that is not blank, and drops the blanks before it.
  private static func container(
    of buffer: inout [UInt8], _ blankCount: inout UInt64, decoder: FrameDecoder?, file: StoredFile
  ) throws(LogError) -> LogContainer {
    while true {
      let blanks = buffer.prefix(while: EntryScanner.isBlank).count
      blankCount += UInt64(blanks)
      buffer.removeFirst(blanks)
      if let first = buffer.first { return first == UInt8(ascii: "[") ? .array : .lines }
      buffer = try nextBlock(of: file, decoder: decoder)
      if buffer.isEmpty { return .lines }
    }
  }

  private static func nextBlock(of file: StoredFile, decoder: FrameDecoder?) throws(LogError) -> [UInt8] {
    guard let decoder else { return try file.read() }
    return try decoder.read()
  }

  /// Returns the next entry, or nil at the end of the log.
  ///
  /// - Throws: ``LogError`` with ordinal and byte offset.
  package mutating func next() throws(LogError) -> RawEntry? {
    while true {
      if options.isInterrupted() { throw LogError(.interrupted) }
      options.onProgress(file.bytesRead, entryCount)
      switch scanner.next(in: buffer, isComplete: isComplete) {
      case .entry(let range):
        let entry = RawEntry(
          ordinal: Ordinal(entryCount), byteOffset: bufferOffset + UInt64(range.lowerBound),
          bytes: Array(buffer[range]))
        guard entry.bytes.count <= options.entryBytesMax else { throw tooLong(at: entry.byteOffset) }
        entryCount += 1
        return entry
      case .damage(let reason, let position):
        throw LogError(reason, ordinal: entryCount, byteOffset: bufferOffset + UInt64(position))
      case .needsMore:
        if isComplete { return nil }
        try readMore()
      }
    }
  }

  private mutating func readMore() throws(LogError) {
    dropScannedBytes()
    guard buffer.count <= options.entryBytesMax else { throw tooLong(at: bufferOffset) }
    do {
      let block = try LogReader.nextBlock(of: file, decoder: decoder)
      isComplete = block.isEmpty
      buffer += block
    } catch {
      throw LogError(
        error.reason, ordinal: entryCount, byteOffset: bufferOffset + UInt64(buffer.count),
        storedOffset: error.storedOffset)
    }
  }

  private func tooLong(at offset: UInt64) -> LogError {
    LogError(.entryTooLong(bytesMax: options.entryBytesMax), ordinal: entryCount, byteOffset: offset)
  }

  private mutating func dropScannedBytes() {
    let count = scanner.firstNeededPosition
    buffer.removeFirst(count)
    scanner.didDrop(count)
    bufferOffset += UInt64(count)
  }

  /// What was read: complete once ``next()`` has returned nil.
  package var extent: LogExtent {
    LogExtent(
      container: container, sha256: file.digest, storedBytes: file.bytesRead,
      rawBytes: bufferOffset + UInt64(buffer.count),
      entries: entryCount, frames: decoder?.frameCount)
  }
}

/// The size and identity of a log as it was read.
package struct LogExtent: Equatable, Sendable {
  package let container: LogContainer
  /// SHA-256 of the file as stored; nil where it was not asked for.
  package let sha256: Digest?
  package let storedBytes: UInt64
  /// Bytes of the decompressed log.
  package let rawBytes: UInt64
  package let entries: UInt64
  /// LZ4 frames; nil for a log that is not compressed.
  package let frames: UInt64?

  package init(
    container: LogContainer, sha256: Digest?, storedBytes: UInt64, rawBytes: UInt64, entries: UInt64, frames: UInt64?
  ) {
    self.container = container
    self.sha256 = sha256
    self.storedBytes = storedBytes
    self.rawBytes = rawBytes
    self.entries = entries
    self.frames = frames
  }
}
