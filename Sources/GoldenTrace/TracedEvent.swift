internal import GoldenRun
internal import StorageProtocol

/// An event as a trace writes it: canonical fields, without those that are null, and of a STORE without what object id, version
/// and number of chunks give: instead of `shard_ids` and `replica_sets` there is `placed`, the nodes of each chunk.
enum TracedEvent {
  /// The event as a line.
  static func line(_ event: StorageEvent) -> [UInt8] {
    let isStore = event[.eventType].stringBytes == Array(EventType.store.rawValue.utf8)
    var members: [(key: [UInt8], value: JSONValue)] = []
    for field in StorageEvent.Field.allCases where !event[field].isNull {
      switch field {
      case .shardIDs where isStore: continue
      case .replicaSets where isStore: members.append((placed, placements(of: event)))
      default: members.append((Array(field.rawValue.utf8), event[field]))
      }
    }
    return JSONFormat.line.encode(.object(JSONObject(members)))
  }

  /// The event of a line; nil where the line is none.
  static func event(_ line: [UInt8]) -> StorageEvent? {
    guard let (value, fault) = try? JSONReader.read(line), fault == nil, let object = value.objectValue else {
      return nil
    }
    var fields = EventFields(recordedIn: object)
    for field in StorageEvent.Field.allCases where fields[field] == nil { fields[field] = .null }
    if let placements = object["placed"]?.elements {
      guard let id = object["object_id"]?.stringBytes, let version = object["version"]?.integer(as: UInt64.self) else {
        return nil
      }
      let shards = placements.indices.map { index in
        ObjectNaming.shardID(object: Identifier(bytes: id), version: ObjectVersion(version), index: UInt64(index))
      }
      fields[.shardIDs] = .array(shards.map(JSONValue.hexadecimal))
      fields[.replicaSets] = .object(JSONObject(zip(shards, placements).map { ($0.hexadecimalBytes, $1) }))
    }
    return StorageEvent(fields)
  }

  private static let placed = Array("placed".utf8)

  private static func placements(of event: StorageEvent) -> JSONValue {
    guard let sets = event[.replicaSets].objectValue, let shards = event[.shardIDs].elements else {
      preconditionFailure("a STORE has placements: its form was checked")
    }
    var nodes: [[UInt8]: JSONValue] = [:]
    for member in sets.members { nodes[member.key] = member.value }
    return .array(
      shards.map { shard in
        guard let id = shard.stringBytes, let placed = nodes[id] else {
          preconditionFailure("a STORE places every shard: its integrity was checked")
        }
        return placed
      })
  }
}
