import Hashing
import LogGeneration
import ReplayTestSupport
import StorageProtocol
import Testing

/// The batched hash against swift-crypto's, with every backend this processor has.
@Suite struct DigestBatchTests {
  /// The digests of `messages`, each cut in two at `cuts`, hashed as one batch.
  private func digests(_ messages: [[UInt8]], cuts: [Int], _ backend: HashBackend) -> [Digest] {
    let arena = messages.flatMap { $0 }
    return arena.withUnsafeBytes { bytes in
      var batch = DigestBatch(backend)
      var start = 0
      for (message, cut) in zip(messages, cuts) {
        let end = start + message.count
        batch.append(
          UnsafeRawBufferPointer(rebasing: bytes[start..<start + cut]),
          UnsafeRawBufferPointer(rebasing: bytes[(start + cut)..<end]))
        start = end
      }
      batch.hash()
      return (0..<batch.count).map { batch.digest($0) }
    }
  }

  private func message(_ length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  @Test(arguments: HashBackend.available)
  func `all lengths from 0 to 1100 hash as the library hashes them`(backend: HashBackend) {
    var generator = SeededGenerator(seed: 1)
    let messages = (0...1100).map { message($0, &generator) }
    let expected = messages.map { Digest.sha3($0) }
    #expect(digests(messages, cuts: messages.map(\.count), backend) == expected)
    #expect(digests(messages.reversed(), cuts: messages.map { _ in 0 }.reversed(), backend) == expected.reversed())
    for (message, digest) in zip(messages, expected) {
      #expect(digests([message], cuts: [message.count / 2], backend) == [digest], "\(message.count) bytes alone")
    }
  }

  @Test(arguments: HashBackend.available, 1...300)
  func `batches of any lengths, cut anywhere, hash as the library hashes them`(backend: HashBackend, seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let lengths = [0, 1, 64, 128, 135, 136, 137, 271, 272, 273, 4096, 10_000]
    let messages = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
      let length =
        Bool.random(using: &generator)
        ? lengths.randomElement(using: &generator) ?? 0 : Int.random(in: 0...3000, using: &generator)
      return message(length, &generator)
    }
    let cuts = messages.map { Int.random(in: 0...$0.count, using: &generator) }
    #expect(digests(messages, cuts: cuts, backend) == messages.map { Digest.sha3($0) }, "seed \(seed)")
  }

  @Test(arguments: [(0, 1), (1, 1), (135, 1), (136, 2), (271, 2), (272, 3), (1088, 9)])
  func `a message takes a permutation a block, and one for padding that has no room`(byteCount: Int, permutations: Int)
  {
    let text = [UInt8](repeating: 7, count: byteCount)
    text.withUnsafeBytes { bytes in
      var batch = DigestBatch(.scalar)
      batch.append(bytes)
      batch.append(
        UnsafeRawBufferPointer(rebasing: bytes[..<(byteCount / 2)]),
        UnsafeRawBufferPointer(rebasing: bytes[(byteCount / 2)...]))
      batch.hash()
      batch.removeAll()
      batch.append(bytes)
      #expect(batch.permutationCount == UInt64(3 * permutations))
    }
  }

  @Test func `blocks of one repeated byte are absorbed once for all lengths beyond them`() {
    var sponges = RepeatedByteSponges(7)
    _ = sponges.state(blockCount: 5)
    _ = sponges.state(blockCount: 5)
    #expect(sponges.permutationCount == 5)
    // A rung of the ladder lies at 32 blocks: the second length goes on from there.
    _ = sponges.state(blockCount: 40)
    _ = sponges.state(blockCount: 41)
    #expect(sponges.permutationCount == 5 + 32 + 8 + 9)
  }

  @Test(arguments: HashBackend.available)
  func `a batch is used again`(backend: HashBackend) {
    var batch = DigestBatch(backend)
    for text in ["first", "second message", ""] {
      let bytes = Array(text.utf8)
      bytes.withUnsafeBytes { bytes in
        batch.removeAll()
        batch.append(bytes)
        batch.hash()
      }
      #expect(batch.digest(0) == Digest.sha3(bytes))
    }
  }

  @Test(arguments: HashBackend.available)
  func `a message may go on after blocks of one byte`(backend: HashBackend) {
    let tail = Array("1.0{}".utf8)
    var sponges = RepeatedByteSponges(UInt8(ascii: "A"))
    for blockCount in [0, 1, 2, 7, 255, 256, 257, 100, 700, 7] {
      let state = sponges.state(blockCount: blockCount)
      var batch = DigestBatch(backend)
      tail.withUnsafeBytes { bytes in
        for _ in 0..<5 { batch.append(after: state, bytes) }
        batch.hash()
      }
      let whole = Array(repeating: UInt8(ascii: "A"), count: blockCount * SpongeState.blockBytes) + tail
      for slot in 0..<5 { #expect(batch.digest(slot) == Digest.sha3(whole), "\(blockCount) blocks, slot \(slot)") }
    }
  }

  @Test func `the processor's backend can be turned off`() {
    #expect(HashBackend.chosen(simd: "off") == .scalar)
    #expect(HashBackend.available.contains(HashBackend.chosen(simd: nil)))
  }
}
