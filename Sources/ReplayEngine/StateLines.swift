internal import StorageProtocol
internal import SystemFiles

/// The lines of `export --to jsonl` (cli.md); `null` where a carried STORE leaves something unknown.
enum StateLines {
  /// Writes the lines of all nodes, then objects, then shards.
  static func write(
    nodes: [StorageNode], objects: [StoredObject], to file: inout TemporaryFile
  ) throws(FileError) {
    for node in nodes { try file.write(line("node", node.json)) }
    for object in objects { try file.write(line("object", json(object))) }
    for object in objects {
      for index in object.shards.indices { try file.write(line("shard", json(object, shard: index))) }
    }
  }

  /// One line: `kind` first, then the members of `object`.
  static func line(_ kind: String, _ object: JSONObject) -> [UInt8] {
    var object = object
    object.add("kind", .text(kind), inFront: true)
    return JSONFormat.line.encode(.object(object)) + [UInt8(ascii: "\n")]
  }

  private static func json(_ object: StoredObject) -> JSONObject {
    JSONObject([
      "object_id": .string(object.id.bytes), "version": .integer(object.version.value),
      "hash_commit": .hexadecimal(object.hashCommit), "created_at_tick": .integer(object.createdAtTick.value),
      "metadata": object.metadata.map(JSONValue.object) ?? .null,
      "shard_ids": .array(object.shardIDs.map(JSONValue.hexadecimal)),
    ])
  }

  private static func json(_ object: StoredObject, shard index: Int) -> JSONObject {
    let shard = object.shards[index]
    let proof = shard.merkleRoot.map {
      ObjectNaming.proofText(shard: shard.id, merkleRoot: $0, chunkBytes: shard.chunkBytes)
    }
    return JSONObject([
      "shard_id": .hexadecimal(shard.id), "object_id": .string(object.id.bytes),
      "version": .integer(object.version.value), "shard_index": .integer(index),
      "size": .integer(shard.chunkBytes),
      "assigned_nodes": .array(shard.assignedNodes.map { .string($0.bytes) }),
      "merkle_root": shard.merkleRoot.map(JSONValue.hexadecimal) ?? .null,
      "proof": proof.map(JSONValue.string) ?? .null,
    ])
  }
}
