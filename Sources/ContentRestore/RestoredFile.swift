internal import Glibc
package import StorageProtocol
internal import SystemFiles

/// What is there in the place of a file that is to be given back.
package enum RestoredFile: Sendable {
  case absent
  /// A plain file with the item's size and hash.
  case equal
  /// Anything else.
  case different

  private static let blockBytes = 1 << 18

  /// Compares the file in the place of an item with what its STORE says: size, then hash.
  ///
  /// What no hash is known of is never equal. Symbolic links are not followed.
  ///
  /// - Parameter root: the target's folder.
  package static func find(_ item: RestoreItem, in root: String, _ constants: GovernedConstants) -> RestoredFile {
    let path = "\(root)/\(item.path)"
    var status = stat()
    guard lstat(path, &status) == 0 else { return .absent }
    guard status.st_mode & S_IFMT == S_IFREG, UInt64(status.st_size) == item.byteCount else { return .different }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return .different }
    defer { close(descriptor) }
    return isEqual(descriptor, item, constants) ? .equal : .different
  }

  private static func isEqual(_ descriptor: Int32, _ item: RestoreItem, _ constants: GovernedConstants) -> Bool {
    if let shard = item.shard {
      guard let root = shard.merkleRoot else { return false }
      var bytes: [UInt8] = []
      return read(descriptor, item.byteCount) { bytes += $0 } && MerkleTree.root(of: bytes, constants) == root
    }
    guard let hashCommit = item.writer.hashCommit, let metadata = item.writer.metadata else { return false }
    var hasher = SHA3Hasher()
    guard read(descriptor, item.byteCount, { hasher.update($0) }) else { return false }
    hasher.update(Array(constants.schemaVersion.utf8) + metadata)
    return hasher.finalize() == hashCommit
  }

  /// Hands out all of a file; false where it has not just `byteCount` bytes.
  private static func read(_ descriptor: Int32, _ byteCount: UInt64, _ body: ([UInt8]) -> Void) -> Bool {
    var rest = byteCount
    while true {
      var received = 0
      let block = [UInt8](unsafeUninitializedCapacity: blockBytes) { buffer, count in
        // The kernel writes at most `buffer.count` bytes, all inside the buffer.
        received = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        count = max(received, 0)
      }
      if received < 0, errno == EINTR { continue }
      guard received >= 0, UInt64(received) <= rest else { return false }
      guard received > 0 else { return rest == 0 }
      rest -= UInt64(received)
      body(block)
    }
  }
}

/// The Merkle tree over the blocks of one chunk (protocol.md 5.3).
enum MerkleTree {
  static func root(of chunk: [UInt8], _ constants: GovernedConstants) -> Digest {
    guard !chunk.isEmpty else { return Digest.sha3([]) }
    var level = stride(from: 0, to: chunk.count, by: constants.merkleBlockBytes).map { start in
      Digest.sha3(chunk[start..<min(start + constants.merkleBlockBytes, chunk.count)])
    }
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { left in
        Digest.sha3(level[left].hexadecimalBytes + level[min(left + 1, level.count - 1)].hexadecimalBytes)
      }
    }
    return level[0]
  }
}
