internal import CLZ4

/// LZ4 frames as tests need them.
package struct FrameEncoder {
  package var hasContentChecksum = false
  package var hasBlockChecksum = false
  package var declaresContentSize = false

  package init() {}

  /// Returns one frame that holds `bytes`.
  package func encode(_ bytes: [UInt8]) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.contentChecksumFlag =
      hasContentChecksum ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum
    preferences.frameInfo.blockChecksumFlag = hasBlockChecksum ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum
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
