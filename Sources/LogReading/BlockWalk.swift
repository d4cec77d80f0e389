/// The blocks of a frame that is all there, one after the other.
struct BlockWalk {
  struct Block {
    /// In the frame.
    let range: Range<Int>
    /// Whether it is its content as it is.
    let isStoredPlain: Bool
  }

  enum Finding {
    case block(Block)
    /// Behind the last block; the checksum of the content, if there is one.
    case end(checksum: UInt32?)
    /// Something that is not as the format says, or that is left to liblz4.
    case unknown
  }

  let header: FrameHeader
  private let frame: UnsafeBufferPointer<UInt8>
  private var position: Int

  /// Nil for a frame with an unusual header, or a damaged one.
  init?(_ frame: UnsafeBufferPointer<UInt8>) {
    guard let header = FrameHeader(frame) else { return nil }
    self.header = header
    self.frame = frame
    position = header.byteCount
  }

  mutating func next() -> Finding {
    guard frame.count - position >= 4 else { return .unknown }
    let word = frame.littleEndian(at: position)
    position += 4
    guard word != 0 else { return end }
    let size = Int(word & 0x7FFF_FFFF)
    guard size > 0, size <= header.blockBytesMax, size <= frame.count - position else { return .unknown }
    defer { position += size }
    return .block(Block(range: position..<position + size, isStoredPlain: word & 0x8000_0000 != 0))
  }

  /// The frame must end where the format has its end.
  private var end: Finding {
    guard frame.count - position == (header.hasContentChecksum ? 4 : 0) else { return .unknown }
    return .end(checksum: header.hasContentChecksum ? frame.littleEndian(at: position) : nil)
  }
}

extension BlockWalk {
  /// Decompresses a frame whose blocks need nothing of each other to the start of `output`, and checks it.
  ///
  /// - Returns: the size of the content; nil for any other frame, for one that is damaged, and where there is too little room. `output` may
  ///   hold anything then.
  static func decompress(
    _ frame: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard var walk = BlockWalk(frame) else { return nil }
    var produced = 0
    while true {
      switch walk.next() {
      case .block(let block):
        guard produced == 0 || walk.header.hasIndependentBlocks else { return nil }
        // `produced` bytes were written, all inside `output`.
        let room = UnsafeMutableRawBufferPointer(rebasing: output[produced...].prefix(walk.header.blockBytesMax))
        guard let size = copy(block, of: frame, to: room) else { return nil }
        produced += size
      case .end(let checksum):
        let content = UnsafeRawBufferPointer(rebasing: output[..<produced])
        return walk.isWhole(content, checksum) ? produced : nil
      case .unknown:
        return nil
      }
    }
  }

  private static func copy(
    _ block: Block, of frame: UnsafeBufferPointer<UInt8>, to room: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let bytes = UnsafeBufferPointer(rebasing: frame[block.range])
    guard block.isStoredPlain else { return FrameContext.decompress(block: bytes, into: room) }
    guard bytes.count <= room.count else { return nil }
    room.copyMemory(from: UnsafeRawBufferPointer(bytes))
    return bytes.count
  }

  private func isWhole(_ content: UnsafeRawBufferPointer, _ checksum: UInt32?) -> Bool {
    guard header.contentBytes.map({ $0 == UInt64(content.count) }) ?? true else { return false }
    return checksum.map { $0 == Checksum.of(content.bindMemory(to: UInt8.self)) } ?? true
  }
}

/// A frame of one block that is stored as it is: its content need not be moved to be used.
struct PlainFrame {
  /// In the frame; not yet compared with its checksum.
  let content: UnsafeBufferPointer<UInt8>
  let checksum: UInt32?

  /// Nil for any other frame, and for one that is damaged.
  init?(_ frame: UnsafeBufferPointer<UInt8>) {
    guard var walk = BlockWalk(frame), case .block(let block) = walk.next(), block.isStoredPlain,
      case .end(let checksum) = walk.next(), walk.header.contentBytes.map({ $0 == UInt64(block.range.count) }) ?? true
    else { return nil }
    content = UnsafeBufferPointer(rebasing: frame[block.range])
    self.checksum = checksum
  }
}
