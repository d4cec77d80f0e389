internal import CKeccak
package import StorageProtocol

/// Messages that are hashed together by SHA3-256; each digest goes to the slot its message was given.
///
/// A batch keeps pointers: the bytes of every message must stay where they are until ``hash()`` has returned. Its buffers
/// are kept when it is emptied, so that a batch used over and over allocates nothing.
package struct DigestBatch: ~Copyable {
  private let backend: HashBackend
  private var messages = UnsafeMutableBufferPointer<ckeccak_message>(start: nil, count: 0)
  /// Room for one digest a message.
  private var digests = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  /// Messages so far; the next one's slot.
  package private(set) var count = 0
  /// Permutations of Keccak-f that the messages of all batches so far take.
  package private(set) var permutationCount: UInt64 = 0

  package init(_ backend: HashBackend) { self.backend = backend }

  deinit {
    messages.deallocate()
    digests.deallocate()
  }

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
  package mutating func append(after state: SpongeState, _ tail: UnsafeRawBufferPointer) -> Int {
    append(absorbed: state.words, tail, UnsafeRawBufferPointer(start: nil, count: 0))
  }

  private mutating func append(
    absorbed: UnsafeMutablePointer<UInt64>?, _ head: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer
  ) -> Int {
    if count == messages.count { grow() }
    // `count` is below the buffer's size.
    messages.initializeElement(
      at: count,
      to: ckeccak_message(
        absorbed: absorbed, head: head.assumingMemoryBound(to: UInt8.self).baseAddress, head_count: head.count,
        tail: tail.assumingMemoryBound(to: UInt8.self).baseAddress, tail_count: tail.count))
    count += 1
    // The padding takes a byte at least: a last block that is full is followed by another one.
    permutationCount += UInt64((head.count + tail.count) / SpongeState.blockBytes + 1)
    return count - 1
  }

  private mutating func grow() {
    let larger = UnsafeMutableBufferPointer<ckeccak_message>.allocate(capacity: max(1024, 2 * count))
    _ = larger.moveInitialize(fromContentsOf: messages[..<count])
    messages.deallocate()
    messages = larger
    digests.deallocate()
    digests = .allocate(byteCount: larger.count * Digest.byteCount, alignment: 16)
  }

  /// Hashes every message.
  package mutating func hash() {
    // `digests` has room for a digest of each of the `count` messages.
    ckeccak_sha3_256(
      backend.code, messages.baseAddress, count, digests.assumingMemoryBound(to: UInt8.self).baseAddress)
  }

  /// The digest of the message in `slot`, once hashed.
  package func digest(_ slot: Int) -> Digest {
    precondition(slot < count, "the batch has \(count) messages")
    guard let start = digests.baseAddress else { preconditionFailure("a batch with messages has digests") }
    return Digest(loading: start + slot * Digest.byteCount)
  }

  /// Messages that memory is kept for, although the next batch may have fewer.
  private static let keptMax = 1 << 18

  /// Forgets messages and digests, keeping the memory unless a batch much larger than usual left it.
  package mutating func removeAll() {
    defer { count = 0 }
    guard messages.count > DigestBatch.keptMax, count < messages.count / 4 else { return }
    messages.deallocate()
    digests.deallocate()
    messages = .init(start: nil, count: 0)
    digests = .init(start: nil, count: 0)
  }
}

/// A sponge that has absorbed a whole number of blocks: what hashes of equal beginnings can share.
///
/// A view: whoever made it keeps the memory.
package struct SpongeState {
  /// Bytes of a block.
  package static let blockBytes = Int(CKECCAK_RATE_BYTES)

  fileprivate let words: UnsafeMutablePointer<UInt64>
}

/// The sponges that have absorbed some number of blocks of one repeated byte, each computed once.
///
/// Two ladders of states bound the work for any length: a fine one for the lengths that are usual, a coarse one beyond. The
/// lengths that occur are kept besides, up to a limit.
package struct RepeatedByteSponges: ~Copyable {
  private static let fineStep = 32
  private static let coarseStep = 1024
  /// Blocks that the fine ladder covers: about a mebibyte.
  private static let fineBlocks = 8192
  private static let keptMax = 16_384

  private let byte: UInt8
  /// The states after 0, 1, 2, … steps.
  private var fine: [UnsafeMutablePointer<UInt64>] = []
  private var coarse: [UnsafeMutablePointer<UInt64>] = []
  private var kept: [Int: UnsafeMutablePointer<UInt64>] = [:]
  /// Permutations of Keccak-f so far: one a block absorbed.
  package private(set) var permutationCount: UInt64 = 0

  package init(_ byte: UInt8) { self.byte = byte }

  deinit {
    for words in fine { words.deallocate() }
    for words in coarse { words.deallocate() }
    for words in kept.values { words.deallocate() }
  }

  /// Returns the state after `blockCount` blocks; valid until ``trim()``.
  ///
  /// - Complexity: O(1) for a length that was asked for before.
  package mutating func state(blockCount: Int) -> SpongeState {
    if let words = kept[blockCount] { return SpongeState(words: words) }
    let isFine = blockCount < RepeatedByteSponges.fineBlocks
    let (words, absorbedCount) =
      isFine
      ? RepeatedByteSponges.climb(&fine, step: RepeatedByteSponges.fineStep, to: blockCount, byte)
      : RepeatedByteSponges.climb(&coarse, step: RepeatedByteSponges.coarseStep, to: blockCount, byte)
    permutationCount += UInt64(absorbedCount)
    kept[blockCount] = words
    return SpongeState(words: words)
  }

  /// Lengthens a ladder to the rung below `blockCount`, and goes on from there; says how many blocks that absorbed.
  private static func climb(
    _ ladder: inout [UnsafeMutablePointer<UInt64>], step: Int, to blockCount: Int, _ byte: UInt8
  ) -> (words: UnsafeMutablePointer<UInt64>, absorbedCount: Int) {
    let rung = blockCount / step
    var absorbedCount = blockCount % step
    while ladder.count <= rung {
      let count = ladder.isEmpty ? 0 : step
      ladder.append(absorbing(count, after: ladder.last, byte))
      absorbedCount += count
    }
    return (absorbing(blockCount % step, after: ladder[rung], byte), absorbedCount)
  }

  private static func absorbing(
    _ blockCount: Int, after start: UnsafeMutablePointer<UInt64>?, _ byte: UInt8
  ) -> UnsafeMutablePointer<UInt64> {
    let wordCount = Int(CKECCAK_STATE_WORDS)
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: wordCount)
    if let start {
      words.initialize(from: start, count: wordCount)
    } else {
      words.initialize(repeating: 0, count: wordCount)
    }
    ckeccak_absorb_repeated(words, byte, blockCount)
    return words
  }

  /// Forgets states where there are too many; those handed out become invalid.
  package mutating func trim() {
    guard kept.count > RepeatedByteSponges.keptMax else { return }
    for words in kept.values { words.deallocate() }
    kept.removeAll()
  }
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
