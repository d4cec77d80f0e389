package import StorageProtocol

/// What the commitment says of one object version (protocol.md 12, `objects_root`).
package struct CommittedObject: Equatable, Sendable {
  package struct Shard: Equatable, Sendable {
    /// Nil when the STORE that wrote the shard was carried.
    package let merkleRoot: Digest?
    /// The STORE that wrote the shard: committed for orphans only, the others are the object's.
    package let writer: Digest

    package init(merkleRoot: Digest?, writer: Digest) {
      self.merkleRoot = merkleRoot
      self.writer = writer
    }
  }

  package let key: Digest
  /// The event id of the STORE that wrote the object.
  package let writer: Digest
  /// Chunks of the current content.
  package let currentShardCount: Int
  /// Every shard that exists under the object, by index; those from `currentShardCount` on are orphans.
  package let shards: [Shard]

  package init(key: Digest, writer: Digest, currentShardCount: Int, shards: [Shard]) {
    precondition(currentShardCount <= shards.count, "every chunk of the content has its shard")
    self.key = key
    self.writer = writer
    self.currentShardCount = currentShardCount
    self.shards = shards
  }

  /// The leaf of the object in the objects tree.
  package var leaf: SparseTree.Leaf {
    CommittedObject.leaf(key: key, writer: writer, currentShardCount: currentShardCount, shardCount: shards.count) {
      (shards[$0].merkleRoot ?? .zero, shards[$0].writer)
    }
  }

  /// What the leaf commits to under the key.
  package var value: [UInt8] {
    CommittedObject.withMessage(
      key: key, writer: writer, currentShardCount: currentShardCount, shardCount: shards.count
    ) {
      (shards[$0].merkleRoot ?? .zero, shards[$0].writer)
    } body: { message in
      Array(message.bytes.dropFirst(1 + Digest.byteCount))
    }
  }

  /// The leaf of an object whose shards `shard` gives by index: Merkle root, zero where unknown, and writer.
  package static func leaf(
    key: Digest, writer: Digest, currentShardCount: Int, shardCount: Int,
    shard: (Int) -> (merkleRoot: Digest, writer: Digest)
  ) -> SparseTree.Leaf {
    withMessage(
      key: key, writer: writer, currentShardCount: currentShardCount, shardCount: shardCount, shard: shard
    ) { message in
      SparseTree.Leaf(key: key, hash: message.sha256)
    }
  }

  /// Calls `body` with the text that is hashed to the leaf.
  private static func withMessage<Value>(
    key: Digest, writer: Digest, currentShardCount: Int, shardCount: Int,
    shard: (Int) -> (merkleRoot: Digest, writer: Digest), body: (MessageWriter) -> Value
  ) -> Value {
    // 0x00, key, 0x01, writer, count; a root a shard, and before it index and writer of an orphan.
    let bytesMax = 70 + shardCount * (4 + 2 * Digest.byteCount)
    return withUnsafeTemporaryAllocation(byteCount: bytesMax, alignment: 8) { text in
      var message = MessageWriter(text)
      message.append(UInt8(0x00))
      message.append(key)
      message.append(UInt8(0x01))
      message.append(writer)
      message.append(UInt32(currentShardCount))
      for index in 0..<shardCount {
        let (merkleRoot, shardWriter) = shard(index)
        if index >= currentShardCount {
          message.append(UInt32(index))
          message.append(shardWriter)
        }
        message.append(merkleRoot)
      }
      return body(message)
    }
  }
}

/// The leaves of many objects of one shard that is no orphan, hashed together: what nearly all objects are.
package struct OneShardLeaves: ~Copyable {
  /// 0x00, key, 0x01, writer, count, root.
  private static let messageBytes = 2 + 3 * Digest.byteCount + 4
  private let messages: EqualMessages
  private var count = 0

  package init(capacity: Int) {
    messages = EqualMessages(messageBytes: OneShardLeaves.messageBytes, capacity: capacity)
  }

  /// Adds an object; places count from 0.
  package mutating func append(key: Digest, writer: Digest, merkleRoot: Digest) {
    var message = messages.message(count)
    message.append(UInt8(0x00))
    message.append(key)
    message.append(UInt8(0x01))
    message.append(writer)
    message.append(UInt32(1))
    message.append(merkleRoot)
    count += 1
  }

  package func hash() { messages.hash(count) }

  /// The leaf's hash at a place, once hashed.
  package func hash(_ place: Int) -> Digest { messages.digest(place) }
}

extension StorageNode {
  /// The leaf of the node in the nodes tree (protocol.md 12, `nodes_root`).
  package var leaf: SparseTree.Leaf { SparseTree.Leaf(key: StorageNode.key(of: id), value: value) }

  /// The key of a node in the nodes tree, whether it is there or not.
  package static func key(of id: Identifier) -> Digest { Digest.sha256([0x02] + id.bytes) }

  /// What the leaf commits to under the key.
  package var value: [UInt8] {
    var value = CommitmentEncoding([0x02])
    value.append(string: id.bytes)
    value.append(string: host.bytes)
    value.append(port)
    value.append(string: Array(status.rawValue.utf8))
    value.append(uptimeBucket)
    value.append(bytesStored)
    value.append(proofsVerified)
    value.append(isAegisVerified)
    value.append(aegisVerificationEpoch.value)
    return value.bytes
  }
}
