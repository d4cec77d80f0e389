/// Finds the end of an LZ4 frame by the sizes that stand before its blocks, without decompressing them
/// (LZ4 frame format 1.6.2).
///
/// Checks no checksum and no content: liblz4 does, later. What it does not understand it leaves to liblz4 altogether.
struct FrameWalk {
  /// What a frame takes up.
  struct Layout: Equatable {
    var storedBytes: Int
    /// No block, and so not the frame, holds more than this, whatever the header declares.
    var contentBytesMax: Int
    var isSkippable: Bool
  }

  enum Finding: Equatable {
    /// The end lies behind this many bytes of the frame, or further on.
    case needs(byteCount: Int)
    case end(Layout)
    /// The frame is too large for one piece of work, or not as the format says.
    case unknown
  }

  /// A larger frame is decompressed as it is read. 4 MiB is the largest block that the format has: frames made to be
  /// decompressed side by side hold a block or two.
  static let storedBytesMax = 4 << 20
  /// The same for the content, which is reserved before it is known: four of the largest blocks. (Logs shrink between
  /// 1.1 times, contents in base64, and 14 times, entries without content: `live-mixed`, `vm-trace`.)
  static let contentBytesMax = 16 << 20
  /// An LZ4 sequence gives at most 255 bytes for each byte it takes.
  private static let expansionMax = 255

  private let storedBytesMax: Int
  private let contentBytesMax: Int
  private var position = 0
  private var blockBytesMax = 0
  private var blockTailBytes = 0
  private var frameTailBytes = 0
  private var contentBytes = 0
  private var ended: Layout?

  /// - Parameters:
  ///   - storedBytesMax: the longest frame that is understood.
  ///   - contentBytesMax: the most that may come out of it.
  init(
    storedBytesMax: Int = FrameWalk.storedBytesMax, contentBytesMax: Int = FrameWalk.contentBytesMax
  ) {
    self.storedBytesMax = storedBytesMax
    self.contentBytesMax = contentBytesMax
  }

  /// The layout of a frame that is all there; nil where it is none, or does not end with `frame`.
  static func layout(of frame: UnsafeBufferPointer<UInt8>) -> Layout? {
    var walk = FrameWalk(storedBytesMax: frame.count, contentBytesMax: .max)
    guard case .end(let layout) = walk.next(in: frame), layout.storedBytes == frame.count, !layout.isSkippable else {
      return nil
    }
    return layout
  }

  /// More than a frame of so much content takes, however badly it is compressed.
  static func storedBytesBound(contentBytes: UInt64) -> UInt64 {
    let (bound, overflow) = contentBytes.addingReportingOverflow(contentBytes / 64 + 1024)
    return overflow ? .max : bound
  }

  /// Whether a frame's content has a checksum.
  static func hasContentChecksum(_ frame: UnsafeBufferPointer<UInt8>) -> Bool {
    frame.count > 4 && frame[4] & 0b0000_0100 != 0
  }

  /// Looks at `frame`, which holds what is there of the frame from its first byte on, from where the last call stopped.
  mutating func next(in frame: UnsafeBufferPointer<UInt8>) -> Finding {
    if position == 0, let finding = readHeader(frame) { return finding }
    while ended == nil {
      guard frame.count >= position + 4 else { return needs(position + 4) }
      let word = FrameWalk.word(frame, at: position)
      guard readBlock(size: word) else { return .unknown }
    }
    return end(in: frame)
  }

  /// Reads as far as the first block; nil where that is there.
  private mutating func readHeader(_ frame: UnsafeBufferPointer<UInt8>) -> Finding? {
    guard frame.count >= 8 else { return needs(8) }
    if FrameDecoder.isSkippableFrameStart(frame) {
      position = 8 + Int(FrameWalk.word(frame, at: 4))
      ended = Layout(storedBytes: position, contentBytesMax: 0, isSkippable: true)
      return nil
    }
    let (flags, descriptor) = (frame[4], frame[5])
    // Version 1, no reserved bit, no dictionary; a block size of 64 KiB to 4 MiB.
    guard flags & 0b1100_0011 == 0b0100_0000, descriptor & 0b1000_1111 == 0, descriptor >> 4 >= 4 else {
      return .unknown
    }
    blockBytesMax = 1 << (8 + 2 * Int(descriptor >> 4))
    blockTailBytes = flags & 0b0001_0000 == 0 ? 0 : 4
    frameTailBytes = flags & 0b0000_0100 == 0 ? 0 : 4
    position = flags & 0b0000_1000 == 0 ? 7 : 15
    return nil
  }

  /// Goes behind a block, or finds that the blocks end; false where the block is larger than the header allows.
  private mutating func readBlock(size word: UInt32) -> Bool {
    position += 4
    guard word != 0 else {
      position += frameTailBytes
      ended = Layout(storedBytes: position, contentBytesMax: contentBytes, isSkippable: false)
      return true
    }
    let byteCount = Int(word & 0x7FFF_FFFF)
    let isStoredPlain = word & 0x8000_0000 != 0
    guard byteCount <= blockBytesMax else { return false }
    contentBytes += isStoredPlain ? byteCount : min(blockBytesMax, byteCount * FrameWalk.expansionMax)
    position += byteCount + blockTailBytes
    return contentBytes <= contentBytesMax
  }

  private func end(in frame: UnsafeBufferPointer<UInt8>) -> Finding {
    guard let ended else { preconditionFailure("only called where the blocks have ended") }
    return frame.count >= ended.storedBytes && ended.storedBytes <= storedBytesMax
      ? .end(ended) : needs(ended.storedBytes)
  }

  private func needs(_ byteCount: Int) -> Finding {
    byteCount <= storedBytesMax ? .needs(byteCount: byteCount) : .unknown
  }

  /// Four bytes, the lowest first; the caller has checked that they are there.
  private static func word(_ frame: UnsafeBufferPointer<UInt8>, at position: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(frame[position + $1]) << UInt32(8 * $1) }
  }
}
