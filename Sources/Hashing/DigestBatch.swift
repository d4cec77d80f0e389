internal import CKeccak
package import StorageProtocol

/// Messages that are hashed together by SHA3-256; each digest goes to the slot its message was given.
///
/// A batch keeps pointers: the bytes of every message must stay where they are until ``hash()`` has returned. Its buffers
/// are kept when it is emptied, so that a batch used over and over allocates nothing.
package struct DigestBatch: ~Copyable {
  private let backend: HashBackend
  private var messages: [ckeccak_message] = []
  private var digests: [UInt8] = []

  package init(_ backend: HashBackend) { self.backend = backend }

  /// Messages so far; the next one's slot.
  package var count: Int { messages.count }

  /// Adds the message `head` ‖ `tail` and returns its slot.
  ///
  /// - Complexity: amortised O(1); nothing is hashed yet.
  @discardableResult
  package mutating func append(
    _ head: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) -> Int {
    append(absorbed: nil, head, tail)
  }

  /// Adds the message whose first blocks `state` has absorbed and whose rest is `tail`, and returns its slot.
  ///
  /// `state` must live until ``hash()`` has returned.
  @discardableResult
  package mutating func append(after state: borrowing SpongeState, _ tail: UnsafeRawBufferPointer) -> Int {
    append(absorbed: state.words, tail, UnsafeRawBufferPointer(start: nil, count: 0))
  }

  private mutating func append(
    absorbed: UnsafeMutablePointer<UInt64>?, _ head: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer
  ) -> Int {
    messages.append(
      ckeccak_message(
        absorbed: absorbed, head: head.assumingMemoryBound(to: UInt8.self).baseAddress, head_count: head.count,
        tail: tail.assumingMemoryBound(to: UInt8.self).baseAddress, tail_count: tail.count))
    return messages.count - 1
  }

  /// Hashes every message.
  package mutating func hash() {
    let byteCount = messages.count * Digest.byteCount
    if digests.count < byteCount { digests = Array(repeating: 0, count: max(byteCount, 2 * digests.count)) }
    digests.withUnsafeMutableBufferPointer { output in
      // `digests` has room for `messages.count` digests.
      ckeccak_sha3_256(backend.code, messages, messages.count, output.baseAddress)
    }
  }

  /// The digest of the message in `slot`, once hashed.
  package func digest(_ slot: Int) -> Digest {
    precondition(slot < messages.count, "the batch has \(messages.count) messages")
    let start = slot * Digest.byteCount
    return Digest(bytes: digests[start..<start + Digest.byteCount])
  }

  /// Forgets messages and digests, keeping the memory.
  package mutating func removeAll() { messages.removeAll(keepingCapacity: true) }
}

/// A sponge that has absorbed a whole number of blocks: what hashes of equal beginnings can share.
package struct SpongeState: ~Copyable {
  /// Bytes of a block.
  package static let blockBytes = Int(CKECCAK_RATE_BYTES)

  let words: UnsafeMutablePointer<UInt64>

  /// Creates the state after `blockCount` blocks that repeat `byte`.
  package init(repeating byte: UInt8, blockCount: Int) {
    let wordCount = Int(CKECCAK_STATE_WORDS)
    words = .allocate(capacity: wordCount)
    words.initialize(repeating: 0, count: wordCount)
    ckeccak_absorb_repeated(words, byte, blockCount)
  }

  deinit { words.deallocate() }
}

/// How batches of SHA3-256 are computed. Every backend gives the same digests.
package enum HashBackend: String, CaseIterable, Sendable {
  /// One message at a time, in portable C.
  case scalar
  /// Four messages side by side.
  case avx2

  /// The fastest backend of this processor, or ``scalar`` where `simd` is `off` (`EQM_REPLAY_SIMD=off`).
  package static func chosen(simd: String?) -> HashBackend {
    simd != "off" && ckeccak_fastest_backend() == CKECCAK_AVX2 ? .avx2 : .scalar
  }

  /// The backends that this processor runs.
  package static var available: [HashBackend] {
    Set([chosen(simd: nil), .scalar]).sorted { $0.rawValue < $1.rawValue }
  }

  var code: ckeccak_backend { self == .avx2 ? CKECCAK_AVX2 : CKECCAK_SCALAR }
}
