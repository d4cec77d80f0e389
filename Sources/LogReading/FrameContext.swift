internal import CLZ4

/// A decompression context of liblz4, for one frame after another.
package struct FrameContext: ~Copyable {
  /// What a call did.
  struct Step {
    var consumed: Int
    var produced: Int
    var endsFrame: Bool
    /// Set where the frame is damaged; nothing was produced then.
    var fault: LogError.Reason?
  }

  private let context: OpaquePointer

  /// - Throws: `.outOfMemory`.
  package init() throws(LogError) {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context
    else { throw LogError(.outOfMemory) }
    self.context = context
  }

  deinit { LZ4F_freeDecompressionContext(context) }

  /// Decompresses a whole frame to `output`; false where it is damaged, or does not fill that to the last byte.
  package borrowing func decompress(
    frame: UnsafeBufferPointer<UInt8>, filling output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let step = decompress(whole: frame, into: output)
    let isWhole = step.endsFrame && step.consumed == frame.count && step.produced == output.count
    if !isWhole { LZ4F_resetDecompressionContext(context) }
    return isWhole
  }

  /// Decompresses a frame that is all there until its end, or the room in `output`; checks the checksums it has.
  ///
  /// Blocks that need nothing of each other are decompressed one by one to where they belong, and their checksum is computed
  /// here: liblz4's frame functions copy what has less room than its largest block, and take three times as long for the checksum.
  /// They do all other frames, and all that are damaged: what is wrong with a frame, liblz4 says.
  borrowing func decompress(
    whole frame: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableRawBufferPointer
  ) -> Step {
    if let produced = BlockWalk.decompress(frame, into: output) {
      return Step(consumed: frame.count, produced: produced, endsFrame: true, fault: nil)
    }
    return decompress(frame, into: output, keepsOutput: true)
  }

  /// Decompresses one block by itself; nil where it is damaged, or has more than `output` has room for.
  static func decompress(
    block: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableRawBufferPointer
  ) -> Int? {
    guard let size = Int32(exactly: block.count), let room = Int32(exactly: output.count) else { return nil }
    // The sizes of the two buffers: liblz4 stays inside both.
    let produced = LZ4_decompress_safe(
      UnsafeRawPointer(block.baseAddress)?.assumingMemoryBound(to: CChar.self),
      output.assumingMemoryBound(to: CChar.self).baseAddress, size, room)
    return produced < 0 ? nil : Int(produced)
  }

  /// Decompresses bytes of a frame until they, the room in `output` or the frame end; checks the checksums it has.
  ///
  /// After damage the context is ready for another frame.
  ///
  /// - Parameter keepsOutput: whether everything the frame gave before lies unchanged in front of `output`.
  borrowing func decompress(
    _ input: UnsafeBufferPointer<UInt8>, into output: UnsafeMutableRawBufferPointer, keepsOutput: Bool
  ) -> Step {
    var consumed = input.count
    var produced = output.count
    var options = LZ4F_decompressOptions_t()
    options.stableDst = keepsOutput ? 1 : 0
    // `consumed` and `produced` go in as the sizes of the two buffers: liblz4 stays inside both.
    let status = LZ4F_decompress(context, output.baseAddress, &produced, input.baseAddress, &consumed, &options)
    if LZ4F_isError(status) != 0 {
      LZ4F_resetDecompressionContext(context)
      let reason = String(cString: LZ4F_getErrorName(status))
      return Step(consumed: 0, produced: 0, endsFrame: false, fault: .damagedFrame(libraryReason: reason))
    }
    return Step(consumed: consumed, produced: produced, endsFrame: status == 0, fault: nil)
  }
}
