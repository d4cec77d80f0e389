package import StorageProtocol

/// The content of an object, a chunk at a time.
package enum Content {
  case bytes([UInt8])
  /// `count` times the placeholder byte, never all in memory.
  case placeholder(count: UInt64)

  var count: UInt64 {
    switch self {
    case .bytes(let bytes): UInt64(bytes.count)
    case .placeholder(let count): count
    }
  }

  /// Chunk `index`, of the protocol's chunk size but for the last.
  func chunk(_ index: UInt64, constants: GovernedConstants) -> [UInt8] {
    let size = Int(constants.chunkBytes(at: index, contentBytes: count))
    switch self {
    case .bytes(let bytes):
      let start = Int(index * constants.chunkBytes)
      return Array(bytes[start..<start + size])
    case .placeholder: return Array(repeating: PlaceholderProfile.contentByte, count: size)
    }
  }

  /// H(content ‖ schema version ‖ canonical metadata), every byte hashed (protocol.md 5.1).
  package func hashCommit(metadata: JSONObject, constants: GovernedConstants) -> Digest {
    var hasher = SHA3Hasher()
    for index in 0..<constants.chunkCount(contentBytes: count) {
      hasher.update(chunk(index, constants: constants))
    }
    hasher.update(Array(constants.schemaVersion.utf8))
    hasher.update(JSONFormat.canonical.encode(.object(metadata)))
    return hasher.finalize()
  }
}

/// The Merkle tree over the blocks of a chunk (protocol.md 5.3).
package enum ChunkTree {
  /// Leaves are H of each block; a parent is H of its children's **hexadecimal texts** side by side; an odd last node
  /// is paired with itself. An empty chunk has the root H("").
  package static func root(of chunk: [UInt8], blockBytes: Int) -> Digest {
    var level = stride(from: 0, to: chunk.count, by: blockBytes).map { start in
      Digest.sha3(chunk[start..<min(start + blockBytes, chunk.count)])
    }
    guard !level.isEmpty else { return Digest.sha3([]) }
    while level.count > 1 {
      level = stride(from: 0, to: level.count, by: 2).map { left in
        let right = min(left + 1, level.count - 1)
        return Digest.sha3(level[left].hexadecimalBytes + level[right].hexadecimalBytes)
      }
    }
    return level[0]
  }
}
