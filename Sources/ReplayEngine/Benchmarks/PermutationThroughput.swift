internal import Hashing

/// The speed of batched SHA3-256 by itself.
enum PermutationThroughput {
  private static let messageCount = 64
  private static let duration = Duration.milliseconds(100)

  /// Hashes a batch of messages of `messageBytes` bytes over and over, on this thread.
  ///
  /// - Returns: permutations of Keccak-f a second.
  static func measure(messageBytes: Int) -> Double {
    var batch = DigestBatch(.chosen(simd: nil))
    let text = [UInt8](repeating: 0x41, count: messageBytes * messageCount)
    return text.withUnsafeBytes { bytes in
      for message in 0..<messageCount {
        let start = message * messageBytes
        batch.append(UnsafeRawBufferPointer(rebasing: bytes[start..<start + messageBytes]))
      }
      let clock = ContinuousClock()
      let start = clock.now
      var batchCount = 0
      repeat {
        batch.hash()
        batchCount += 1
      } while clock.now - start < duration
      return Double(batchCount) * Double(batch.permutationCount) / ((clock.now - start) / .seconds(1))
    }
  }
}
