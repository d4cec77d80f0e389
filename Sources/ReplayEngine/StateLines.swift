internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// The lines of `export --to jsonl` (cli.md); `null` where a carried STORE leaves something unknown.
struct StateLines: ~Copyable {
  private var file: TemporaryFile

  init(to file: consuming TemporaryFile) { self.file = file }

  /// Writes the lines of all nodes, then objects, shards and events.
  ///
  /// - Throws: `.output`; `.snapshot`, `.input`.
  consuming func write(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) -> TemporaryFile {
    for node in snapshot.nodes { try write("node", node.json.members.map { ($0.key, StateLines.text($0.value)) }) }
    var objects = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try snapshot.objects() }
    while let object = try StateLines.next(&objects) { try write("object", StateLines.members(object)) }
    var again = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try snapshot.objects() }
    while let object = try StateLines.next(&again) {
      for index in object.shards.indices { try write("shard", StateLines.members(object, shard: index)) }
    }
    try writeEvents(snapshot)
    return file
  }

  private static func next(_ objects: inout SnapshotObjects) throws(ReplayFailure) -> SnapshotObject? {
    try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try objects.next() }
  }

  private mutating func writeEvents(_ snapshot: VerifiedSnapshot) throws(ReplayFailure) {
    var events = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try snapshot.events() }
    while true {
      let event = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try events.next() }
      guard let event else { return }
      var line = Array(#"{"kind":"event","#.utf8)
      line += event.fields.dropFirst().dropLast()
      line += Array(#","event_id":""#.utf8)
      line += event.id.hexadecimalBytes
      line += Array("\"}\n".utf8)
      try write(line)
    }
  }

  /// One line: `kind` first, then members whose values are JSON already.
  private mutating func write(_ kind: String, _ members: [(key: [UInt8], text: [UInt8])]) throws(ReplayFailure) {
    var line = Array(#"{"kind":"\#(kind)""#.utf8)
    for (key, text) in members { line += Array(",\"".utf8) + key + Array("\":".utf8) + text }
    try write(line + Array("}\n".utf8))
  }

  private mutating func write(_ line: [UInt8]) throws(ReplayFailure) {
    do {
      try file.write(line)
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  // MARK: Members

  private static func text(_ value: JSONValue) -> [UInt8] { JSONFormat.line.encode(value) }

  private static func members(_ members: KeyValuePairs<String, JSONValue>) -> [(key: [UInt8], text: [UInt8])] {
    members.map { (Array($0.key.utf8), text($0.value)) }
  }

  private static func members(_ object: SnapshotObject) -> [(key: [UInt8], text: [UInt8])] {
    members([
      "object_id": .string(object.id.bytes), "version": .integer(object.version.value),
      "hash_commit": .hexadecimal(object.hashCommit), "created_at_tick": .integer(object.createdAtTick.value),
    ]) + [(Array("metadata".utf8), object.metadata ?? text(.null))]
      + members([
        "shard_ids": .array(object.shards.prefix(object.currentShardCount).map { .hexadecimal($0.id) })
      ])
  }

  private static func members(_ object: SnapshotObject, shard index: Int) -> [(key: [UInt8], text: [UInt8])] {
    let shard = object.shards[index]
    let proof = shard.merkleRoot.map {
      ObjectNaming.proofText(shard: shard.id, merkleRoot: $0, chunkBytes: shard.chunkBytes)
    }
    return members([
      "shard_id": .hexadecimal(shard.id), "object_id": .string(object.id.bytes),
      "version": .integer(object.version.value), "shard_index": .integer(index),
      "size": .integer(shard.chunkBytes),
      "assigned_nodes": .array(shard.assignedNodes.map { .string($0.bytes) }),
      "merkle_root": shard.merkleRoot.map(JSONValue.hexadecimal) ?? .null,
      "proof": proof.map(JSONValue.string) ?? .null,
    ])
  }
}
