internal import LogDecoding
internal import StorageProtocol
internal import SystemFiles

/// The lines of `manifest.jsonl`: one an item, in their order; the same whoever wrote the files, and when.
enum RestoreManifest {
  /// - Parameter lostBehind: the last ordinal that the archive has lost, in a salvage; nil for none.
  /// - Throws: ``FileError``.
  static func write(
    _ items: [RestoreItem], _ outcomes: [RestoreOutcome], lostBehind: UInt64?, to file: inout TemporaryFile
  ) throws(FileError) {
    var rereading = EntryRereading()
    for (item, outcome) in zip(items, outcomes) {
      var line = identity(item)
      add(item, outcome, to: &line)
      line.add("may_be_outdated", .boolean(item.mayBeOutdated(lostBehind)))
      if item.shard == nil {
        line.add("metadata", item.writer.metadata.map { .object(rereading.object($0)) } ?? .null)
        line.add("created_at_tick", .integer(item.writer.tick.value))
        line.add("shard_ids", .array(item.shardIDs.map(JSONValue.hexadecimal)))
      }
      line.add("ordinal", .integer(item.writer.ordinal.value))
      try file.write(JSONFormat.line.encode(.object(line)) + [UInt8(ascii: "\n")])
    }
  }

  private static func identity(_ item: RestoreItem) -> JSONObject {
    let object: KeyValuePairs<String, JSONValue> = [
      "object_id": .string(item.id.bytes), "version": .integer(item.version.value),
    ]
    guard let shard = item.shard else {
      var line = JSONObject(object)
      line.add("key", .hexadecimal(item.key))
      return line
    }
    var line = JSONObject(["shard_id": .hexadecimal(shard.id)])
    for (name, value) in object { line.add(name, value) }
    line.add("shard_index", .integer(shard.index))
    line.add("replica_positions", .array(shard.positions.map(JSONValue.integer)))
    line.add("is_orphan", .boolean(shard.isOrphan))
    return line
  }

  private static func add(_ item: RestoreItem, _ outcome: RestoreOutcome, to line: inout JSONObject) {
    line.add("status", .text(outcome.isThere ? "restored" : outcome.status))
    line.add("reason", outcome.reason.map(JSONValue.text) ?? .null)
    line.add("file", outcome.isThere ? .text(item.path) : .null)
    line.add("size", .integer(item.byteCount))
    if let shard = item.shard {
      line.add("merkle_root", shard.merkleRoot.map(JSONValue.hexadecimal) ?? .null)
    } else {
      line.add("hash_commit", item.writer.hashCommit.map(JSONValue.hexadecimal) ?? .null)
    }
  }
}

extension RestoreOutcome {
  /// The word that manifests and reports have for it.
  package var status: String {
    switch self {
    case .written: "written"
    case .mended: "mended"
    case .alreadyThere: "already_there"
    case .damaged: "damaged"
    case .unrecoverable: "unrecoverable"
    }
  }

  /// Why the file is not there.
  package var reason: String? {
    switch self {
    case .damaged(let sentence): sentence
    case .unrecoverable(let reason): reason.rawValue
    case .written, .mended, .alreadyThere: nil
    }
  }
}

extension RestoreItem {
  /// Whether a STORE may have replaced the content that is among the entries which were lost.
  package func mayBeOutdated(_ lostBehind: UInt64?) -> Bool { lostBehind.map { writer.ordinal.value < $0 } ?? false }

  fileprivate var shardIDs: [Digest] {
    (0..<UInt64(writer.chunkCount)).map { ObjectNaming.shardID(object: id, version: version, index: $0) }
  }
}
