package import ControlPlan
package import Derivation
package import LogDecoding
internal import StateCommitment
package import StorageProtocol

/// Nodes and totals: what every STORE adds to and control entries read (protocol.md 4 to 6).
///
/// Batches are settled in log order, before their objects are touched: only here is it known whether arithmetic overflows,
/// and an entry that overflows must leave no object behind. A whole segment is added at once where its sums fit; counters
/// only grow, so then no entry of it overflows. Else its entries are added one by one.
package struct Ledger: Codable {
  private let constants: GovernedConstants
  private var nodes = NodeTable()
  package private(set) var currentEpoch = Epoch(0)
  private var totalAtrFees = BigNum128.zero
  private var totalNodRewards = BigNum128.zero
  package private(set) var eventCount: UInt64 = 0
  private var checkpointCount = 0
  /// The ordinal of the last STORE with a chunk placed on an eligible node.
  package private(set) var lastPlacing: Ordinal?

  package init(_ constants: GovernedConstants) { self.constants = constants }

  /// Every node, by id bytes.
  package var sortedNodes: [StorageNode] {
    mutating get { nodes.sorted }
  }

  /// The counters, with those of the objects, which others count.
  package func summary(objectCount: UInt64, shardCount: UInt64) -> StateSummary {
    StateSummary(
      nodeCount: nodes.count, objectCount: objectCount, shardCount: shardCount, currentEpoch: currentEpoch,
      totalAtrFees: totalAtrFees, totalNodRewards: totalNodRewards, eventLogCount: eventCount)
  }

  package var nodesRoot: Digest {
    mutating get { nodes.root }
  }

  /// Settles a batch; entries whose arithmetic overflows are rejected in `derived`.
  package mutating func settle(
    _ batch: DecodedBatch, _ planned: PlannedBatch, _ derived: DerivedBatch
  ) -> SettledBatch {
    var settled = SettledBatch(firstEvent: eventCount, checkpointsBefore: checkpointCount)
    var spanIndex = 0
    for (index, segment) in derived.segments.enumerated() {
      if !segment.entries.isEmpty {
        settle(segment, batch, planned, planned.spans[spanIndex].version, derived)
        spanIndex += 1
      }
      guard index < planned.controls.count, planned.controls[index].entry < derived.count else { continue }
      apply(planned.controls[index], planned, derived, &settled)
    }
    settled.eventCount = Int(eventCount - settled.firstEvent)
    return settled
  }

  // MARK: STOREs

  private mutating func settle(
    _ segment: Segment, _ batch: DecodedBatch, _ planned: PlannedBatch, _ version: TimelineVersion,
    _ derived: DerivedBatch
  ) {
    guard addWhole(segment, derived) else {
      return addOneByOne(segment, batch, planned, version, derived)
    }
    eventCount += UInt64(segment.eventCount)
    if let entry = segment.lastPlacing { lastPlacing = planned.ordinal(of: entry) }
  }

  /// Adds the sums of a segment; false, and nothing added, where one does not fit.
  private mutating func addWhole(_ segment: Segment, _ derived: DerivedBatch) -> Bool {
    guard let sum = segment.fees, let fees = try? CertifiedMath.add(totalAtrFees, BigNum128(raw: sum)) else {
      return false
    }
    let credits = derived.credits
    for index in segment.credits where raised(by: credits[index]) == nil { return false }
    totalAtrFees = fees
    for index in segment.credits {
      if let counters = raised(by: credits[index]) { nodes.set(Int(credits[index].slot), counters) }
    }
    return true
  }

  private func raised(by credit: Credit) -> NodeCounters? {
    nodes.raised(Int(credit.slot), bytes: credit.bytes, proofs: credit.proofs)
  }

  private mutating func addOneByOne(
    _ segment: Segment, _ batch: DecodedBatch, _ planned: PlannedBatch, _ version: TimelineVersion,
    _ derived: DerivedBatch
  ) {
    for entry in segment.entries where derived.records[entry].flags.contains(.isApplied) {
      guard batch.records[entry].kind != .store || add(entry, batch, version, derived) else {
        derived.reject(entry, .arithmetic(.overflow))
        continue
      }
      eventCount += 1
      if derived.records[entry].firstNodes != nil { lastPlacing = planned.ordinal(of: entry) }
    }
  }

  /// Adds one STORE; false, and nothing added, where something does not fit.
  private mutating func add(
    _ entry: Int, _ batch: DecodedBatch, _ version: TimelineVersion, _ derived: DerivedBatch
  ) -> Bool {
    guard let fees = try? CertifiedMath.add(totalAtrFees, BigNum128(raw: derived.records[entry].atrCost)) else {
      return false
    }
    var before: [(slot: Int, counters: NodeCounters)] = []
    var fits = true
    let bytes = UInt128(batch.records[entry].contentBytes)
    guard let record = batch.records.baseAddress else { preconditionFailure("the batch has entries") }
    derived.records[entry].forEachCredit(
      UnsafePointer(record + entry), eligible: version.eligible.view, registered: version.registered.view,
      replicationFactor: constants.replicationFactor
    ) { slot in
      guard fits, let counters = nodes.raised(Int(slot), bytes: bytes, proofs: 1) else {
        fits = false
        return
      }
      before.append((Int(slot), nodes.counters(of: Int(slot))))
      nodes.set(Int(slot), counters)
    }
    guard fits else {
      for item in before.reversed() { nodes.set(item.slot, item.counters) }
      return false
    }
    totalAtrFees = fees
    return true
  }

  // MARK: Control entries

  private mutating func apply(
    _ control: PlannedBatch.Control, _ planned: PlannedBatch, _ derived: DerivedBatch, _ settled: inout SettledBatch
  ) {
    switch control.effect {
    case .register(let slot, let node): nodes.register(slot, node)
    case .unregister(let slot): nodes.unregister(slot)
    case .status(let slot, let status): nodes.set(slot, status)
    case .uptime(let slot, let bucket): nodes.set(slot, uptimeBucket: bucket)
    case .advance(let epoch, let verified):
      currentEpoch = epoch
      nodes.advance(to: epoch, verified)
    case .rewards(let epoch):
      guard let total = nodes.rewarded(epoch, from: totalNodRewards) else {
        return derived.reject(control.entry, .arithmetic(.overflow))
      }
      totalNodRewards = total
    case .nothing: break
    }
    if derived.records[control.entry].flags.contains(.emitsEvent) { eventCount += 1 }
    if case .advance = control.effect {
      checkpointCount += 1
      settled.checkpoints.append(
        PendingCheckpoint(
          entry: control.entry, ordinal: planned.ordinal(of: control.entry), nodesRoot: nodesRoot,
          summary: summary(objectCount: 0, shardCount: 0)))
    }
  }
}
