/// Goes through a concatenation of LZ4 frames: decompresses them a piece at a time, or hands them out whole.
///
/// Never reserves what a frame declares: input and output go through buffers of bounded size.
final class FrameDecoder {
  private enum Place {
    case betweenFrames
    /// In front of the first byte of a frame whose magic number was checked.
    case atFrame
    /// Behind bytes of a frame that went into the context, or in front of a frame that only the context can judge.
    case insideFrame
  }

  private static let outputBytes = 1 << 20
  /// Magic number, flags, block descriptor, header checksum: no frame header is shorter.
  private static let headerBytesMin = 7
  private static let magic: [UInt8] = [0x04, 0x22, 0x4D, 0x18]

  private let file: StoredFile
  private let context: FrameContext
  /// Bytes read and not yet decoded.
  private var input = ByteBuffer()
  private var place = Place.betweenFrames
  private var frameStart: UInt64 = 0
  /// Data frames decoded or begun; frames to skip do not count.
  private(set) var frameCount: UInt64 = 0

  /// Creates a decoder of `file`, of which `input` has been read already.
  ///
  /// - Throws: `.outOfMemory`.
  init(file: StoredFile, input: [UInt8]) throws(LogError) {
    self.file = file
    context = try FrameContext()
    input.withUnsafeBufferPointer { self.input.append($0) }
  }

  /// Whether `bytes` start an LZ4 frame, or a frame that LZ4 readers skip.
  static func isFrameStart(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: magic) || isSkippableFrameStart(bytes)
  }

  static func isSkippableFrameStart(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count >= 4, let first = bytes.first else { return false }
    return first & 0xF0 == 0x50 && bytes.dropFirst().prefix(3).elementsEqual([0x2A, 0x4D, 0x18])
  }

  /// Returns the next decompressed bytes; none at the end.
  ///
  /// - Throws: what ``enterFrame()`` and ``decompress(into:)`` throw.
  func read() throws(LogError) -> [UInt8] {
    while try enterFrame() {
      var produced = Result<Int, LogError>.success(0)
      let output = [UInt8](unsafeUninitializedCapacity: FrameDecoder.outputBytes) { buffer, count in
        produced = Result { () throws(LogError) in try decompress(into: UnsafeMutableRawBufferPointer(buffer)) }
        if case .success(let byteCount) = produced { count = byteCount }
      }
      if try produced.get() > 0 { return output }
    }
    return []
  }

  /// Goes to the next frame, unless inside of one; false at the end of the file.
  ///
  /// - Throws: what reading the file throws; `.noFrame`, `.notAFrame`, `.frameNeedsDictionary`, `.cutFrame`, each
  ///   with the frame's offset in the file.
  func enterFrame() throws(LogError) -> Bool {
    guard case .betweenFrames = place else { return true }
    while input.count < FrameDecoder.headerBytesMin {
      if try refill() { continue }
      guard input.count == 0 else { throw LogError(.cutFrame, storedOffset: storedPosition) }
      guard frameCount > 0 else { throw LogError(.noFrame, storedOffset: storedPosition) }
      return false
    }
    frameStart = storedPosition
    let header = input.bytes
    guard FrameDecoder.isFrameStart(header) else { throw LogError(.notAFrame, storedOffset: frameStart) }
    if !FrameDecoder.isSkippableFrameStart(header) {
      let declaresDictionary = header[4] & 1 == 1
      guard !declaresDictionary else { throw LogError(.frameNeedsDictionary, storedOffset: frameStart) }
      frameCount += 1
    }
    place = .atFrame
    return true
  }

  /// Whether a frame was entered of which ``takeWholeFrame(into:)`` said no, and that has not ended.
  var isInsideFrame: Bool {
    if case .insideFrame = place { true } else { false }
  }

  /// Moves the frame just entered to `block`, as it is stored, without decompressing it; a frame that readers skip is
  /// dropped. False where this frame has to be decompressed here: it is too large, or cut, or not understood.
  ///
  /// - Throws: what reading the file throws.
  func takeWholeFrame(into block: LogBlock) throws(LogError) -> Bool {
    guard case .atFrame = place else { return false }
    place = .insideFrame
    var walk = FrameWalk()
    while true {
      switch walk.next(in: input.bytes) {
      case .needs(let byteCount):
        while input.count < byteCount {
          guard try refill() else { return false }
        }
      case .end(let layout):
        let frame = UnsafeBufferPointer(rebasing: input.bytes[..<layout.storedBytes])
        if !layout.isSkippable {
          block.append(frame, storedOffset: frameStart, contentBytesMax: layout.contentBytesMax)
        }
        input.dropFirst(layout.storedBytes)
        place = .betweenFrames
        return true
      case .unknown:
        return false
      }
    }
  }

  /// Decompresses into `output` what comes next of the frame entered, and returns the count of bytes, which is 0 where
  /// the frame ends or more input is needed.
  ///
  /// - Throws: what reading the file throws; `.damagedFrame`, `.cutFrame`, with the frame's offset in the file.
  func decompress(into output: UnsafeMutableRawBufferPointer) throws(LogError) -> Int {
    if input.count == 0, try !refill() { throw LogError(.cutFrame, storedOffset: frameStart) }
    let step = context.decompress(input.bytes, into: output, keepsOutput: false)
    if let reason = step.fault { throw LogError(reason, storedOffset: frameStart) }
    input.dropFirst(step.consumed)
    place = step.endsFrame ? .betweenFrames : .insideFrame
    return step.produced
  }

  /// Offset in the file of the next byte to decode.
  var storedPosition: UInt64 { file.bytesRead - UInt64(input.count) }

  private func refill() throws(LogError) -> Bool {
    input.reserve(StoredFile.blockBytes)
    let room = UnsafeMutableRawBufferPointer(rebasing: input.free.prefix(StoredFile.blockBytes))
    let count = try file.read(into: room)
    input.didFill(count)
    return count > 0
  }
}
