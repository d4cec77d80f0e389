import CSHA256
import StorageProtocol
import Testing

/// The trees' SHA-256 against swift-crypto's: by the processor's instructions, in portable C, and side by side.
@Suite struct SHA256Tests {
  private func message(_ length: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  private func digest(_ hash: (UnsafeMutablePointer<UInt8>?) -> Void) -> Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    bytes.withUnsafeMutableBufferPointer { hash($0.baseAddress) }
    return Digest(bytes: bytes)
  }

  @Test func `all lengths from 0 to 300 hash as the library hashes them`() {
    var random = SeededGenerator(seed: 256)
    for length in 0...300 {
      let message = message(length, &random)
      let expected = Digest.sha256(message)
      #expect(digest { csha256(message, length, $0) } == expected, "\(length) bytes")
      #expect(digest { csha256_portable(message, length, $0) } == expected, "\(length) bytes, portable")
    }
  }

  @Test func `messages of one length hash as they do alone`() {
    var random = SeededGenerator(seed: 257)
    for length in [1, 33, 55, 56, 63, 64, 65, 102, 119, 120, 128, 200] {
      for count in [0, 1, 2, 3, 8, 9, 15, 16, 17, 24, 25, 33] {
        let messages = (0..<count).map { _ in message(length, &random) }
        var digests = [UInt8](repeating: 0, count: 32 * count)
        csha256_equal_lengths(messages.flatMap { $0 }, length, count, &digests)
        for index in 0..<count {
          #expect(Digest(bytes: digests[32 * index..<32 * (index + 1)]) == Digest.sha256(messages[index]))
        }
      }
    }
  }

  @Test func `leaves and parents hash as their messages do, in place too`() {
    var random = SeededGenerator(seed: 258)
    for count in 0...40 {
      let digests = (0..<2 * count).map { _ in message(32, &random) }
      var leaves = [UInt8](repeating: 0, count: 64 * count)
      csha256_leaves(digests.flatMap { $0 }, 2 * count, &leaves)
      var pairs = digests.flatMap { $0 }
      pairs.withUnsafeMutableBufferPointer { csha256_parents($0.baseAddress, count, $0.baseAddress) }
      for (index, digest) in digests.enumerated() {
        #expect(Digest(bytes: leaves[32 * index..<32 * (index + 1)]) == Digest.sha256([0] + digest), "of \(count)")
      }
      for index in 0..<count {
        let expected = Digest.sha256([1] + digests[2 * index] + digests[2 * index + 1])
        #expect(Digest(bytes: pairs[32 * index..<32 * (index + 1)]) == expected, "of \(count)")
      }
    }
  }
}
