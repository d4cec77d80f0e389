internal import Hashing
internal import LogDecoding
internal import StorageProtocol

/// What hashes of placeholder content share: the cost of a STORE does not depend on its content's size.
struct PlaceholderContent: ~Copyable {
  private static let keptRootsMax = 65_536

  private let constants: GovernedConstants
  private var sponges = RepeatedByteSponges(PlaceholderProfile.contentByte)
  private var roots: [Int: Digest] = [:]
  /// Of Merkle roots.
  private var treePermutationCount: UInt64 = 0

  init(_ constants: GovernedConstants) { self.constants = constants }

  /// Permutations of Keccak-f so far.
  var permutationCount: UInt64 { sponges.permutationCount + treePermutationCount }

  /// Forgets what is too much to keep; sponges handed out before become invalid.
  mutating func trim() {
    sponges.trim()
    if roots.count > PlaceholderContent.keptRootsMax { roots.removeAll() }
  }

  /// The sponge that has absorbed all whole blocks of content of `contentBytes` bytes.
  mutating func sponge(contentBytes: Int) -> SpongeState {
    sponges.state(blockCount: contentBytes / SpongeState.blockBytes)
  }

  /// The Merkle root of a chunk of `chunkBytes` bytes, at least one (protocol.md 5.3).
  ///
  /// Every node of a level is the same but the last one, so a level costs two hashes at most.
  mutating func merkleRoot(chunkBytes: Int) -> Digest {
    if let root = roots[chunkBytes] { return root }
    let blockBytes = constants.merkleBlockBytes
    var count = (chunkBytes + blockBytes - 1) / blockBytes
    var last = leaf(chunkBytes - (count - 1) * blockBytes)
    var other = count > 1 ? leaf(blockBytes) : last
    while count > 1 {
      last = parent(count.isMultiple(of: 2) ? other : last, last)
      count = (count + 1) / 2
      if count > 1 { other = parent(other, other) }
    }
    roots[chunkBytes] = last
    return last
  }

  private mutating func leaf(_ byteCount: Int) -> Digest {
    hashed([UInt8](repeating: PlaceholderProfile.contentByte, count: byteCount))
  }

  private mutating func parent(_ left: Digest, _ right: Digest) -> Digest {
    hashed(left.hexadecimalBytes + right.hexadecimalBytes)
  }

  private mutating func hashed(_ bytes: [UInt8]) -> Digest {
    treePermutationCount += UInt64(bytes.count / SpongeState.blockBytes + 1)
    return Digest.sha3(bytes)
  }
}
