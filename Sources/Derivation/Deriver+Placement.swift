package import ControlPlan
internal import Hashing
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// The second round: where placement starts is H over a shard id's hexadecimal text (protocol.md 5.3).
  mutating func gatherPlacements(_ batch: DecodedBatch, _ derived: DerivedBatch) {
    laterRound.removeAll()
    for entry in 0..<derived.count where Deriver.isStore(entry, batch, derived) {
      for index in 0..<derived.records[entry].chunkCount {
        let text = derived.arena.allocate(2 * Digest.byteCount)
        shardID(entry, index).storeHexadecimal(to: text)
        let slot = laterRound.append(UnsafeRawBufferPointer(start: text, count: 2 * Digest.byteCount))
        if index == 0 { work[entry].placement = slot }
      }
    }
    hashedBytes += UInt64(laterRound.count * 2 * Digest.byteCount)
  }

  /// Whether an entry is a STORE that nothing has rejected so far.
  static func isStore(_ entry: Int, _ batch: DecodedBatch, _ derived: DerivedBatch) -> Bool {
    batch.records[entry].kind == .store && derived.records[entry].flags.contains(.isApplied)
  }

  /// Places every STORE by its version's eligible nodes, and compares that with the record (protocol.md 9, step 2).
  mutating func place(_ batch: DecodedBatch, _ planned: PlannedBatch, _ derived: DerivedBatch) {
    planned.forEachSpan(count: derived.count) { entries, version in
      for entry in entries where Deriver.isStore(entry, batch, derived) {
        place(entry, batch.records[entry], version, derived)
      }
    }
  }

  private func place(
    _ entry: Int, _ record: EntryRecord, _ version: TimelineVersion, _ derived: DerivedBatch
  ) {
    let chunkCount = derived.records[entry].chunkCount
    let eligible = version.eligible.view
    if chunkCount > 0, eligible.count > 0 {
      let firstNodes = derived.arena.allocate(UInt32.self, chunkCount)
      for index in 0..<chunkCount {
        let first = laterRound.digest(work[entry].placement + index).remainder(dividingBySmall: UInt64(eligible.count))
        (firstNodes + index).initialize(to: UInt32(first))
      }
      derived.records[entry].firstNodes = UnsafePointer(firstNodes)
    }
    guard record.flags.contains(.hasReplicaSets) else { return }
    for index in 0..<chunkCount
    where !isPlaced(as: replicaSet(entry, index, record).nodes, entry, index, eligible, derived) {
      derived.records[entry].flags.formUnion([.isPlacedAsRecorded, .isDiverged])
      return
    }
  }

  /// Whether the derived placement of a chunk names just the nodes `recorded`, in this order.
  private func isPlaced(
    as recorded: UnsafeBufferPointer<ByteView>, _ entry: Int, _ index: Int, _ eligible: NodeView,
    _ derived: DerivedBatch
  ) -> Bool {
    guard let firstNodes = derived.records[entry].firstNodes else { return recorded.isEmpty }
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
  /// Calls `body` with the entries of each span that come before `count`, and the version that holds there.
  package func forEachSpan(count: Int, _ body: (Range<Int>, TimelineVersion) -> Void) {
    for (index, span) in spans.enumerated() {
      let end = index + 1 < spans.count ? spans[index + 1].firstEntry : count
      if span.firstEntry < end { body(span.firstEntry..<min(end, count), span.version) }
    }
  }
}
