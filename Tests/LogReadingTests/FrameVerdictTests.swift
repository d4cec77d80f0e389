import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Whole frames, decompressed block by block where that can be done: the content that liblz4's frame functions give, or none.
@Suite struct FrameVerdictTests {
  private static let framesPerBlock: UInt64 = 60

  /// Text that shrinks, bytes that do not, or both: of up to three blocks.
  private func content(_ random: inout SeededGenerator) -> [UInt8] {
    let length = random.choice([0, 1, 15, 16, 300, 5000, 70_000, 150_000])
    let randomPercent = random.choice([0, 100, 100, 50] as [UInt64])
    var content: [UInt8] = []
    while content.count < length {
      if random.happens(percent: randomPercent) {
        content += (0..<min(length, 1000)).map { _ in UInt8(random.index(below: 256)) }
      } else {
        content += Array(#"{"event_type":"STORE","object_id":"object-"#.utf8) + Array("\(random.index(below: 9))".utf8)
      }
    }
    return Array(content.prefix(length))
  }

  private func frame(_ content: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = random.happens(percent: 70)
    encoder.hasBlockChecksum = random.happens(percent: 15)
    encoder.declaresContentSize = random.happens(percent: 50)
    encoder.linksBlocks = random.happens(percent: 30)
    return encoder.encode(content)
  }

  /// Changes one or two bits, most of them where the frame says what it is.
  private func damage(_ frame: inout [UInt8], _ random: inout SeededGenerator) {
    for _ in 0...random.index(below: 2) {
      let place = random.choice([
        random.index(below: min(frame.count, 24)), frame.count - 1 - random.index(below: min(frame.count, 9)),
        random.index(below: frame.count),
      ])
      frame[place] ^= 1 << UInt8(random.index(below: 8))
    }
    if random.happens(percent: 10) { frame.removeLast(random.index(below: frame.count)) }
    if random.happens(percent: 10) { frame.append(0) }
  }

  private func decompressed(_ frame: [UInt8], contentBytes: Int) throws -> [UInt8]? {
    let context = try FrameContext()
    var isWhole = false
    let content = [UInt8](unsafeUninitializedCapacity: contentBytes + 1) { buffer, count in
      let room = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: contentBytes)
      isWhole = frame.withUnsafeBufferPointer { context.decompress(frame: $0, filling: room) }
      count = contentBytes
      if !isWhole { buffer.initialize(repeating: 0) }
    }
    return isWhole ? content : nil
  }

  @Test(arguments: 0..<UInt64(20))
  func `frames, whole or damaged, are what liblz4 says of them`(block: UInt64) throws {
    var wholeCount = 0
    for seed in (block * Self.framesPerBlock)..<((block + 1) * Self.framesPerBlock) {
      var random = SeededGenerator(seed: seed)
      let content = content(&random)
      var frame = frame(content, &random)
      if random.happens(percent: 75) { damage(&frame, &random) }
      let contentBytes = random.happens(percent: 90) ? content.count : random.index(below: content.count + 2)
      let expected = FrameVerdict.content(frame, contentBytes: contentBytes)
      let found = try decompressed(frame, contentBytes: contentBytes)
      #expect(found == expected, "seed \(seed)")
      if found != nil { wholeCount += 1 }
    }
    #expect(wholeCount > 5 && wholeCount < 50)
  }
}
