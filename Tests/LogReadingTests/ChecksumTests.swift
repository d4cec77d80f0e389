import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Checksums of many messages against the specification's text, followed word by word.
@Suite struct ChecksumTests {
  /// XXH32 as xxHash's specification says it, a byte at a time.
  private static func specified(_ bytes: [UInt8]) -> UInt32 {
    let primes: [UInt32] = [0x9E37_79B1, 0x85EB_CA77, 0xC2B2_AE3D, 0x27D4_EB2F, 0x1656_67B1]
    func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
    func word(_ place: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) } }
    var accumulators = [primes[0] &+ primes[1], primes[1], 0, 0 &- primes[0]]
    var place = 0
    while bytes.count - place >= 16 {
      for index in 0..<4 {
        accumulators[index] = rotated(accumulators[index] &+ word(place + 4 * index) &* primes[1], 13) &* primes[0]
      }
      place += 16
    }
    var sum = primes[4]
    if bytes.count >= 16 {
      sum = zip(accumulators, [1, 7, 12, 18] as [UInt32]).reduce(0) { $0 &+ rotated($1.0, $1.1) }
    }
    sum = sum &+ UInt32(bytes.count)
    while bytes.count - place >= 4 {
      sum = rotated(sum &+ word(place) &* primes[2], 17) &* primes[3]
      place += 4
    }
    for byte in bytes[place...] { sum = rotated(sum &+ UInt32(byte) &* primes[4], 11) &* primes[0] }
    sum = (sum ^ sum >> 15) &* primes[1]
    sum = (sum ^ sum >> 13) &* primes[2]
    return sum ^ sum >> 16
  }

  private func checksums(_ messages: [[UInt8]], isPortable: Bool) -> [UInt32] {
    let bytes = messages.flatMap { $0 }
    return bytes.withUnsafeBufferPointer { bytes in
      var batch = ChecksumBatch(isPortable: isPortable)
      // One message that is forgotten again.
      batch.append(bytes)
      batch.removeAll()
      var start = 0
      for message in messages {
        batch.append(UnsafeBufferPointer(rebasing: bytes[start..<start + message.count]))
        start += message.count
      }
      batch.compute()
      return messages.indices.map { batch[$0] }
    }
  }

  private func message(_ length: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<length).map { _ in UInt8(random.index(below: 256)) }
  }

  @Test func `the specification's text gives the checksums that xxHash publishes`() {
    #expect(ChecksumTests.specified([]) == 0x02CC_5D05)
    #expect(ChecksumTests.specified(Array("a".utf8)) == 0x550D_7456)
    #expect(ChecksumTests.specified(Array("abc".utf8)) == 0x32D1_53FF)
    #expect(ChecksumTests.specified(Array("Nobody inspects the spammish repetition".utf8)) == 0xE229_3B2F)
  }

  @Test(arguments: [false, true])
  func `all lengths from 0 to 300, in order and turned round`(isPortable: Bool) {
    var random = SeededGenerator(seed: 1)
    let messages = (0...300).map { message($0, &random) }
    let expected = messages.map { ChecksumTests.specified($0) }
    #expect(checksums(messages, isPortable: isPortable) == expected)
    #expect(checksums(messages.reversed(), isPortable: isPortable) == expected.reversed())
    for (message, checksum) in zip(messages, expected) {
      #expect(checksums([message], isPortable: isPortable) == [checksum], "\(message.count) bytes alone")
    }
  }

  @Test(arguments: [false, true], 1...100 as ClosedRange<UInt64>)
  func `batches of any number of messages of any lengths`(isPortable: Bool, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let lengthMax = random.choice([17, 100, 5000])
    let messages = (0..<random.index(below: 30)).map { _ in message(random.index(below: lengthMax), &random) }
    #expect(
      checksums(messages, isPortable: isPortable) == messages.map { ChecksumTests.specified($0) }, "seed \(seed)")
  }
}
