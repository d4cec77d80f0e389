internal import GoldenRun
internal import GoldenTrace
internal import StorageProtocol

extension DivergenceSides {
  /// Of the events of the named entry where both have one, of their calls where they are control entries.
  var fields: [JSONObject] {
    guard isNamed else { return eventFields(golden.sightedEvent, log.sighted) }
    if let ours = log.named?.replayed.controlCall, let theirs = golden.named?.call {
      return callFields(theirs, ours)
    }
    return eventFields(golden.namedEvent, log.named)
  }

  private func callFields(_ theirs: ControlCall, _ ours: ControlCall) -> [JSONObject] {
    let names = (theirs.json.members + ours.json.members).map(\.key)
    var seen: Set<[UInt8]> = []
    return names.filter { seen.insert($0).inserted }.compactMap { key in
      let name = String(decoding: key, as: UTF8.self)
      let (expected, actual) = (theirs.json[name], ours.json[name])
      guard expected != actual else { return nil }
      return difference(name, expected, actual, origin: "recorded")
    }
  }

  func eventFields(_ expected: StorageEvent?, _ step: LogSide.Step?) -> [JSONObject] {
    guard let expected, let step, let actual = step.replayed.event else { return [] }
    return StorageEvent.Field.allCases.compactMap { field in
      guard JSONFormat.canonical.encode(expected[field]) != JSONFormat.canonical.encode(actual[field]) else {
        return nil
      }
      return difference(field.rawValue, expected[field], actual[field], origin: origin(of: field, step))
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
    let isContent = [.hashCommit, .contentSize, .atrCost].contains(field)
    switch (step.replayed.outcome, field) {
    case (_, .epoch), (.storeReexecuted, .shardIDs), (.storeReexecuted, .replicaSets): return "re-derived"
    case (.storeCarried, .shardIDs), (.storeCarried, .replicaSets): return "re-derived"
    case (.storePlaceholder, .shardIDs), (.storePlaceholder, .replicaSets): return "re-derived"
    case (.storeReexecuted, _) where isContent: return "re-derived"
    case (.storePlaceholder, _) where isContent && field != .contentSize: return "re-derived"
    case (.storeCarried, _) where isContent: return "recorded, carried"
    default: return "recorded"
    }
  }
}
