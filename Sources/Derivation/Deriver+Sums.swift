package import ControlPlan
package import LogDecoding
internal import StateCommitment
internal import StorageProtocol

extension Deriver {
  /// What STOREs add to totals and nodes, summed from one control entry to the next (protocol.md 5, 2 and 5).
  mutating func sum(_ planned: PlannedBatch, _ derived: DerivedBatch) {
    sums.reset(slotCount: planned.slotCount)
    var spanIndex = 0
    var first = 0
    for control in planned.controls where control.entry < derived.count {
      addSegment(first..<control.entry, planned, derived, &spanIndex)
      first = control.entry + 1
    }
    addSegment(first..<derived.count, planned, derived, &spanIndex)
  }

  /// Every control entry but the last of several in a row has a span before it; `spanIndex` is the first not yet summed.
  private mutating func addSegment(
    _ entries: Range<Int>, _ planned: PlannedBatch, _ derived: DerivedBatch,
    _ spanIndex: inout Int
  ) {
    var fees: UInt128? = 0
    var lastPlacing: Int?
    var eventCount = 0
    let firstCredit = derived.credits.count
    if !entries.isEmpty {
      let eligible = planned.spans[spanIndex].version.eligible.view
      let registered = planned.spans[spanIndex].version.registered.view
      spanIndex += 1
      for entry in entries where view.derived[entry].flags.contains(.isApplied) {
        eventCount += 1
        guard view.entries[entry].kind == .store else { continue }
        fees = fees.flatMap { DerivedRecord.sum($0, view.derived[entry].atrCost) }
        if view.derived[entry].firstNodes != nil { lastPlacing = entry }
        let contentBytes = view.entries[entry].contentBytes
        view.derived[entry].forEachCredit(
          view.entries + entry, eligible: eligible, registered: registered,
          replicationFactor: configuration.constants.replicationFactor
        ) { slot in sums.add(Int(slot), contentBytes) }
      }
      sums.flush(into: &derived.credits)
    }
    derived.segments.append(
      Segment(
        entries: entries, fees: fees, credits: firstCredit..<derived.credits.count, eventCount: eventCount,
        lastPlacing: lastPlacing))
  }

  /// Sorts the entries that touch objects by the partition that owns their key, keeping log order within each.
  func route(_ derived: DerivedBatch) {
    let routed = derived.beginRouting(partitionCount: ranges.partitionCount)
    for entry in 0..<derived.count where view.derived[entry].flags.contains(.touchesObjects) {
      let partition = ranges.partition(of: view.derived[entry].key)
      view.work[entry].partition = UInt16(partition)
      derived.routeEnds[partition] += 1
    }
    var total = 0
    for partition in derived.routeEnds.indices {
      let count = derived.routeEnds[partition]
      derived.routeEnds[partition] = total
      total += count
    }
    for entry in 0..<derived.count where view.derived[entry].flags.contains(.touchesObjects) {
      let partition = Int(view.work[entry].partition)
      // Each entry is routed once: places stay below the batch's count.
      (routed + derived.routeEnds[partition]).initialize(to: UInt32(entry))
      derived.routeEnds[partition] += 1
    }
  }
}

extension DerivedRecord {
  /// Calls `body` with the slot of the registered node of each placement of a STORE; one placed on twice comes twice.
  package func forEachCredit(
    _ record: UnsafePointer<EntryRecord>, eligible: NodeView, registered: NodeView, replicationFactor: Int,
    _ body: (UInt32) -> Void
  ) {
    if flags.contains(.isPlacedAsRecorded) {
      for set in record.pointee.replicaSets {
        for node in set.nodes { if let slot = registered.node(node)?.slot { body(slot) } }
      }
    } else if let firstNodes {
      for index in 0..<chunkCount {
        var place = Int(firstNodes[index])
        for _ in 0..<replicationFactor {
          // `place` is below the list's count.
          body(eligible.nodes[place].slot)
          place = place + 1 == eligible.count ? 0 : place + 1
        }
      }
    }
  }
}

extension DerivedRecord {
  /// The sum, or nil where it does not fit.
  package static func sum(_ left: UInt128, _ right: UInt128) -> UInt128? {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : sum
  }
}

/// The sums of one segment by node slot: dense, emptied by what was touched.
struct CreditSums: ~Copyable {
  private var slots: UnsafeMutableBufferPointer<Credit> = .init(start: nil, count: 0)
  private var touched: [Int] = []

  deinit { slots.deallocate() }

  mutating func reset(slotCount: Int) {
    guard slots.count < slotCount else { return }
    slots.deallocate()
    slots = .allocate(capacity: 2 * slotCount)
    for slot in slots.indices { slots.initializeElement(at: slot, to: Credit(slot: UInt32(slot), bytes: 0, proofs: 0)) }
  }

  /// Adds one placement of content of `contentBytes` bytes.
  mutating func add(_ slot: Int, _ contentBytes: UInt64) {
    if slots[slot].proofs == 0 { touched.append(slot) }
    slots[slot].bytes += UInt128(contentBytes)
    slots[slot].proofs += 1
  }

  /// Moves the sums to `credits`.
  mutating func flush(into credits: inout [Credit]) {
    for slot in touched {
      credits.append(slots[slot])
      slots[slot].bytes = 0
      slots[slot].proofs = 0
    }
    touched.removeAll(keepingCapacity: true)
  }
}
