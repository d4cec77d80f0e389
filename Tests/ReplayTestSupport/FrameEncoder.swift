internal import CLZ4

/// LZ4 frames as tests need them.
package struct FrameEncoder {
  package var hasContentChecksum = false
  package var hasBlockChecksum = false
  package var declaresContentSize = false
  /// Whether a block may need the text of those before it.
  package var linksBlocks = true

  package init() {}

  /// Returns one frame that holds `bytes`.
  package func encode(_ bytes: [UInt8]) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.contentChecksumFlag =
      hasContentChecksum ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum
    preferences.frameInfo.blockChecksumFlag = hasBlockChecksum ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum
    preferences.frameInfo.blockMode = linksBlocks ? LZ4F_blockLinked : LZ4F_blockIndependent
    preferences.frameInfo.contentSize = declaresContentSize ? UInt64(bytes.count) : 0
    let bound = LZ4F_compressFrameBound(bytes.count, &preferences)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      count = bytes.withUnsafeBytes {
        LZ4F_compressFrame(buffer.baseAddress, bound, $0.baseAddress, bytes.count, &preferences)
      }
      precondition(LZ4F_isError(count) == 0, "liblz4 compresses any bytes")
    }
  }
}

/// What liblz4's frame functions say of a frame, with nothing of ours in between.
package enum FrameVerdict {
  /// The content of a frame that is whole and has `contentBytes` bytes; nil for any other.
  package static func content(_ frame: [UInt8], contentBytes: Int) -> [UInt8]? {
    var context: OpaquePointer?
    precondition(LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, "there is memory")
    defer { LZ4F_freeDecompressionContext(context) }
    var (consumed, produced, status) = (frame.count, contentBytes, 0)
    let content = [UInt8](unsafeUninitializedCapacity: contentBytes + 1) { buffer, count in
      status = LZ4F_decompress(context, buffer.baseAddress, &produced, frame, &consumed, nil)
      count = LZ4F_isError(status) == 0 ? produced : 0
    }
    return status == 0 && consumed == frame.count && content.count == contentBytes ? content : nil
  }
}
