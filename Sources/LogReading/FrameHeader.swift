/// The header of an LZ4 frame that has nothing unusual (LZ4 frame format 1.6.2): version 1, no dictionary, no checksums of blocks.
struct FrameHeader {
  /// Where the first block begins.
  let byteCount: Int
  let blockBytesMax: Int
  /// Whether no block needs the text of those before it.
  let hasIndependentBlocks: Bool
  let hasContentChecksum: Bool
  /// The size of the content; nil where it is not declared.
  let contentBytes: UInt64?

  /// Reads the header at the start of `frame`; nil for any other, for bytes that are none, and where its checksum does not hold.
  init?(_ frame: UnsafeBufferPointer<UInt8>) {
    guard frame.count >= 7, frame.littleEndian(at: 0) == 0x184D_2204 else { return nil }
    let (flags, descriptor) = (frame[4], frame[5])
    guard flags & 0b1101_0011 == 0b0100_0000, descriptor & 0b1000_1111 == 0, descriptor >> 4 >= 4 else { return nil }
    let declaresContentBytes = flags & 0b0000_1000 != 0
    byteCount = declaresContentBytes ? 15 : 7
    guard frame.count >= byteCount else { return nil }
    let checksum = Checksum.of(UnsafeBufferPointer(rebasing: frame[4..<byteCount - 1]))
    guard frame[byteCount - 1] == UInt8(truncatingIfNeeded: checksum >> 8) else { return nil }
    blockBytesMax = 1 << (8 + 2 * Int(descriptor >> 4))
    hasIndependentBlocks = flags & 0b0010_0000 != 0
    hasContentChecksum = flags & 0b0000_0100 != 0
    contentBytes =
      declaresContentBytes
      ? UInt64(frame.littleEndian(at: 6)) | UInt64(frame.littleEndian(at: 10)) << 32 : nil
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The word of four bytes at `position`, the lowest first.
  func littleEndian(at position: Int) -> UInt32 {
    precondition(position >= 0 && position + 4 <= count, "looked outside of the bytes")
    // All four bytes were found to be inside.
    return UInt32(littleEndian: UnsafeRawBufferPointer(self).loadUnaligned(fromByteOffset: position, as: UInt32.self))
  }
}
