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
  /// By slot.
  private var nodes: [StorageNode?] = []
  /// Slots in the order of their nodes' ids; nil where it must be found again.
  private var order: [Int]?
  package private(set) var currentEpoch = Epoch(0)
  private var totalAtrFees = BigNum128.zero
  private var totalNodRewards = BigNum128.zero
  package private(set) var eventCount: UInt64 = 0
  private var nodeCount: UInt64 = 0
  private var checkpointCount = 0
  /// The ordinal of the last STORE with a chunk placed on an eligible node.
  package private(set) var lastPlacing: Ordinal?
  /// What the last advancement said of the nodes; nil once one was registered since.
  private var lastVerified: [Bool]?
  /// Nil where it must be made again from ``nodes``.
  private var tree: NodeTree?

  private enum CodingKeys: String, CodingKey {
    case constants, nodes, order, currentEpoch, totalAtrFees, totalNodRewards, eventCount, nodeCount, checkpointCount,
      lastPlacing
  }

  package init(_ constants: GovernedConstants) { self.constants = constants }

  /// Every node, by id bytes.
  package var sortedNodes: [StorageNode] {
    mutating get { sortedSlots.compactMap { nodes[$0] } }
  }

  /// The counters, with those of the objects, which others count.
  package func summary(objectCount: UInt64, shardCount: UInt64) -> StateSummary {
    StateSummary(
      nodeCount: nodeCount, objectCount: objectCount, shardCount: shardCount, currentEpoch: currentEpoch,
      totalAtrFees: totalAtrFees, totalNodRewards: totalNodRewards, eventLogCount: eventCount)
  }

  package var nodesRoot: Digest {
    mutating get {
      if tree == nil { tree = NodeTree(nodes) }
      return tree?.root() ?? .zero
    }
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
    for index in segment.credits where !fits(derived.credits[index]) { return false }
    totalAtrFees = fees
    for index in segment.credits { add(derived.credits[index]) }
    return true
  }

  private func fits(_ credit: Credit) -> Bool {
    guard let counters = nodes[Int(credit.slot)]?.counters else {
      preconditionFailure("only registered nodes are credited")
    }
    return counters.raised(bytes: credit.bytes, proofs: credit.proofs) != nil
  }

  /// Adds a credit that fits.
  private mutating func add(_ credit: Credit) {
    let slot = Int(credit.slot)
    guard let counters = nodes[slot]?.counters.raised(bytes: credit.bytes, proofs: credit.proofs) else {
      preconditionFailure("the credit was found to fit")
    }
    nodes[slot]?.counters = counters
    tree?.set(slot, bytesStored: counters.bytesStored, proofsVerified: counters.proofsVerified)
  }

  private mutating func addOneByOne(
    _ segment: Segment, _ batch: DecodedBatch, _ planned: PlannedBatch, _ version: TimelineVersion,
    _ derived: DerivedBatch
  ) {
    tree = nil
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
    let before = nodes
    var fits = true
    let bytes = UInt128(batch.records[entry].contentBytes)
    guard let record = batch.records.baseAddress else { preconditionFailure("the batch has entries") }
    derived.records[entry].forEachCredit(
      UnsafePointer(record + entry), eligible: version.eligible.view, registered: version.registered.view,
      replicationFactor: constants.replicationFactor
    ) { slot in
      guard fits, let counters = node(slot).counters.raised(bytes: bytes, proofs: 1) else {
        fits = false
        return
      }
      nodes[Int(slot)]?.counters = counters
    }
    guard fits else {
      nodes = before
      return false
    }
    totalAtrFees = fees
    return true
  }

  private func node(_ slot: UInt32) -> StorageNode {
    guard let node = nodes[Int(slot)] else { preconditionFailure("only registered nodes are credited") }
    return node
  }

  // MARK: Control entries

  private mutating func apply(
    _ control: PlannedBatch.Control, _ planned: PlannedBatch, _ derived: DerivedBatch, _ settled: inout SettledBatch
  ) {
    switch control.effect {
    case .register(let slot, let node): register(slot, node)
    case .unregister(let slot):
      nodes[slot] = nil
      nodeCount -= 1
      order = nil
      tree = nil
    case .status(let slot, let status):
      nodes[slot]?.status = status
      tree = nil
    case .uptime(let slot, let bucket):
      nodes[slot]?.uptimeBucket = bucket
      tree?.set(slot, uptimeBucket: bucket)
    case .advance(let epoch, let verified): advance(to: epoch, verified)
    case .rewards(let epoch):
      guard let total = rewarded(epoch) else { return derived.reject(control.entry, .arithmetic(.overflow)) }
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

  private mutating func register(_ slot: Int, _ node: StorageNode) {
    while nodes.count <= slot { nodes.append(nil) }
    if nodes[slot] == nil {
      nodeCount += 1
      order = nil
    }
    nodes[slot] = node
    lastVerified = nil
    tree = nil
  }

  private mutating func advance(to epoch: Epoch, _ verified: [Bool]) {
    currentEpoch = epoch
    // An array that is the same one, as nearly always, is compared without a look at its elements.
    let isSame = lastVerified == verified
    lastVerified = verified
    for slot in nodes.indices where nodes[slot] != nil {
      if !isSame { nodes[slot]?.isAegisVerified = verified[slot] }
      nodes[slot]?.aegisVerificationEpoch = epoch
    }
    tree?.advance(to: epoch, isVerified: isSame ? nil : verified)
  }

  /// The total after the rewards of `epoch` (protocol.md 6); nil where something does not fit.
  private mutating func rewarded(_ epoch: Epoch) -> BigNum128? {
    var total = totalNodRewards
    // Rewards are not negative: in any order the same of them do not fit.
    for slot in nodes.indices where nodes[slot]?.isRewarded(epoch) == true {
      guard let reward = try? nodes[slot]?.reward, let sum = try? CertifiedMath.add(total, reward) else { return nil }
      total = sum
    }
    return total
  }

  private var sortedSlots: [Int] {
    mutating get {
      if let order { return order }
      let slots = nodes.indices.filter { nodes[$0] != nil }.sorted { node(UInt32($0)).id < node(UInt32($1)).id }
      order = slots
      return slots
    }
  }
}

/// What STOREs raise of a node.
private struct NodeCounters {
  let bytesStored: BigNum128
  let proofsVerified: BigNum128

  /// The counters raised by whole bytes and proofs; nil where one does not fit.
  func raised(bytes: UInt128, proofs: UInt64) -> NodeCounters? {
    guard let moreBytes = try? BigNum128(integer: bytes), let moreProofs = try? BigNum128(integer: proofs),
      let bytesStored = try? CertifiedMath.add(bytesStored, moreBytes),
      let proofsVerified = try? CertifiedMath.add(proofsVerified, moreProofs)
    else { return nil }
    return NodeCounters(bytesStored: bytesStored, proofsVerified: proofsVerified)
  }
}

extension StorageNode {
  fileprivate var counters: NodeCounters {
    get { NodeCounters(bytesStored: bytesStored, proofsVerified: proofsVerified) }
    set {
      bytesStored = newValue.bytesStored
      proofsVerified = newValue.proofsVerified
    }
  }

  fileprivate func isRewarded(_ epoch: Epoch) -> Bool { isAegisVerified && aegisVerificationEpoch == epoch }

  /// bytes_stored · uptime_bucket · proofs_verified / 1000 (protocol.md 6).
  fileprivate var reward: BigNum128 {
    get throws(ArithmeticError) {
      let weight = try CertifiedMath.multiply(CertifiedMath.multiply(bytesStored, uptimeBucket), proofsVerified)
      return try CertifiedMath.divide(weight, BigNum128(integer: 1000))
    }
  }
}
