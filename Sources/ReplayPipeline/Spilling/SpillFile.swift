internal import LogReading
internal import StorageProtocol
internal import SystemFiles

/// Where the streams of all partitions are: one file, to which anybody appends.
final class SpillFile: Sendable {
  /// Bytes of the file that belong together: one LZ4 frame.
  struct Extent: BitwiseCopyable {
    let offset: UInt64
    let storedBytes: Int
    let rawBytes: Int
  }

  /// Bytes of a frame before it is compressed, or more if one entry is longer.
  let frameBytes: Int

  private let file: ScratchFile
  private let end = LockedState(UInt64(0))
  /// Most of what is spilled are digests, which do not get smaller: the fastest level passes them over.
  private let encoder = FrameEncoder(level: 0)

  init(in folder: String, frameBytes: Int) throws(FileError) {
    self.frameBytes = frameBytes
    file = try ScratchFile(in: folder)
  }

  /// What reading back other bytes than were written is reported as.
  var damage: FileError { file.damage }

  /// Bytes in the file.
  var storedBytes: UInt64 { end.withLock { $0 } }

  func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) -> Extent {
    let frame = encoder.frame(bytes)
    let offset = end.withLock { end in
      defer { end += UInt64(frame.count) }
      return end
    }
    try file.write(frame, at: offset)
    return Extent(offset: offset, storedBytes: frame.count, rawBytes: bytes.count)
  }

  /// Reads a frame as it is stored; its checksum is looked at when it is decompressed.
  func read(_ extent: Extent, into stored: UnsafeMutableRawBufferPointer) throws(FileError) {
    try file.read(into: UnsafeMutableRawBufferPointer(rebasing: stored[..<extent.storedBytes]), at: extent.offset)
  }
}

/// Bytes of one partition in the order in which they were written, most of them on disk.
struct SpillStream {
  private(set) var extents: [SpillFile.Extent] = []
  private var pending: [UInt8] = []

  /// Bytes of memory of what is not written yet.
  var memoryBytes: Int { pending.capacity }

  /// Appends what belongs in one frame, and writes the frame if it is full.
  mutating func append(to file: SpillFile, _ write: (inout [UInt8]) -> Void) throws(FileError) {
    write(&pending)
    if pending.count >= file.frameBytes { try flush(to: file) }
  }

  /// Appends bytes that may be in any number of frames.
  mutating func append(to file: SpillFile, _ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(
        rebasing: rest.prefix(file.frameBytes - min(pending.count, file.frameBytes - 1)))
      try append(to: file) { $0.append(contentsOf: piece) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
    }
  }

  /// Writes what is left; nothing stays in memory but where it is.
  mutating func finish(to file: SpillFile) throws(FileError) {
    try flush(to: file)
    pending = []
  }

  private mutating func flush(to file: SpillFile) throws(FileError) {
    guard !pending.isEmpty else { return }
    let extent = try pending.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try file.append(UnsafeRawBufferPointer(bytes))
    }
    extents.append(extent)
    // One long entry must not hold its size for the rest of the log.
    pending.removeAll(keepingCapacity: pending.capacity <= 2 * file.frameBytes)
  }
}

/// Reads a stream from its start.
struct SpillReader: ~Copyable {
  private let file: SpillFile
  private let extents: [SpillFile.Extent]
  private let context: FrameContext
  private var next = 0
  private let stored: UnsafeMutableRawBufferPointer
  private let frame: UnsafeMutableRawBufferPointer
  /// What of the frame has not been taken.
  private var rest: UnsafeRawBufferPointer

  init(_ stream: SpillStream, in file: SpillFile) throws(PipelineError) {
    do {
      context = try FrameContext()
    } catch {
      throw .log(error)
    }
    self.file = file
    extents = stream.extents
    stored = .allocate(byteCount: extents.map(\.storedBytes).max() ?? 0, alignment: 16)
    frame = .allocate(
      byteCount: (extents.map(\.rawBytes).max() ?? 0) + LogChunk.slackBytes, alignment: 16)
    rest = UnsafeRawBufferPointer(rebasing: frame[..<0])
  }

  deinit {
    stored.deallocate()
    frame.deallocate()
  }

  /// The next frame as it was written, until the next call; nil at the end. `LogChunk.slackBytes` behind it may be read.
  mutating func nextFrame() throws(PipelineError) -> UnsafeRawBufferPointer? {
    guard next < extents.count else { return nil }
    let extent = extents[next]
    next += 1
    try PipelineError.filing { () throws(FileError) in try file.read(extent, into: stored) }
    let bytes = UnsafeRawBufferPointer(rebasing: stored[..<extent.storedBytes]).assumingMemoryBound(to: UInt8.self)
    let raw = UnsafeMutableRawBufferPointer(rebasing: frame[..<extent.rawBytes])
    guard context.decompress(frame: bytes, filling: raw) else { throw .output(file.damage) }
    return UnsafeRawBufferPointer(raw)
  }

  /// Fills `buffer` with the next bytes, whatever frames they are in.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(PipelineError) {
    var filled = 0
    while filled < buffer.count {
      if rest.isEmpty {
        guard let frame = try nextFrame() else { throw .output(file.damage) }
        rest = frame
      }
      let count = min(rest.count, buffer.count - filled)
      // Both have `count` bytes more.
      UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<filled + count])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      filled += count
    }
  }
}
