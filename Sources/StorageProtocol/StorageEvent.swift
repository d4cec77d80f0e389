/// An event of the storage log: 13 fields and the id that hashes them (protocol.md 8).
package struct StorageEvent: Equatable, Sendable {
  /// The hashed fields, in the order of canonical JSON.
  package enum Field: String, CaseIterable, Sendable {
    case atrCost = "atr_cost"
    case contentSize = "content_size"
    case epoch
    case errorCode = "error_code"
    case errorDetail = "error_detail"
    case eventType = "event_type"
    case hashCommit = "hash_commit"
    case objectID = "object_id"
    case pqcSignature = "pqc_signature"
    case replicaSets = "replica_sets"
    case shardIDs = "shard_ids"
    case timestampTick = "timestamp_tick"
    case version
  }

  private let fields: EventFields

  /// H over the canonical JSON of the 13 fields. Not unique: two equal proof requests have one id.
  package let id: Digest

  /// Creates the event of complete `fields` and computes its id.
  package init(_ fields: EventFields) {
    precondition(fields.isComplete, "an event has all 13 fields")
    self.fields = fields
    self.id = Digest.sha3(JSONFormat.canonical.encode(fields.json))
  }

  package subscript(field: Field) -> JSONValue {
    guard let value = fields[field] else { preconditionFailure("an event has all 13 fields") }
    return value
  }

  /// The fields whose canonical JSON differs, in the order of their names.
  package func differences(from other: StorageEvent) -> [Field] { fields.differences(from: other.fields) }

  /// The event as a JSON object: the 13 fields, then `event_id`.
  package var json: JSONObject {
    guard case .object(var object) = fields.json else { preconditionFailure("the fields are an object") }
    object.add("event_id", .hexadecimal(id))
    return object
  }
}

/// Some or all fields of an event: what a log recorded, or what a replay derived.
package struct EventFields: Equatable, Sendable {
  private var values: [JSONValue?]

  private init(values: [JSONValue?]) { self.values = values }

  /// The fields of an event that says nothing but its type and epoch: a control event (protocol.md 8).
  package init(eventType: EventType, epoch: Epoch) {
    values = Array(repeating: JSONValue.null, count: StorageEvent.Field.allCases.count)
    self[.eventType] = .text(eventType.rawValue)
    self[.epoch] = .integer(epoch.value)
    self[.timestampTick] = .integer(0)
    self[.contentSize] = .integer(0)
    self[.atrCost] = .text("0")
    self[.shardIDs] = .array([])
    self[.replicaSets] = .members([:])
  }

  /// The fields of an event that `entry` recorded, integers in their shortest form; the others are absent.
  package init(recordedIn entry: JSONObject) {
    values = StorageEvent.Field.allCases.map { entry[$0.rawValue]?.withShortestIntegers }
  }

  package subscript(field: StorageEvent.Field) -> JSONValue? {
    get { values[EventFields.index(of: field)] }
    set { values[EventFields.index(of: field)] = newValue }
  }

  private static func index(of field: StorageEvent.Field) -> Int {
    guard let index = StorageEvent.Field.allCases.firstIndex(of: field) else {
      preconditionFailure("every field is among all cases")
    }
    return index
  }

  package var isComplete: Bool { !values.contains(nil) }

  /// The fields that are there, as an object in canonical order.
  package var json: JSONValue {
    .object(
      JSONObject(
        StorageEvent.Field.allCases.compactMap { field in
          self[field].map { (Array(field.rawValue.utf8), $0) }
        }))
  }

  /// These fields, and those of `other` where these are absent.
  package func completed(by other: EventFields) -> EventFields {
    EventFields(values: zip(values, other.values).map { $0 ?? $1 })
  }

  /// The fields present on both sides whose canonical JSON differs, in the order of their names.
  package func differences(from derived: EventFields) -> [StorageEvent.Field] {
    StorageEvent.Field.allCases.filter { field in
      guard let ours = self[field], let theirs = derived[field] else { return false }
      return ours != theirs && JSONFormat.canonical.encode(ours) != JSONFormat.canonical.encode(theirs)
    }
  }
}
