internal import CSHA256
package import StorageProtocol

/// SHA-256 as the trees use it: short messages in great number, without a context or an allocation each.
///
/// What this gives is checked against swift-crypto, and the trees against a naive second implementation, in the tests.
package enum TreeHash {
  /// The digest of bytes.
  package static func sha256(_ bytes: UnsafeBufferPointer<UInt8>) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: Digest.byteCount, alignment: 8) { output in
      guard let digest = output.baseAddress else { preconditionFailure("there is room for a digest") }
      // `bytes.count` bytes are read, 32 written.
      csha256(bytes.baseAddress, bytes.count, digest.assumingMemoryBound(to: UInt8.self))
      return Digest(loading: digest)
    }
  }

  /// The digest of `prefix` ‖ `digest`.
  static func sha256(_ prefix: UInt8, _ digest: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 1 + Digest.byteCount, alignment: 8) { text in
      var message = MessageWriter(text)
      message.append(prefix)
      message.append(digest)
      return message.sha256
    }
  }

  /// The digest of `prefix` ‖ `left` ‖ `right`.
  static func sha256(_ prefix: UInt8, _ left: Digest, _ right: Digest) -> Digest {
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Digest.byteCount, alignment: 8) { text in
      var message = MessageWriter(text)
      message.append(prefix)
      message.append(left)
      message.append(right)
      return message.sha256
    }
  }
}

/// Messages of one length that are hashed together.
struct EqualMessages: ~Copyable {
  private let messageBytes: Int
  private let text: UnsafeMutablePointer<UInt8>
  private let digests: UnsafeMutablePointer<UInt8>
  private let capacity: Int

  /// Room for `capacity` messages of `messageBytes` bytes.
  init(messageBytes: Int, capacity: Int) {
    self.messageBytes = messageBytes
    self.capacity = capacity
    text = .allocate(capacity: max(1, capacity * messageBytes))
    digests = .allocate(capacity: max(1, capacity * Digest.byteCount))
  }

  deinit {
    text.deallocate()
    digests.deallocate()
  }

  /// The memory of message `index`.
  func message(_ index: Int) -> MessageWriter {
    precondition(index < capacity, "there is room for \(capacity) messages")
    return MessageWriter(UnsafeMutableRawBufferPointer(start: text + index * messageBytes, count: messageBytes))
  }

  /// Hashes the first `count` messages.
  func hash(_ count: Int) {
    precondition(count <= capacity, "there is room for \(capacity) messages")
    csha256_equal_lengths(text, messageBytes, count, digests)
  }

  /// The digest of message `index`, once hashed.
  func digest(_ index: Int) -> Digest {
    precondition(index < capacity, "there is room for \(capacity) messages")
    return Digest(loading: digests + index * Digest.byteCount)
  }
}

/// Writes a message into memory that was measured for it, and hashes it.
struct MessageWriter {
  private let text: UnsafeMutableRawBufferPointer
  private var count = 0

  init(_ text: UnsafeMutableRawBufferPointer) { self.text = text }

  mutating func append(_ byte: UInt8) {
    text[count] = byte
    count += 1
  }

  /// Big-endian.
  mutating func append(_ integer: UInt32) {
    precondition(count + 4 <= text.count, "a message was measured too short")
    text.storeBytes(of: integer.bigEndian, toByteOffset: count, as: UInt32.self)
    count += 4
  }

  mutating func append(_ digest: Digest) {
    precondition(count + Digest.byteCount <= text.count, "a message was measured too short")
    if let start = text.baseAddress { digest.store(to: start + count) }
    count += Digest.byteCount
  }

  /// What was written.
  var bytes: [UInt8] { Array(text.prefix(count)) }

  /// The digest of what was written.
  var sha256: Digest {
    TreeHash.sha256(UnsafeBufferPointer(rebasing: text.assumingMemoryBound(to: UInt8.self).prefix(count)))
  }
}
