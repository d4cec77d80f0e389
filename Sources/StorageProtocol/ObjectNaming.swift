/// The names the protocol derives from an object's identity.
package enum ObjectNaming {
  /// The id of chunk `index` of an object: H over `{object_id}:{version}:{index as a BigNum128}`, the object id raw
  /// (protocol.md 5.3).
  ///
  /// Index 0 is the object's key K in the state commitment, defined for empty content too (protocol.md 12).
  package static func shardID(object: Identifier, version: ObjectVersion, index: UInt64) -> Digest {
    var name = object.bytes
    name += Array(":\(version.value):\(index).000000000000000000".utf8)
    return Digest.sha3(name)
  }

  /// The first 16 hexadecimal digits of the SHA-256 of an object id: what proof events say instead of the id
  /// (protocol.md 7).
  package static func redacted(_ object: Identifier) -> [UInt8] {
    Array(Digest.sha256(object.bytes).hexadecimalBytes.prefix(16))
  }

  /// The nodes a shard is placed on: `replicationFactor` of the eligible ones, in their order, from the digest of the
  /// shard id's text on, wrapping. None where no node is eligible.
  package static func placement(
    shard: Digest, eligible: [Identifier], replicationFactor: Int
  ) -> [Identifier] {
    guard !eligible.isEmpty else { return [] }
    let start = Digest.sha3(shard.hexadecimalBytes).remainder(dividingBy: eligible.count)
    return (0..<replicationFactor).map { eligible[(start + $0) % eligible.count] }
  }

  /// The JSON text of a shard's proof (protocol.md 5.3).
  package static func proofText(shard: Digest, merkleRoot: Digest, chunkBytes: UInt64) -> [UInt8] {
    JSONFormat.spaced.encode(
      .members([
        "algo": .text("SHA3-256-Merkle-4KB"), "merkle_root": .hexadecimal(merkleRoot),
        "shard_id": .hexadecimal(shard), "size": .integer(chunkBytes),
      ]))
  }
}
