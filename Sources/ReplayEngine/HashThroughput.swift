internal import Hashing

/// The speed of the batched SHA3-256 by itself: what the derive stage is measured against.
public enum HashThroughput {
  /// Hashes `messages` messages of `messageBytes` bytes as one batch, over and over for about `seconds`, on this thread.
  ///
  /// - Parameter simd: `EQM_REPLAY_SIMD`.
  /// - Returns: bytes hashed per second.
  public static func measure(
    messageBytes: Int = 4096, messages: Int = 64, for duration: Duration = .milliseconds(300), simd: String? = nil
  ) -> UInt64 {
    var batch = DigestBatch(.chosen(simd: simd))
    let text = [UInt8](repeating: 0x41, count: messageBytes * messages)
    return text.withUnsafeBytes { bytes in
      for message in 0..<messages {
        let start = message * messageBytes
        batch.append(UnsafeRawBufferPointer(rebasing: bytes[start..<start + messageBytes]))
      }
      let clock = ContinuousClock()
      let start = clock.now
      var hashedBytes: UInt64 = 0
      repeat {
        batch.hash()
        hashedBytes += UInt64(text.count)
      } while clock.now - start < duration
      let elapsed = clock.now - start
      let microseconds = elapsed.components.seconds * 1_000_000 + elapsed.components.attoseconds / 1_000_000_000_000
      return hashedBytes * 1_000_000 / UInt64(max(1, microseconds))
    }
  }
}
