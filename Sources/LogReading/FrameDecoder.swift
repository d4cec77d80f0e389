internal import CLZ4

/// Decompresses a concatenation of LZ4 frames by liblz4, a block at a time.
///
/// Never reserves what a frame declares: output goes through one buffer of fixed size.
final class FrameDecoder {
  private static let outputBytes = 1 << 20
  /// Magic number, flags, block descriptor, header checksum: no frame header is shorter.
  private static let headerBytesMin = 7
  private static let magic: [UInt8] = [0x04, 0x22, 0x4D, 0x18]

  private let file: StoredFile
  private let context: OpaquePointer
  private var input: [UInt8]
  private var inputPosition = 0
  private var isInsideFrame = false
  private var frameStart: UInt64 = 0
  /// Data frames decoded or begun; frames to skip do not count.
  private(set) var frameCount: UInt64 = 0

  /// Creates a decoder of `file`, of which `input` has been read already.
  ///
  /// - Throws: `.outOfMemory`.
  init(file: StoredFile, input: [UInt8]) throws(LogError) {
    var context: OpaquePointer?
    guard LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION))) == 0, let context
    else { throw LogError(.outOfMemory) }
    self.file = file
    self.context = context
    self.input = input
  }

  deinit { LZ4F_freeDecompressionContext(context) }

  /// Whether `bytes` start an LZ4 frame, or a frame that LZ4 readers skip.
  static func isFrameStart(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.starts(with: magic) || isSkippableFrameStart(bytes)
  }

  private static func isSkippableFrameStart(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 4, let first = bytes.first else { return false }
    return first & 0xF0 == 0x50 && bytes.dropFirst().prefix(3).elementsEqual([0x2A, 0x4D, 0x18])
  }

  /// Returns the next decompressed bytes; none at the end.
  ///
  /// - Throws: what ``StoredFile/read()`` throws; `.noFrame`, `.notAFrame`, `.frameNeedsDictionary`, `.damagedFrame`,
  ///   `.cutFrame`, each with the frame's offset in the file.
  func read() throws(LogError) -> [UInt8] {
    while true {
      if !isInsideFrame {
        guard try beginFrame() else { return [] }
      } else if inputPosition == input.count {
        guard try refill() else { throw LogError(.cutFrame, storedOffset: frameStart) }
      }
      let output = try decompress()
      if !output.isEmpty { return output }
    }
  }

  /// Offset in the file of the next byte to decode.
  private var storedPosition: UInt64 { file.bytesRead - UInt64(input.count - inputPosition) }

  private func refill() throws(LogError) -> Bool {
    let more = try file.read()
    input = Array(input[inputPosition...]) + more
    inputPosition = 0
    return !more.isEmpty
  }

  /// Looks at the header of the next frame; false at the end of the file.
  private func beginFrame() throws(LogError) -> Bool {
    while input.count - inputPosition < FrameDecoder.headerBytesMin {
      if try refill() { continue }
      guard inputPosition == input.count else { throw LogError(.cutFrame, storedOffset: storedPosition) }
      guard frameCount > 0 else { throw LogError(.noFrame, storedOffset: storedPosition) }
      return false
    }
    frameStart = storedPosition
    let header = input[inputPosition...]
    guard FrameDecoder.isFrameStart(header) else { throw LogError(.notAFrame, storedOffset: frameStart) }
    if !FrameDecoder.isSkippableFrameStart(header) {
      let declaresDictionary = header[header.startIndex + 4] & 1 == 1
      guard !declaresDictionary else { throw LogError(.frameNeedsDictionary, storedOffset: frameStart) }
      frameCount += 1
    }
    isInsideFrame = true
    return true
  }

  private func decompress() throws(LogError) -> [UInt8] {
    var consumed = input.count - inputPosition
    var status = 0
    let output = [UInt8](unsafeUninitializedCapacity: FrameDecoder.outputBytes) { buffer, count in
      count = buffer.count
      input.withUnsafeBytes { bytes in
        // `inputPosition + consumed` is the input's size, and `count` the buffer's: liblz4 stays inside both.
        status = LZ4F_decompress(
          context, buffer.baseAddress, &count, bytes.baseAddress.map { $0 + inputPosition }, &consumed, nil)
      }
      if LZ4F_isError(status) != 0 { count = 0 }
    }
    guard LZ4F_isError(status) == 0 else {
      let reason = String(cString: LZ4F_getErrorName(status))
      throw LogError(.damagedFrame(libraryReason: reason), storedOffset: frameStart)
    }
    inputPosition += consumed
    isInsideFrame = status != 0
    return output
  }
}
