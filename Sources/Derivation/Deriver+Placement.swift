internal import ControlPlan
internal import Hashing
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// The second round: where placement starts is H over a shard id's hexadecimal text (protocol.md 5.3).
  mutating func gatherPlacements(_ derived: DerivedBatch) {
    laterRound.removeAll()
    for entry in 0..<derived.count where isStore(entry) {
      for index in 0..<view.derived[entry].chunkCount {
        let text = arena.allocate(2 * Digest.byteCount)
        shardID(entry, index).storeHexadecimal(to: text)
        let slot = laterRound.append(UnsafeRawBufferPointer(start: text, count: 2 * Digest.byteCount))
        if index == 0 { view.work[entry].placement = slot }
      }
    }
    hashedBytes += UInt64(laterRound.count * 2 * Digest.byteCount)
  }

  /// Whether an entry is a STORE that nothing has rejected so far.
  func isStore(_ entry: Int) -> Bool {
    view.entries[entry].kind == .store && view.derived[entry].flags.contains(.isApplied)
  }

  /// Places every STORE by its version's eligible nodes, and compares that with the record (protocol.md 9, step 2).
  mutating func place(_ planned: PlannedBatch, _ derived: DerivedBatch) {
    for (index, span) in planned.spans.enumerated() {
      let eligible = span.version.eligible.view
      for entry in planned.entries(ofSpan: index, count: derived.count) where isStore(entry) {
        place(entry, view.entries + entry, eligible)
      }
    }
  }

  private mutating func place(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ eligible: NodeView) {
    let chunkCount = view.derived[entry].chunkCount
    if chunkCount > 0, eligible.count > 0 {
      let firstNodes = arena.allocate(UInt32.self, chunkCount)
      for index in 0..<chunkCount {
        let first = laterRound.digest(view.work[entry].placement + index).remainder(
          dividingBySmall: UInt64(eligible.count))
        (firstNodes + index).initialize(to: UInt32(first))
      }
      view.derived[entry].firstNodes = UnsafePointer(firstNodes)
    }
    guard record.pointee.flags.contains(.hasReplicaSets) else { return }
    for index in 0..<chunkCount
    where !isPlaced(as: replicaSet(entry, index, record).nodes, entry, index, eligible) {
      view.derived[entry].flags.formUnion([.isPlacedAsRecorded, .isDiverged])
      return
    }
  }

  /// Whether the derived placement of a chunk names just the nodes `recorded`, in this order.
  private func isPlaced(
    as recorded: UnsafeBufferPointer<ByteView>, _ entry: Int, _ index: Int, _ eligible: NodeView
  ) -> Bool {
    guard let firstNodes = view.derived[entry].firstNodes else { return recorded.isEmpty }
    guard recorded.count == configuration.constants.replicationFactor else { return false }
    var place = Int(firstNodes[index])
    for node in recorded {
      // `place` is below the list's count.
      guard eligible.nodes[place].id.isEqual(to: node) else { return false }
      place = place + 1 == eligible.count ? 0 : place + 1
    }
    return true
  }
}

extension PlannedBatch {
  /// The entries of a span that come before `count`.
  func entries(ofSpan index: Int, count: Int) -> Range<Int> {
    let first = spans[index].firstEntry
    let end = index + 1 < spans.count ? spans[index + 1].firstEntry : count
    return min(first, count)..<max(min(first, count), min(end, count))
  }
}
