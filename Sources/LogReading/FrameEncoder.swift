internal import CLZ4

/// Compresses bytes to one LZ4 frame each, with a checksum of its content: a frame alone shows whether it is damaged.
///
/// No checksums of blocks: lz4 1.9.4 refuses a second frame behind one that has those.
package struct FrameEncoder: Sendable {
  /// Levels of liblz4: 0 is the fastest, from 3 on it searches more for less.
  package static let levels = 0...12

  private let level: Int32

  package init(level: Int) {
    precondition(FrameEncoder.levels.contains(level), "levels are checked where they are typed")
    self.level = Int32(level)
  }

  /// The frame that holds `bytes`.
  package func frame(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    var preferences = LZ4F_preferences_t()
    preferences.frameInfo.blockSizeID = LZ4F_max4MB
    preferences.frameInfo.blockMode = LZ4F_blockIndependent
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
    preferences.frameInfo.contentSize = UInt64(bytes.count)
    preferences.compressionLevel = level
    let bytesMax = LZ4F_compressFrameBound(bytes.count, &preferences)
    return [UInt8](unsafeUninitializedCapacity: bytesMax) { output, count in
      // liblz4 writes at most `bytesMax` bytes, which is what `output` has.
      let written = LZ4F_compressFrame(output.baseAddress, bytesMax, bytes.baseAddress, bytes.count, &preferences)
      precondition(LZ4F_isError(written) == 0, "a frame fits the bound that liblz4 gave for it")
      count = written
    }
  }
}
