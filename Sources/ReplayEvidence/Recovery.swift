package import StorageProtocol

/// What a recovery by this replay achieves, and what it does not: the point that was reached, and what of the log before that
/// point is not in the state, or not with its content.
///
/// The time that it took belongs to the run (``RunFacts/elapsed``). Accepting changes nothing here: what is known to be missing
/// is missing.
package struct Recovery: Sendable {
  package let point: RecoveryPoint
  /// Current at the end.
  package let epoch: Epoch
  package let stores: StoreCounts
  /// Entries that a salvage has lost; 0 where nothing was to be salvaged: then a loss ends the replay.
  package let lost: UInt64
  /// `entries` of a result: its rejected and unsupported ones are not recovered.
  private let entries: JSONObject

  package init(point: RecoveryPoint, epoch: Epoch, entries: JSONObject, stores: StoreCounts, lost: UInt64) {
    self.point = point
    self.epoch = epoch
    self.entries = entries
    self.stores = stores
    self.lost = lost
  }

  /// The part of a result that two recoveries of one log agree in.
  package var json: JSONObject {
    JSONObject([
      "last_applied": lastApplied, "highest_tick": point.highestTick.map { .integer($0.value) } ?? .null,
      "not_recovered": .object(notRecovered),
    ])
  }

  /// Null where nothing was applied.
  private var lastApplied: JSONValue {
    guard let ordinal = point.lastApplied else { return .null }
    return .members([
      "ordinal": .integer(ordinal.value), "epoch": .integer(epoch.value),
      "tick": point.lastTick.map { .integer($0.value) } ?? .null,
    ])
  }

  private var notRecovered: JSONObject {
    var json = JSONObject([])
    let names = ["rejected", "rejected_by_code", "unsupported", "unsupported_types", "unsupported_types_omitted"]
    for name in names {
      if let value = entries[name] { json.add(name, value) }
    }
    json.add("lost", .integer(lost))
    json.add("contents_carried", .integer(stores.carried))
    json.add("contents_placeholder", .integer(stores.placeholder))
    return json
  }
}
