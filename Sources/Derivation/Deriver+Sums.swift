package import ControlPlan
package import LogDecoding
internal import StateCommitment
package import StorageProtocol

extension Deriver {
  /// What STOREs add to totals and nodes, summed from one control entry to the next (protocol.md 5, 2 and 5).
  mutating func sum(_ batch: DecodedBatch, _ planned: PlannedBatch, _ derived: DerivedBatch) {
    sums.reset(slotCount: planned.slotCount)
    var spanIndex = 0
    var first = 0
    for control in planned.controls where control.entry < derived.count {
      addSegment(first..<control.entry, batch, planned, derived, &spanIndex)
      first = control.entry + 1
    }
    addSegment(first..<derived.count, batch, planned, derived, &spanIndex)
  }

  /// Every control entry but the last of several in a row has a span before it; `spanIndex` is the first not yet summed.
  private mutating func addSegment(
    _ entries: Range<Int>, _ batch: DecodedBatch, _ planned: PlannedBatch, _ derived: DerivedBatch,
    _ spanIndex: inout Int
  ) {
    var fees: UInt128? = 0
    var lastPlacing: Int?
    var eventCount = 0
    let firstCredit = derived.credits.count
    if !entries.isEmpty {
      let version = planned.spans[spanIndex].version
      spanIndex += 1
      for entry in entries where derived.records[entry].flags.contains(.isApplied) {
        eventCount += 1
        guard batch.records[entry].kind == .store else { continue }
        fees = fees.flatMap { DerivedRecord.sum($0, derived.records[entry].atrCost) }
        if derived.records[entry].firstNodes != nil { lastPlacing = entry }
        let contentBytes = batch.records[entry].contentBytes
        derived.forEachCredit(entry, batch.records[entry], version, configuration.constants) { slot in
          sums.add(Int(slot), contentBytes)
        }
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
    let partitions = UnsafeMutablePointer<UInt16>.allocate(capacity: max(1, derived.count))
    defer { partitions.deallocate() }
    var counts = [Int](repeating: 0, count: ranges.partitionCount)
    for entry in 0..<derived.count where derived.records[entry].flags.contains(.touchesObjects) {
      let partition = ranges.partition(of: derived.records[entry].key)
      (partitions + entry).initialize(to: UInt16(partition))
      counts[partition] += 1
    }
    var ends = counts
    var total = 0
    for partition in ends.indices {
      ends[partition] = total
      total += counts[partition]
    }
    derived.route(total) { routed in
      for entry in 0..<derived.count where derived.records[entry].flags.contains(.touchesObjects) {
        let partition = Int(partitions[entry])
        routed[ends[partition]] = UInt32(entry)
        ends[partition] += 1
      }
    }
    derived.routeEnds = ends
  }
}

extension DerivedBatch {
  fileprivate func route(_ count: Int, _ fill: (UnsafeMutableBufferPointer<UInt32>) -> Void) {
    routed = [UInt32](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      fill(buffer)
      initializedCount = count
    }
  }

  /// The entries that `partition` applies, in log order.
  package func routed(to partition: Int) -> ArraySlice<UInt32> {
    routed[(partition == 0 ? 0 : routeEnds[partition - 1])..<routeEnds[partition]]
  }
}

extension DerivedBatch {
  /// Calls `body` with the slot of the registered node of each placement of a STORE; one placed on twice comes twice.
  package func forEachCredit(
    _ entry: Int, _ record: EntryRecord, _ version: TimelineVersion, _ constants: GovernedConstants,
    _ body: (UInt32) -> Void
  ) {
    let store = records[entry]
    if store.flags.contains(.isPlacedAsRecorded) {
      let registered = version.registered.view
      for set in record.replicaSets {
        for node in set.nodes { if let slot = registered.node(node)?.slot { body(slot) } }
      }
    } else if let firstNodes = store.firstNodes {
      let eligible = version.eligible.view
      for index in 0..<store.chunkCount {
        eligible.forEachReplica(from: firstNodes[index], constants.replicationFactor) { body($0.slot) }
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
