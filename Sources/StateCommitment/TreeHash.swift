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

  /// The digests of 0x01 ‖ left ‖ right, hashed side by side.
  static func parents(_ pairs: [(left: Digest, right: Digest)]) -> [Digest] {
    let pairBytes = 2 * Digest.byteCount
    return withUnsafeTemporaryAllocation(byteCount: pairs.count * pairBytes, alignment: 16) { text in
      guard let start = text.baseAddress else { return [] }
      // There is room for every pair, and so for its parent.
      for (index, pair) in pairs.enumerated() {
        pair.left.store(to: start + index * pairBytes)
        pair.right.store(to: start + index * pairBytes + Digest.byteCount)
      }
      parents(of: start, pairs.count, to: start)
      return pairs.indices.map { Digest(loading: start + $0 * Digest.byteCount) }
    }
  }
}

/// Many messages at a time, side by side.
extension TreeHash {
  /// The digest of 0x00 ‖ entry for each of the `count` entries of 32 bytes at `entries`, to `digests`, which has room for them.
  static func leaves(of entries: UnsafeRawPointer, _ count: Int, to digests: UnsafeMutableRawPointer) {
    csha256_leaves(
      entries.assumingMemoryBound(to: UInt8.self), count, digests.assumingMemoryBound(to: UInt8.self))
  }

  /// The digest of 0x01 ‖ left ‖ right for each of the `count` pairs of digests at `children`, to `parents`, which has room for
  /// them and may be `children`.
  static func parents(of children: UnsafeRawPointer, _ count: Int, to parents: UnsafeMutableRawPointer) {
    csha256_parents(
      children.assumingMemoryBound(to: UInt8.self), count, parents.assumingMemoryBound(to: UInt8.self))
  }

  /// Bytes of a block, and words of the state between two.
  static let (blockBytes, stateWords) = (64, 8)

  /// The state before the first block of any message.
  static var startState: [UInt32] {
    [UInt32](unsafeUninitializedCapacity: stateWords) { words, count in
      csha256_start(words.baseAddress)
      count = stateWords
    }
  }

  /// The blocks that a message makes, padded.
  static func padded(_ message: [UInt8]) -> [UInt8] {
    // Nine bytes of padding at least, 72 at most.
    let capacity = message.count + 9 + blockBytes
    return [UInt8](unsafeUninitializedCapacity: capacity) { bytes, count in
      for (index, byte) in message.enumerated() { bytes.initializeElement(at: index, to: byte) }
      count = blockBytes * csha256_pad(bytes.baseAddress, message.count)
    }
  }

  /// The digest that state `index` of many is, behind a message's last block.
  static func digest(_ states: [UInt32], _ index: Int) -> Digest {
    let first = index * stateWords
    return Digest(
      words: (
        UInt64(states[first]) << 32 | UInt64(states[first + 1]),
        UInt64(states[first + 2]) << 32 | UInt64(states[first + 3]),
        UInt64(states[first + 4]) << 32 | UInt64(states[first + 5]),
        UInt64(states[first + 6]) << 32 | UInt64(states[first + 7])
      ))
  }

  /// For every place sets the state behind block `place`, which is state `place + 1`, from state `place`; none of those is another
  /// place's.
  static func compress(_ blocks: [UInt8], _ states: inout [UInt32], at places: [UInt32]) {
    var placeMax: UInt32 = 0
    for place in places { placeMax = max(placeMax, place) }
    precondition(
      (Int(placeMax) + 2) * stateWords <= states.count && (Int(placeMax) + 1) * blockBytes <= blocks.count,
      "there is a block at every place, and a state before and behind it")
    states.withUnsafeMutableBufferPointer { csha256_continue(blocks, $0.baseAddress, places, places.count) }
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
