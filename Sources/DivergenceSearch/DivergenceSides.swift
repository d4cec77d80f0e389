internal import GoldenRun
internal import GoldenTrace
internal import LogReading
internal import StorageProtocol

/// Both sides of a case.
struct DivergenceSides {
  let divergence: DivergenceCase
  let log: LogSide
  let golden: GoldenSide

  /// Differences of nodes that are listed at most.
  private static let stateMax = 100

  var json: JSONObject {
    let epoch = (log.named ?? log.sighted)?.epoch.value
    var json = JSONObject([
      "precision": .text(divergence.precision.rawValue), "ordinal": .number(divergence.logOrdinal?.value),
      "golden_ordinal": .number(divergence.goldenOrdinal?.value), "byte_offset": .number(log.named?.raw.byteOffset),
      "epoch": epoch.map(JSONValue.integer) ?? .null, "event_index": .number(eventIndex),
      "block": .number(eventIndex.map { $0 / UInt64(TraceReader.blockEvents) }),
    ])
    let (expected, actual) = (expected, actual)
    for name in ["object_id", "version", "node_id"] { json.add(name, subject(name, expected, actual)) }
    json.add("expected", expected.map(JSONValue.object) ?? .null)
    json.add("actual", actual.map(JSONValue.object) ?? .null)
    json.add("fields", .array(fields.map(JSONValue.object)))
    let state = isNamed ? log.controlState.differences(from: golden.controlState) : []
    json.add("state", .array(state.prefix(DivergenceSides.stateMax).map(JSONValue.object)))
    json.add("state_omitted", .integer(max(0, state.count - DivergenceSides.stateMax)))
    json.add("shows_at", .object(sighting))
    json.add("why", .text(reason))
    return json
  }

  var eventIndex: UInt64? {
    if case .event(let index, _) = divergence.sighting { index } else { nil }
  }

  // MARK: The entry

  /// Whether the entry is known that did something else: else a difference is only sighted.
  var isNamed: Bool { divergence.precision == .entry }

  /// Whether the entries of the case alone give what became of the entry in the whole log.
  var isShown: Bool {
    guard isNamed, let outcome = divergence.logOutcome else { return true }
    return log.named?.replayed.outcome == outcome
  }

  /// Whether the sides differ: they do, unless the trace is another one than the case was found with.
  var differ: Bool {
    guard isNamed else { return true }
    guard isShown, let ours = log.named?.replayed, let theirs = golden.named else { return true }
    return ours.outcome != theirs.outcome || ours.controlCall != theirs.call || ours.event?.id != golden.namedEventID
  }

  /// What the golden run made of the entry, or of the one at which the difference is sighted.
  private var expected: JSONObject? {
    guard isNamed else { return golden.sightedEvent.map { JSONObject(of: $0) } }
    guard let entry = golden.named else { return nil }
    var json = golden.namedEvent.map { JSONObject(of: $0) } ?? JSONObject([:])
    json.add("outcome", .text(entry.outcome.description), inFront: true)
    if let call = entry.call { json.add(call) }
    return json
  }

  /// The same of the log's entry.
  private var actual: JSONObject? {
    guard let replayed = (isNamed ? log.named : log.sighted)?.replayed else { return nil }
    guard isShown else { return divergence.logOutcome.map { JSONObject(["outcome": .text($0.description)]) } }
    var json = replayed.event.map { JSONObject(of: $0) } ?? JSONObject([:])
    json.add("outcome", .text(replayed.outcome.description), inFront: true)
    if let fault = replayed.fault { json.add("message", .text(fault.message)) }
    if let call = replayed.controlCall { json.add(call) }
    return json
  }

  /// What the divergence is about, as far as both sides speak of the same.
  private func subject(_ name: String, _ expected: JSONObject?, _ actual: JSONObject?) -> JSONValue {
    guard let ours = actual?[name], let theirs = expected?[name] else {
      return expected?[name] ?? actual?[name] ?? .null
    }
    return ours == theirs ? ours : .null
  }

  // MARK: Where it shows

  private var sighting: JSONObject {
    let at = divergence.sighting.precision.rawValue
    switch divergence.sighting {
    case .event(let index, let ordinal):
      var json = JSONObject([
        "at": .text(at), "ordinal": ordinal.map { .integer($0.value) } ?? .null, "event_index": .integer(index),
        "field": .text("event_id"), "expected": golden.sightedEventID.map(JSONValue.hexadecimal) ?? .null,
        "actual": log.sighted?.replayed.event.map { .hexadecimal($0.id) } ?? .null,
      ])
      if isNamed, log.sighted?.raw.ordinal != log.named?.raw.ordinal {
        json.add("fields", .array(eventFields(golden.sightedEvent, log.sighted).map(JSONValue.object)))
      }
      return json
    case .value(let ordinal, let field, let expected, let actual):
      return JSONObject([
        "at": .text(at), "ordinal": ordinal.map { .integer($0.value) } ?? .null, "field": .text(field),
        "expected": expected ?? .null, "actual": actual ?? .null,
      ])
    }
  }
}

extension JSONValue {
  /// A number, or null.
  static func number(_ value: UInt64?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
}

extension JSONObject {
  /// What an event is about, and its id.
  fileprivate init(of event: StorageEvent) {
    self.init(["event_id": .hexadecimal(event.id)])
    for field in [StorageEvent.Field.objectID, .version] where !event[field].isNull {
      add(field.rawValue, event[field])
    }
    if let node = event[.replicaSets].objectValue?["node_id"] { add("node_id", node) }
  }

  /// Adds what a control entry asks for, and the node that it is about.
  fileprivate mutating func add(_ call: ControlCall) {
    add("call", .object(call.json))
    if let node = call.nodeID, self["node_id"] == nil { add("node_id", .string(node)) }
  }
}
