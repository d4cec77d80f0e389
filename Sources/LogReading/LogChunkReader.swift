package import StorageProtocol

/// Reads a log in any accepted form, a block at a time, in log order: the first of three kinds of work that make
/// chunks of whole entries (``LogBlock``).
///
/// What it does itself is little, so that others can do the rest meanwhile: it reads a plain log straight into blocks,
/// and of a compressed one it copies whole frames that blocks decompress later. Only a frame too large for that is
/// decompressed here, about `chunkBytes` a block.
///
/// Sendable: everything it refers to (the open file, the decoder) it owns alone and hands to nobody, it cannot be
/// copied, and a call needs it exclusively.
package struct LogChunkReader: ~Copyable, @unchecked Sendable {
  private let options: LogReadingOptions
  private let chunkBytes: Int
  private let input: Input
  /// Read to tell the form, and not yet handed out.
  private var start: [UInt8]
  /// Whether the last block was read.
  package private(set) var isComplete = false
  /// Offset in the decompressed log of the first byte that is read.
  package let textStart: UInt64

  private enum Input {
    case text(StoredFile)
    case frames(FrameDecoder, StoredFile)
    case archive(LogArchive, SegmentReader, SalvageMap?)
  }

  /// Opens a log, which is compressed if its name or, for a name that does not tell, its first bytes say so; whether it
  /// is an array or lines is found by ``LogSplitter``.
  ///
  /// - Parameters:
  ///   - chunkBytes: Bytes of text a block holds, about; more where one frame does.
  ///   - hashesFile: Whether ``sha256`` is wanted; that of an archive is known in any case.
  ///   - position: Of an archive, where to begin; of any other log, its start.
  /// - Throws: ``LogError`` of opening, and of reading the first bytes; of an archive, of its manifest.
  package init(
    _ source: LogSource, options: LogReadingOptions, chunkBytes: Int, hashesFile: Bool,
    from position: LogPosition = .start
  ) throws(LogError) {
    precondition(chunkBytes > 0, "a block holds at least a byte")
    let opened: (input: Input, start: [UInt8], textStart: UInt64) =
      if case .archive(let path) = source {
        try LogChunkReader.open(archive: path, options, from: position)
      } else {
        try LogChunkReader.open(source, options, hashesFile: hashesFile)
      }
    precondition(source.isArchive || position == .start, "only an archive is read from a place inside of it")
    self.options = options
    self.chunkBytes = chunkBytes
    input = opened.input
    start = opened.start
    textStart = opened.textStart
  }

  private static func open(
    archive path: String, _ options: LogReadingOptions, from position: LogPosition
  ) throws(LogError) -> (Input, [UInt8], UInt64) {
    let archive = try LogArchive(path: path, options: options)
    var salvage = options.salvageMap
    if salvage == nil, options.salvages || options.losesContents {
      salvage = try SalvageMap(archive, options: options)
    }
    let segments = try SegmentReader(
      archive, options: options, from: position.ordinal, salvage: options.salvages ? salvage : nil)
    return (.archive(archive, segments, salvage), [], segments.rawOffset)
  }

  private static func open(
    _ source: LogSource, _ options: LogReadingOptions, hashesFile: Bool
  ) throws(LogError) -> (Input, [UInt8], UInt64) {
    let file = try StoredFile(source, options: options, isHashed: hashesFile)
    let start = try readStart(of: file)
    let isCompressed = LogForm(name: source.name).isCompressed ?? FrameDecoder.isFrameStart(start)
    guard isCompressed else { return (.text(file), start, 0) }
    return (.frames(try FrameDecoder(file: file, input: start), file), [], 0)
  }

  /// Reads a magic number, or less where the file is shorter.
  private static func readStart(of file: StoredFile) throws(LogError) -> [UInt8] {
    var start = ByteBuffer()
    start.clear(byteCount: 4)
    while start.free.count > 0 {
      let count = try file.read(into: start.free)
      guard count > 0 else { break }
      start.didFill(count)
    }
    return Array(start.bytes)
  }

  /// Fills `block` with what comes next of the log.
  ///
  /// A failure is kept in the block, behind the bytes before it, and the block is the last. It is what reading throws
  /// (`.cannotRead`, `.interrupted`) and, for a compressed log, `.noFrame`, `.notAFrame`, `.frameNeedsDictionary`,
  /// `.damagedFrame`, `.cutFrame`, with the offset in the file.
  package mutating func read(into block: LogBlock) {
    precondition(!isComplete, "the last block was read")
    block.reset(byteCount: max(chunkBytes, start.count))
    block.salvages = options.salvages
    do throws(LogError) {
      if options.isInterrupted() { throw LogError(.interrupted) }
      switch input {
      case .text(let file): block.isLast = try !readText(of: file, into: block)
      case .frames(let decoder, _): block.isLast = try !readFrames(of: decoder, into: block)
      case .archive(_, let segments, _): block.isLast = try !readFrames(of: segments, into: block)
      }
    } catch {
      block.failure = error
      block.isLast = true
    }
    block.storedEnd = storedPosition
    isComplete = block.isLast
  }

  /// Reads a piece of a plain log; false at its end.
  private mutating func readText(of file: StoredFile, into block: LogBlock) throws(LogError) -> Bool {
    start.withUnsafeBufferPointer { block.text.append($0) }
    start = []
    while let room = room(in: block) {
      let count = try file.read(into: room)
      guard count > 0 else { return false }
      block.text.didFill(count)
    }
    return true
  }

  /// Reads whole frames, or a piece of a large one; false at the end of the log.
  private func readFrames(of decoder: FrameDecoder, into block: LogBlock) throws(LogError) -> Bool {
    while !block.isFull(chunkBytes) {
      guard try decoder.enterFrame() else { return false }
      if try decoder.takeWholeFrame(into: block) { continue }
      if !block.isCompressed { try readPiece(of: decoder, into: block) }
      return true
    }
    return true
  }

  /// Reads whole frames of an archive; false at its end.
  private func readFrames(of segments: SegmentReader, into block: LogBlock) throws(LogError) -> Bool {
    while !block.isFull(chunkBytes) {
      guard try segments.readFrame(into: block) else { return false }
    }
    return true
  }

  private func readPiece(of decoder: FrameDecoder, into block: LogBlock) throws(LogError) {
    while decoder.isInsideFrame, let room = room(in: block) {
      block.text.didFill(try decoder.decompress(into: room))
    }
  }

  /// What the block's text may still grow by.
  private func room(in block: LogBlock) -> UnsafeMutableRawBufferPointer? {
    let byteCount = chunkBytes - block.text.count
    return byteCount > 0 ? UnsafeMutableRawBufferPointer(rebasing: block.text.free.prefix(byteCount)) : nil
  }

  /// Bytes read so far of the file as stored, or of an archive's segments.
  package var storedBytesRead: UInt64 {
    switch input {
    case .text(let file), .frames(_, let file): file.bytesRead
    case .archive(_, let segments, _): segments.storedBytesRead
    }
  }

  /// Bytes of the file as stored, or of an archive's segments, behind which the next block begins.
  private var storedPosition: UInt64 {
    if case .frames(let decoder, _) = input { decoder.storedPosition } else { storedBytesRead }
  }

  /// LZ4 frames so far; nil for a log that is not compressed.
  package var frameCount: UInt64? {
    switch input {
    case .text: nil
    case .frames(let decoder, _): decoder.frameCount
    case .archive(_, let segments, _): segments.frameCount
    }
  }

  /// SHA-256 of what was read so far of the file as stored, nil where it was not wanted; of an archive, its manifest's.
  package var sha256: Digest? {
    switch input {
    case .text(let file), .frames(_, let file): file.digestIfHashed
    case .archive(let archive, _, _): archive.sha256
    }
  }

  /// Where the archive's files are, in a salvage or where contents may be lost.
  package var salvage: SalvageMap? {
    if case .archive(_, _, let salvage) = input { salvage } else { nil }
  }

  /// The archive that is read; nil for any other log.
  package var archive: LogArchive? {
    if case .archive(let archive, _, _) = input { archive } else { nil }
  }
}
