internal import StorageProtocol

extension EvidenceEquations {
  /// The recovery point lies where the counts allow it, and what was not recovered is what the counts say.
  static func recovery(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    guard try !EvidenceForm.isDamaged(result) else { return }
    let entries = try EntrySums(result)
    try entries.check()
    let stores = try result.stores
    let fields = try result.fields("recovery")
    let point = try RecoveryPoint(fields)
    try check(point, fields, entries, stores)
    // A salvage is no drill: nothing is lost.
    let recovery = Recovery(
      point: point, epoch: try result.state.currentEpoch, entries: try result.fields("entries").object,
      stores: stores, lost: 0)
    try result.compare("recovery", .object(recovery.json), from: "result.entries, result.stores and result.state")
  }

  private static func check(
    _ point: RecoveryPoint, _ fields: EvidenceFields, _ entries: EntrySums, _ stores: StoreCounts
  ) throws(EvidenceFault) {
    guard (point.lastApplied == nil) == (entries.applied == 0) else {
      throw .differs(fields.path("last_applied"), from: "result.entries.applied")
    }
    if let last = point.lastApplied?.value, last >= entries.total || last + 1 < entries.applied {
      throw .differs(fields.path("last_applied.ordinal"), from: "result.entries")
    }
    guard (point.lastTick == nil) == (stores.total == 0), (point.highestTick == nil) == (stores.total == 0) else {
      throw .differs(fields.path("last_applied.tick"), from: "result.stores")
    }
    guard let last = point.lastTick, let highest = point.highestTick else { return }
    guard last.value <= highest.value, stores.total > 1 || last == highest else {
      throw .differs(fields.path("highest_tick"), from: "last_applied.tick")
    }
  }
}

extension RecoveryPoint {
  fileprivate init(_ fields: EvidenceFields) throws(EvidenceFault) {
    let highest = try fields.optionalInteger("highest_tick").map(Tick.init)
    guard try !fields.value("last_applied").isNull else {
      self.init(lastApplied: nil, lastTick: nil, highestTick: highest)
      return
    }
    let last = try fields.fields("last_applied")
    self.init(
      lastApplied: Ordinal(try last.count("ordinal")), lastTick: try last.optionalInteger("tick").map(Tick.init),
      highestTick: highest)
  }
}
