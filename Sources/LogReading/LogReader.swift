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
  private static let entriesPerProgress: UInt64 = 64

  private let options: LogReadingOptions
  private let input: Input
  private let container: LogContainer
  /// Where an archive's contents are.
  private var contents: ContentReader?
  private var scanner: EntryScanner
  private var buffer: [UInt8]
  private var isComplete = false
  /// Offset in the decompressed log of the buffer's first byte.
  private var bufferOffset: UInt64
  private var entryCount: UInt64 = 0
  /// Bytes of the file as stored whose entries were handed out, for progress.
  private var passedBytes: UInt64 = 0
  /// The text of the last entry that was handed out, as the log, or an archive's segment, has it.
  package private(set) var storedText: [UInt8] = []

  private enum Input {
    case text(StoredFile)
    case frames(FrameDecoder, StoredFile)
    case archive(LogArchive, ArchiveText)

    /// The next text; none at the end.
    func read() throws(LogError) -> [UInt8] {
      switch self {
      case .text(let file): try file.read()
      case .frames(let decoder, _): try decoder.read()
      case .archive(_, let text): try text.read()
      }
    }

    var storedBytesRead: UInt64 {
      switch self {
      case .text(let file), .frames(_, let file): file.bytesRead
      case .archive(_, let text): text.storedBytesRead
      }
    }

    /// Bytes of the file as stored behind which the next text comes.
    var storedPosition: UInt64 {
      switch self {
      case .text(let file): file.bytesRead
      case .frames(let decoder, _): decoder.storedPosition
      case .archive(_, let text): text.storedBytesRead
      }
    }
  }

  /// Opens a log. A name that ends in `.json`, `.jsonl` or either with `.lz4` tells its form; any other name, and
  /// standard input, is LZ4 by its magic number, and an array if the first byte that is not blank is `[`. An archive's entries
  /// are handed out as they were packed, with their contents.
  ///
  /// - Throws: ``LogError`` of opening, reading, and of the first frame; of an archive, of its manifest and its files' sizes.
  package init(_ source: LogSource, options: LogReadingOptions) throws(LogError) {
    let opened: Opened =
      if case .archive(let path) = source {
        try LogReader.open(archive: path, options)
      } else {
        try LogReader.open(source, options)
      }
    self.options = options
    input = opened.input
    container = opened.container
    buffer = opened.buffer
    bufferOffset = opened.bufferOffset
    scanner = EntryScanner(opened.container)
    contents = opened.packs.map { ContentReader($0) }
  }

  private struct Opened {
    let input: Input
    let container: LogContainer
    var buffer: [UInt8] = []
    var bufferOffset: UInt64 = 0
    var packs: ContentPacks?
  }

  private static func open(archive path: String, _ options: LogReadingOptions) throws(LogError) -> Opened {
    let archive = try LogArchive(path: path, options: options)
    return Opened(
      input: .archive(archive, try ArchiveText(archive, options: options)), container: .lines,
      packs: try ContentPacks(archive))
  }

  private static func open(_ source: LogSource, _ options: LogReadingOptions) throws(LogError) -> Opened {
    let form = LogForm(name: source.name)
    let file = try StoredFile(source, options: options)
    var buffer = try readStart(of: file)
    var input = Input.text(file)
    if form.isCompressed ?? FrameDecoder.isFrameStart(buffer[...]) {
      input = .frames(try FrameDecoder(file: file, input: buffer), file)
      buffer = []
    }
    var blankCount: UInt64 = 0
    var container = form.container
    if container == nil { container = try self.container(of: &buffer, &blankCount, input) }
    return Opened(input: input, container: container ?? .lines, buffer: buffer, bufferOffset: blankCount)
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
    of buffer: inout [UInt8], _ blankCount: inout UInt64, _ input: Input
  ) throws(LogError) -> LogContainer {
    while true {
      let blanks = buffer.prefix(while: EntryScanner.isBlank).count
      blankCount += UInt64(blanks)
      buffer.removeFirst(blanks)
      if let first = buffer.first { return first == UInt8(ascii: "[") ? .array : .lines }
      buffer = try input.read()
      if buffer.isEmpty { return .lines }
    }
  }

  /// Returns the next entry, or nil at the end of the log.
  ///
  /// - Parameter first: the ordinal before which entries are passed over, without their contents.
  /// - Throws: ``LogError`` with ordinal and byte offset.
  package mutating func next(from first: Ordinal = Ordinal(0)) throws(LogError) -> RawEntry? {
    while true {
      if options.isInterrupted() { throw LogError(.interrupted) }
      // Who is told may look at a clock, which takes as long as a short entry.
      if entryCount % LogReader.entriesPerProgress == 0 { options.onProgress(passedBytes, entryCount) }
      switch scanner.next(in: buffer, isComplete: isComplete) {
      case .entry where entryCount < first.value: entryCount += 1
      case .entry(let range):
        let byteOffset = bufferOffset + UInt64(range.lowerBound)
        // The text before is not kept beside it: either may be large.
        storedText = []
        storedText = Array(buffer[range])
        let bytes = try original(storedText, byteOffset: byteOffset)
        let entry = RawEntry(ordinal: Ordinal(entryCount), byteOffset: byteOffset, bytes: bytes)
        guard entry.bytes.count <= options.entryBytesMax else { throw tooLong(at: entry.byteOffset) }
        entryCount += 1
        return entry
      case .damage(let reason, let position):
        throw LogError(reason, ordinal: entryCount, byteOffset: bufferOffset + UInt64(position))
      case .needsMore:
        if isComplete {
          try checkEntryCount()
          return nil
        }
        try readMore()
      }
    }
  }

  private mutating func readMore() throws(LogError) {
    dropScannedBytes()
    passedBytes = input.storedPosition
    // More may be long in coming.
    options.onProgress(passedBytes, entryCount)
    guard buffer.count <= options.entryBytesMax else { throw tooLong(at: bufferOffset) }
    do {
      let block = try input.read()
      isComplete = block.isEmpty
      buffer += block
    } catch {
      throw placed(error, byteOffset: bufferOffset + UInt64(buffer.count))
    }
  }

  private func placed(_ error: LogError, byteOffset: UInt64) -> LogError {
    var error = error
    error.ordinal = entryCount
    error.byteOffset = byteOffset
    return error
  }

  /// The entry as it was packed.
  private mutating func original(_ text: [UInt8], byteOffset: UInt64) throws(LogError) -> [UInt8] {
    do throws(LogError) {
      return try contents?.original(text, byteOffset: byteOffset) ?? text
    } catch {
      throw placed(error, byteOffset: byteOffset)
    }
  }

  /// Whether an archive held what its manifest says.
  private func checkEntryCount() throws(LogError) {
    guard case .archive(let archive, _) = input else { return }
    try archive.check(entryCount: entryCount)
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

  /// Checks all of the segment in which reading stops before the log's end.
  ///
  /// - Throws: `.archive` with `.fileDigest`.
  package func verifyStop() throws(LogError) {
    if case .archive(let archive, _) = input { try archive.verifySegment(before: entryCount, options: options) }
  }

  /// What was read: complete once ``next()`` has returned nil.
  package var extent: LogExtent {
    let (sha256, frames, archive): (Digest?, UInt64?, LogArchive?) =
      switch input {
      case .text(let file): (file.digest, nil, nil)
      case .frames(let decoder, let file): (file.digest, decoder.frameCount, nil)
      case .archive(let archive, let text): (archive.sha256, text.frameCount, archive)
      }
    return LogExtent(
      container: container, sha256: sha256, storedBytes: input.storedBytesRead,
      rawBytes: bufferOffset + UInt64(buffer.count), entries: entryCount, frames: frames,
      declared: archive.map { DeclaredExtent($0.manifest) })
  }
}

/// The size and identity of a log as it was read; of an archive, its segments' size and its manifest's SHA-256.
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
  /// What an archive's manifest says; nil for any other log.
  package let declared: DeclaredExtent?

  package init(
    container: LogContainer, sha256: Digest?, storedBytes: UInt64, rawBytes: UInt64, entries: UInt64, frames: UInt64?,
    declared: DeclaredExtent?
  ) {
    self.container = container
    self.sha256 = sha256
    self.storedBytes = storedBytes
    self.rawBytes = rawBytes
    self.entries = entries
    self.frames = frames
    self.declared = declared
  }
}

/// What a manifest says that its archive holds.
package struct DeclaredExtent: Equatable, Sendable {
  package let segments: UInt64
  package let frames: UInt64
  /// Of the segments.
  package let storedBytes: UInt64
  package let rawBytes: UInt64
  package let entries: UInt64
  package let packs: UInt64
  package let packBytes: UInt64

  package init(_ manifest: ArchiveManifest) {
    segments = UInt64(manifest.segments.count)
    frames = manifest.frameCount
    storedBytes = manifest.segmentBytes
    rawBytes = manifest.rawBytes
    entries = manifest.entryCount
    packs = UInt64(manifest.packs.count)
    packBytes = manifest.packBytes
  }
}
