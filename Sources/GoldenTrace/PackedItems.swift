internal import LogReading

/// Items of a trace section that is packed: how many they are (32 bits, big-endian), the bytes of their text (64 bits), and
/// the text as an LZ4 frame.
struct PackedItems {
  static let headBytes = 12
  /// Bytes of text from which on a section ends.
  private static let textBytes = 1 << 20
  private static let encoder = FrameEncoder(level: 1)
  /// No byte of LZ4 gives more.
  private static let expansionMax: UInt64 = 255
  /// Bytes of text that a reader reserves at most: a section ends behind its first mebibyte, with the line it is in.
  private static let textBytesMax: UInt64 = 256 << 20

  private var text: [UInt8] = []
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var isFull: Bool { text.count >= PackedItems.textBytes }

  mutating func append(_ item: UInt8) {
    text.append(item)
    count += 1
  }

  mutating func append(line: [UInt8]) {
    text += line
    text.append(UInt8(ascii: "\n"))
    count += 1
  }

  /// The section's payload; nothing is pending any more.
  mutating func take() -> [UInt8] {
    defer {
      text.removeAll(keepingCapacity: true)
      count = 0
    }
    let frame = text.withUnsafeBytes { PackedItems.encoder.frame($0) }
    return PackedItems.bigEndian(UInt64(count), byteCount: 4) + PackedItems.bigEndian(UInt64(text.count), byteCount: 8)
      + frame
  }

  static func bigEndian(_ value: UInt64, byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (byteCount - 1 - $0))) }
  }

  /// The number of items and the size of their text, from the head of a payload of `payloadBytes`; nil where no frame of so few
  /// bytes can hold that.
  static func extent(_ head: some Collection<UInt8>, payloadBytes: Int) -> (count: Int, textBytes: Int)? {
    guard head.count == headBytes, payloadBytes > headBytes else { return nil }
    let count = head.prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let textBytes = head.dropFirst(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard count > 0, count <= textBytes, textBytes <= UInt64(payloadBytes) * expansionMax, textBytes <= textBytesMax
    else { return nil }
    return (Int(count), Int(textBytes))
  }

  /// The text of a payload; nil where it is not what its head says.
  static func text(of payload: [UInt8], _ context: borrowing FrameContext) -> [UInt8]? {
    guard let (_, textBytes) = extent(payload.prefix(headBytes), payloadBytes: payload.count) else { return nil }
    var text = [UInt8](repeating: 0, count: textBytes)
    let isWhole = payload.withUnsafeBufferPointer { bytes in
      text.withUnsafeMutableBytes { output in
        context.decompress(frame: UnsafeBufferPointer(rebasing: bytes[headBytes...]), filling: output)
      }
    }
    return isWhole ? text : nil
  }
}
