internal import ReplayEvidence
internal import StateSnapshot
internal import StorageProtocol

/// What two snapshots hold differently.
struct SnapshotDifference {
  /// Rows of one kind: those that only one side has, and those that are not the same.
  struct Rows {
    private(set) var counts = (onlyInFirst: 0, onlyInSecond: 0, different: 0)
    /// The first of them, as for people.
    private(set) var items: [JSONObject] = []

    var isEmpty: Bool { counts == (0, 0, 0) }

    /// Notes what one name is on either side; nil where it is not.
    mutating func note(_ name: JSONObject, _ first: JSONObject?, _ second: JSONObject?) {
      var item = name
      switch (first, second) {
      case (let first?, let second?):
        let fields = second.differences(from: first)
        guard !fields.isEmpty else { return }
        counts.different += 1
        item.add(
          "fields",
          .array(
            fields.map { field, second, first in
              .members(["field": .string(field), "first": first ?? .null, "second": second ?? .null])
            }))
      case (_?, nil):
        counts.onlyInFirst += 1
        item.add("only_in", .text("first"))
      case (nil, _?):
        counts.onlyInSecond += 1
        item.add("only_in", .text("second"))
      case (nil, nil): return
      }
      if items.count < BoundedList<Rejection>.itemsMax { items.append(item) }
    }

    var json: JSONValue {
      .members([
        "only_in_first": .integer(counts.onlyInFirst), "only_in_second": .integer(counts.onlyInSecond),
        "different": .integer(counts.different), "items": .array(items.map(JSONValue.object)),
      ])
    }
  }

  private(set) var nodes = Rows()
  private(set) var objects = Rows()
  private(set) var events = Rows()
  /// Counters and roots.
  private(set) var summary = Rows()

  /// Goes through both, row by row.
  init(_ first: VerifiedSnapshot, _ second: VerifiedSnapshot) throws(SnapshotFault) {
    summary.note(JSONObject([:]), first.summaryJSON, second.summaryJSON)
    compareNodes(first.nodes, second.nodes)
    try compareObjects(first, second)
    try compareEvents(first, second)
  }

  /// The tables' digests are equal then, but for what two versions of SQLite or of this program may say in `meta`.
  var isEmpty: Bool { nodes.isEmpty && objects.isEmpty && events.isEmpty && summary.isEmpty }

  private mutating func compareNodes(_ first: [StorageNode], _ second: [StorageNode]) {
    var (left, right) = (first[...], second[...])
    while let id = [left.first?.id, right.first?.id].compactMap(\.self).min() {
      let ours = left.first?.id == id ? left.popFirst() : nil
      let theirs = right.first?.id == id ? right.popFirst() : nil
      nodes.note(JSONObject(["node_id": .string(id.bytes)]), ours?.json, theirs?.json)
    }
  }

  private mutating func compareObjects(_ first: VerifiedSnapshot, _ second: VerifiedSnapshot) throws(SnapshotFault) {
    var lefts = try first.objects()
    var rights = try second.objects()
    var (left, right) = (try lefts.next(), try rights.next())
    while let name = [left?.name, right?.name].compactMap(\.self).min(by: { $0 < $1 }) {
      let ours = left.flatMap { $0.name == name ? $0 : nil }
      let theirs = right.flatMap { $0.name == name ? $0 : nil }
      if ours != theirs {
        objects.note(
          JSONObject(["object_id": .string(name.id.bytes), "version": .integer(name.version.value)]), ours?.json,
          theirs?.json)
      }
      if ours != nil { left = try lefts.next() }
      if theirs != nil { right = try rights.next() }
    }
  }

  private mutating func compareEvents(_ first: VerifiedSnapshot, _ second: VerifiedSnapshot) throws(SnapshotFault) {
    var lefts = try first.events()
    var rights = try second.events()
    while true {
      let (left, right) = (try lefts.next(), try rights.next())
      guard let number = (left ?? right)?.number else { return }
      if left != right { events.note(JSONObject(["event_number": .integer(number)]), left?.json, right?.json) }
    }
  }
}

extension SnapshotObject {
  /// What tells objects apart, in the order in which they come.
  struct Name: Comparable {
    let id: Identifier
    let version: ObjectVersion

    static func < (left: Name, right: Name) -> Bool { (left.id, left.version) < (right.id, right.version) }
  }

  var name: Name { Name(id: id, version: version) }

  /// The object and its shards.
  var json: JSONObject {
    JSONObject([
      "object_id": .string(id.bytes), "version": .integer(version.value), "hash_commit": .hexadecimal(hashCommit),
      "created_at_tick": .integer(createdAtTick.value), "metadata": metadata.map(JSONValue.string) ?? .null,
      "shard_count": .integer(currentShardCount), "store_event_id": .hexadecimal(writer),
      "shards": .array(
        shards.enumerated().map { index, shard in shard.json(index, isOrphan: index >= currentShardCount) }),
    ])
  }
}

extension StoredObject.Shard {
  fileprivate func json(_ index: Int, isOrphan: Bool) -> JSONValue {
    .members([
      "shard_index": .integer(index), "shard_id": .hexadecimal(id), "size": .integer(chunkBytes),
      "assigned_nodes": .array(assignedNodes.map { .string($0.bytes) }),
      "merkle_root": merkleRoot.map(JSONValue.hexadecimal) ?? .null, "store_event_id": .hexadecimal(writer),
      "is_orphan": .boolean(isOrphan),
    ])
  }
}

extension SnapshotEvent {
  fileprivate var json: JSONObject { JSONObject(["event_id": .hexadecimal(id), "fields": .string(fields)]) }
}

extension VerifiedSnapshot {
  fileprivate var summaryJSON: JSONObject {
    var json = commitment.summary.json
    for member in commitment.roots.json.members {
      json.add(String(decoding: member.key, as: UTF8.self), member.value)
    }
    json.add("constants", .text(commitment.constants))
    for (index, checkpoint) in checkpoints.enumerated() { json.add("epochs[\(index)]", .object(checkpoint.json)) }
    return json
  }
}
