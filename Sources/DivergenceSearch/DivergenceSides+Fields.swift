internal import GoldenRun
internal import GoldenTrace
internal import StorageProtocol

extension DivergenceSides {
  /// Of the events of the named entry where both have one, of their calls where they are control entries.
  var fields: [JSONObject] {
    guard isNamed else { return eventFields(golden.sightedEvent, log.sighted) }
    guard isShown else { return [] }
    let events = eventFields(golden.namedEvent, log.named)
    guard let ours = log.named?.replayed.controlCall, let theirs = golden.named?.call else { return events }
    let calls = callFields(theirs, ours)
    let names = calls.map { $0["field"] }
    return calls + events.filter { !names.contains($0["field"]) }
  }

  private func callFields(_ theirs: ControlCall, _ ours: ControlCall) -> [JSONObject] {
    ours.json.differences(from: theirs.json).map { key, actual, expected in
      difference(String(decoding: key, as: UTF8.self), expected, actual, origin: "recorded")
    }
  }

  func eventFields(_ expected: StorageEvent?, _ step: LogSide.Step?) -> [JSONObject] {
    guard let expected, let step, let actual = step.replayed.event else { return [] }
    return actual.differences(from: expected).map { field in
      difference(field.rawValue, expected[field], actual[field], origin: origin(of: field, step))
    }
  }

  private func difference(
    _ name: String, _ expected: JSONValue?, _ actual: JSONValue?, origin: String
  ) -> JSONObject {
    JSONObject([
      "field": .text(name), "expected": expected ?? .null, "actual": actual ?? .null, "origin": .text(origin),
    ])
  }

  /// Where the log's side has a value from.
  private func origin(of field: StorageEvent.Field, _ step: LogSide.Step) -> String {
    if step.replayed.divergences.contains(where: { $0.field == field.rawValue }) {
      return "recorded; the log derives another value"
    }
    if step.replayed.outcome == .storeCarried, [.hashCommit, .contentSize, .atrCost].contains(field) {
      return "recorded, carried"
    }
    return DivergenceSides.isDerived(field, step.replayed.outcome) || !step.replayed.records(field)
      ? "re-derived" : "recorded"
  }

  /// Whether a replay computes a field from the rest of the log, whatever the record says: a record that says otherwise is rejected,
  /// or diverges.
  private static func isDerived(_ field: StorageEvent.Field, _ outcome: EntryOutcome) -> Bool {
    switch field {
    case .epoch: true
    case .shardIDs, .replicaSets: outcome.isStore
    case .hashCommit, .atrCost: outcome == .storeReexecuted || outcome == .storePlaceholder
    case .contentSize: outcome == .storeReexecuted
    default: false
    }
  }
}
