internal import Glibc
internal import StorageProtocol

/// Reads the frames of an archive's segments in order, and checks each file's SHA-256 as it goes.
///
/// Memory is bounded by one frame as stored, which is not read before its size was found in bounds.
final class SegmentReader {
  private let archive: LogArchive
  private let options: LogReadingOptions
  /// Where segments are, in a salvage.
  private let salvage: SalvageMap?
  private var segment = 0
  private var frame = 0
  private var file: StoredFile?
  private var input = ByteBuffer()
  /// Bytes read so far of all segments.
  private(set) var storedBytesRead: UInt64 = 0
  /// Frames read so far.
  private(set) var frameCount: UInt64 = 0

  /// Offset in the decompressed log of the first frame that is read.
  private(set) var rawOffset: UInt64 = 0

  /// Reads from the frame on in which the entry `ordinal` is; the frames before it in its segment are read for their digest.
  init(_ archive: LogArchive, options: LogReadingOptions, from ordinal: UInt64 = 0, salvage: SalvageMap? = nil)
    throws(LogError)
  {
    self.archive = archive
    self.options = options
    self.salvage = salvage
    guard ordinal > 0 else { return }
    let segments = archive.manifest.segments
    guard let place = archive.place(of: ordinal) else {
      segment = segments.count
      rawOffset = archive.manifest.rawBytes
      storedBytesRead = archive.manifest.segmentBytes
      return
    }
    segment = place.segment
    frame = place.frame
    rawOffset =
      segments[..<segment].reduce(0) { $0 + $1.rawBytes }
      + segments[segment].frames[..<frame].reduce(0) { $0 + $1.rawBytes }
    storedBytesRead = segments[..<segment].reduce(0) { $0 + $1.storedBytes }
    let file = try open(segments[segment])
    try skip(to: segments[segment].frames[frame].offset, of: segments[segment], file)
  }

  /// Reads and hashes a segment up to an offset.
  private func skip(
    to offset: UInt64, of layout: ArchiveManifest.Segment, _ file: StoredFile
  ) throws(LogError) {
    while file.bytesRead < offset {
      input.clear(byteCount: StoredFile.blockBytes)
      let rest = Int(min(UInt64(StoredFile.blockBytes), offset - file.bytesRead))
      let count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input.free.prefix(rest)))
      guard count > 0 else {
        throw LogError(
          .archive(.fileBytes(declared: layout.storedBytes, found: file.bytesRead)), file: layout.file)
      }
      storedBytesRead += UInt64(count)
    }
  }

  /// Adds the next frame to `block`, still compressed; false behind the last one, once its segment was found unchanged.
  ///
  /// - Throws: `.archive` with what the manifest says otherwise; `.cannotRead`, `.interrupted`.
  func readFrame(into block: LogBlock) throws(LogError) -> Bool {
    while segment < archive.manifest.segments.count {
      let layout = archive.manifest.segments[segment]
      if let salvage, try readSalvaged(layout, salvage.segments[segment], into: block) { return true }
      if salvage != nil { continue }
      let file = try open(layout)
      guard frame == layout.frames.count else {
        try read(layout.frames[frame], of: layout, file, into: block)
        frame += 1
        frameCount += 1
        return true
      }
      try finish(layout, file)
    }
    return false
  }

  // MARK: Salvage

  /// Adds the next frame of a segment, or that it is lost; false at the segment's end.
  private func readSalvaged(
    _ layout: ArchiveManifest.Segment, _ place: SalvageMap.Place, into block: LogBlock
  ) throws(LogError) -> Bool {
    guard frame < layout.frames.count else {
      file = nil
      segment += 1
      frame = 0
      return false
    }
    let number = frame
    let declared = layout.frames[number]
    frame += 1
    frameCount += 1
    let isTaken =
      switch place {
      case .whole(let name): try takeFrame(declared, number, of: layout, in: name, isProven: true, into: block)
      case .damaged(let name): try takeFrame(declared, number, of: layout, in: name, isProven: false, into: block)
      case .missing: false
      }
    if isTaken { return true }
    guard declared.rawBytes <= UInt64(options.entryBytesMax) else {
      throw error(
        .frameTooLarge(declared: declared.rawBytes, bytesMax: UInt64(options.entryBytesMax)), declared, layout)
    }
    block.append(lost: DeclaredFrame(layout, number))
    return true
  }

  /// Adds a frame that is there; false where it is not, or does not show that it is whole.
  private func takeFrame(
    _ declared: ArchiveManifest.Frame, _ number: Int, of layout: ArchiveManifest.Segment, in name: String,
    isProven: Bool,
    into block: LogBlock
  ) throws(LogError) -> Bool {
    if file == nil {
      guard let descriptor = try? archive.folder.open(name) else { return false }
      file = StoredFile(owning: descriptor, options: options, isHashed: false)
    }
    guard let file, declared.rawBytes <= UInt64(options.entryBytesMax),
      try file.read(at: declared.offset, Int(declared.storedBytes), into: &input),
      let walked = FrameWalk.layout(of: input.bytes), declared.rawBytes <= UInt64(walked.contentBytesMax),
      isProven || FrameWalk.hasContentChecksum(input.bytes)
    else { return false }
    storedBytesRead += declared.storedBytes
    block.append(
      input.bytes, storedOffset: declared.offset, contentBytesMax: Int(declared.rawBytes),
      declared: DeclaredFrame(layout, number))
    return true
  }

  private func open(_ layout: ArchiveManifest.Segment) throws(LogError) -> StoredFile {
    if let file { return file }
    let descriptor = try archive.folder.open(layout.file, declaredBytes: layout.storedBytes)
    let opened = StoredFile(owning: descriptor, options: options, isHashed: true)
    file = opened
    return opened
  }

  private func read(
    _ frame: ArchiveManifest.Frame, of layout: ArchiveManifest.Segment, _ file: StoredFile, into block: LogBlock
  ) throws(LogError) {
    let declared = DeclaredFrame(layout, self.frame)
    guard frame.rawBytes <= UInt64(options.entryBytesMax) else {
      throw error(.frameTooLarge(declared: frame.rawBytes, bytesMax: UInt64(options.entryBytesMax)), frame, layout)
    }
    // The file, whose size was compared, has as many bytes as all its frames: `storedBytes` is one that memory can have.
    let storedBytes = Int(frame.storedBytes)
    input.clear(byteCount: storedBytes)
    while input.count < storedBytes {
      let room = UnsafeMutableRawBufferPointer(rebasing: input.free.prefix(storedBytes - input.count))
      let count = try file.read(into: room)
      guard count > 0 else {
        throw error(.fileBytes(declared: layout.storedBytes, found: file.bytesRead), frame, layout)
      }
      input.didFill(count)
      storedBytesRead += UInt64(count)
    }
    guard let walked = FrameWalk.layout(of: input.bytes) else { throw error(notAFrame(storedBytes), frame, layout) }
    guard frame.rawBytes <= UInt64(walked.contentBytesMax) else {
      throw error(.frameText(declaredBytes: frame.rawBytes, found: UInt64(walked.contentBytesMax)), frame, layout)
    }
    block.append(
      input.bytes, storedOffset: frame.offset, contentBytesMax: Int(frame.rawBytes), declared: declared)
  }

  /// What is wrong with bytes that are not one whole frame.
  private func notAFrame(_ storedBytes: Int) -> ArchiveFault {
    var walk = FrameWalk(storedBytesMax: .max, contentBytesMax: .max)
    guard FrameDecoder.isFrameStart(input.bytes) else { return .frameBytes(declared: UInt64(storedBytes), found: 0) }
    switch walk.next(in: input.bytes) {
    case .end(let layout): return .frameBytes(declared: UInt64(storedBytes), found: UInt64(layout.storedBytes))
    case .needs(let byteCount): return .frameBytes(declared: UInt64(storedBytes), found: UInt64(byteCount))
    case .unknown: return .frameBytes(declared: UInt64(storedBytes), found: 0)
    }
  }

  private func error(
    _ fault: ArchiveFault, _ frame: ArchiveManifest.Frame, _ layout: ArchiveManifest.Segment
  ) -> LogError {
    LogError(.archive(fault), storedOffset: frame.offset, file: layout.file, frame: self.frame)
  }

  private func finish(_ layout: ArchiveManifest.Segment, _ file: StoredFile) throws(LogError) {
    guard file.digest == layout.sha256 else { throw LogError(.archive(.fileDigest), file: layout.file) }
    self.file = nil
    segment += 1
    frame = 0
  }
}

/// The text of an archive's log, a frame at a time: for who reads it sequentially.
final class ArchiveText {
  private let segments: SegmentReader
  private let block = LogBlock()

  init(_ archive: LogArchive, options: LogReadingOptions) throws(LogError) {
    segments = try SegmentReader(archive, options: options)
  }

  /// The next text; none at the end.
  ///
  /// - Throws: what reading a frame throws; damage of its content.
  func read() throws(LogError) -> [UInt8] {
    while true {
      block.reset(byteCount: 0)
      guard try segments.readFrame(into: block) else { return [] }
      block.decompress()
      if let failure = block.failure { throw failure }
      if block.text.count > 0 { return Array(block.text.bytes) }
    }
  }

  var storedBytesRead: UInt64 { segments.storedBytesRead }
  var frameCount: UInt64 { segments.frameCount }
}
