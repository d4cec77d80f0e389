internal import DivergenceSearch
internal import StorageProtocol

/// A version of an object that both sides store differently, or only one.
struct ObjectDifference {
  let objectID: JSONValue
  let version: JSONValue
  var first: StorageEvent?
  var second: StorageEvent?

  /// One for each object version of the events that differ, in the order in which they come first; of several STOREs of one the
  /// last counts.
  static func all(in difference: TraceDifference) -> [ObjectDifference] {
    var objects: [ObjectDifference] = []
    var places: [[UInt8]: Int] = [:]
    for (events, isFirst) in [(difference.onlyInFirst, true), (difference.onlyInSecond, false)] {
      for event in events.compactMap(\.event) where event[.eventType] == .text(EventType.store.rawValue) {
        let name = JSONFormat.line.encode(.array([event[.objectID], event[.version]]))
        if places[name] == nil {
          places[name] = objects.count
          objects.append(ObjectDifference(objectID: event[.objectID], version: event[.version]))
        }
        guard let place = places[name] else { continue }
        if isFirst { objects[place].first = event } else { objects[place].second = event }
      }
    }
    return objects
  }

  /// Fields that differ; none where only one side stores the object so.
  private var fields: [StorageEvent.Field] {
    guard let first, let second else { return [] }
    return first.differences(from: second)
  }

  var json: JSONValue {
    .members([
      "object_id": objectID, "version": version, "in_first": .boolean(first != nil),
      "in_second": .boolean(second != nil),
      "fields": .array(
        fields.map { field in
          .members([
            "field": .text(field.rawValue), "first": first?[field] ?? .null, "second": second?[field] ?? .null,
          ])
        }),
    ])
  }

  /// Shards that are placed on other nodes, or that one side does not have.
  var shards: [JSONValue] {
    let ours = first?[.replicaSets].objectValue ?? JSONObject([:])
    let theirs = second?[.replicaSets].objectValue ?? JSONObject([:])
    return theirs.differences(from: ours).map { shard, second, first in
      .members([
        "shard_id": .string(shard), "object_id": objectID, "version": version, "first": first ?? .null,
        "second": second ?? .null,
      ])
    }
  }

  var line: String {
    let name = "\(objectID.shown) version \(version.shown)"
    switch (first, second) {
    case (_?, _?): return "\(name): \(fields.map(\.rawValue).joined(separator: ", "))"
    case (_?, nil): return "\(name): only in first"
    default: return "\(name): only in second"
    }
  }
}
