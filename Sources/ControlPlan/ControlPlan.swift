package import LogDecoding
package import StorageProtocol

/// Folds the control entries of a log, in order, into the timeline of versions (protocol.md 6).
///
/// Whether a STORE was placed matters in one place only. The eligible-node cache differs from what a rebuild would give
/// just when eligibility changes without clearing it, and of all entries only the first applied AEGIS_CONTEXT does that:
/// it brings the verifier. There the caller is asked; everything else follows from control entries alone.
package struct ControlPlan {
  private struct Node: Codable {
    let id: Identifier
    let slot: UInt32
    let name: UInt32
    var status = NodeStatus.active
    var isVerified = false
  }

  /// In the order of their ids.
  private var nodes: [Node] = []
  private var freeSlots: [UInt32] = []
  private var slotCount: UInt32 = 0
  /// Every id registered so far, by ``ListedNode/name``.
  package private(set) var nodeNames: [Identifier] = []
  private var nameByID: [Identifier: UInt32] = [:]
  private var epoch = Epoch(0)
  private var hasVerifier = false
  private var registry: RegistrySnapshot?
  private var telemetry: TelemetrySnapshot?

  /// The ordinal of the next batch's first entry.
  package private(set) var nextOrdinal: UInt64 = 0
  /// The first ordinal after the last entry that cleared the cache.
  private var clearedBefore: UInt64 = 0
  /// The cached list that outlived the arrival of the verifier.
  private var stickyList: NodeList?
  private var eligible = NodeList([])
  private var registered = NodeList([])
  private var listsAreStale = false
  /// What the last EPOCH_ADVANCEMENT found of the nodes, by slot; nil once anything is different that it looked at.
  private var verified: [Bool]?

  package init() {}

  /// Plans the next batch of the log.
  ///
  /// - Parameter hasPlaced: asked at most once in a log, with the plan so far, an entry of the batch and an ordinal:
  ///   whether, from that ordinal on and before that entry, a chunk was placed on an eligible node.
  package mutating func plan(
    _ batch: DecodedBatch, hasPlaced: (PlannedBatch, _ entry: Int, _ since: Ordinal) -> Bool
  ) -> PlannedBatch {
    var planned = PlannedBatch()
    planned.firstOrdinal = Ordinal(nextOrdinal)
    planned.controls.reserveCapacity(batch.controls.count)
    var spanStart = 0
    for (entry, control) in batch.controls {
      if entry > spanStart { addSpan(from: spanStart, to: &planned) }
      spanStart = entry + 1
      if case .aegisContext = control, !hasVerifier {
        finish(&planned)
        let isSticky = hasPlaced(planned, entry, Ordinal(clearedBefore))
        if isSticky { stickyList = current.eligible }
      }
      let eventEpoch = eventEpoch(of: control)
      let effect = apply(control, ordinal: nextOrdinal + UInt64(entry))
      planned.controls.append(PlannedBatch.Control(entry: entry, effect: effect, epoch: eventEpoch))
    }
    if batch.count > spanStart { addSpan(from: spanStart, to: &planned) }
    nextOrdinal += UInt64(batch.count)
    finish(&planned)
    return planned
  }

  private mutating func addSpan(from entry: Int, to planned: inout PlannedBatch) {
    planned.spans.append(PlannedBatch.Span(firstEntry: entry, version: current))
  }

  private func finish(_ planned: inout PlannedBatch) {
    planned.nodeNames = nodeNames
    planned.slotCount = Int(slotCount)
  }

  // MARK: Versions

  private var current: TimelineVersion {
    mutating get {
      if listsAreStale { rebuildLists() }
      return TimelineVersion(epoch: epoch, eligible: eligible, registered: registered)
    }
  }

  /// Equal lists stay the same object: an epoch that changes nothing costs no memory.
  private mutating func rebuildLists() {
    listsAreStale = false
    let all = NodeList(nodes.map { ($0.id, $0.slot, $0.name) })
    if !registered.isEqual(to: all) { registered = all }
    let chosen =
      stickyList ?? NodeList(nodes.filter(isEligible).map { ($0.id, $0.slot, $0.name) })
    if !eligible.isEqual(to: chosen) { eligible = chosen }
  }

  private func isEligible(_ node: Node) -> Bool { node.status == .active && (!hasVerifier || node.isVerified) }

  private mutating func clearCache(at ordinal: UInt64) {
    stickyList = nil
    clearedBefore = ordinal + 1
    listsAreStale = true
  }

  // MARK: Entries

  private func eventEpoch(of control: ControlEntry) -> Epoch {
    if case .epochAdvancement(let advancement) = control { advancement.epoch } else { epoch }
  }

  private mutating func apply(_ control: ControlEntry, ordinal: UInt64) -> ControlEffect {
    switch control {
    case .registration(let registration): return register(registration, ordinal)
    case .unregistration(let id): return unregister(id, ordinal)
    case .status(let id, let status):
      guard let index = index(of: id) else { return .nothing }
      nodes[index].status = status
      verified = nil
      clearCache(at: ordinal)
      return .status(slot: Int(nodes[index].slot), status)
    case .uptime(let id, let bucket):
      guard let index = index(of: id) else { return .nothing }
      return .uptime(slot: Int(nodes[index].slot), bucket)
    case .aegisContext(let registry, let telemetry):
      if !hasVerifier { listsAreStale = true }
      hasVerifier = true
      verified = nil
      self.registry = registry
      self.telemetry = telemetry
      return .nothing
    case .epochAdvancement(let advancement): return advance(advancement, ordinal)
    case .rewards(let epoch): return .rewards(epoch)
    }
  }

  private mutating func register(_ entry: ControlEntry.NodeRegistration, _ ordinal: UInt64) -> ControlEffect {
    var node = StorageNode(id: entry.nodeID, host: entry.host, port: entry.port)
    if hasCompleteContext {
      node.isAegisVerified = isVerified(entry.nodeID)
      node.aegisVerificationEpoch = epoch
    }
    let place = insertionIndex(of: entry.nodeID)
    if place < nodes.count, nodes[place].id == entry.nodeID {
      nodes[place].status = .active
      nodes[place].isVerified = node.isAegisVerified
    } else {
      let slot = takeSlot()
      var listed = Node(id: entry.nodeID, slot: slot, name: name(of: entry.nodeID))
      listed.isVerified = node.isAegisVerified
      nodes.insert(listed, at: place)
    }
    verified = nil
    clearCache(at: ordinal)
    return .register(slot: Int(nodes[place].slot), node)
  }

  private mutating func unregister(_ id: Identifier, _ ordinal: UInt64) -> ControlEffect {
    guard let index = index(of: id) else { return .nothing }
    let slot = nodes.remove(at: index).slot
    freeSlots.append(slot)
    verified = nil
    clearCache(at: ordinal)
    return .unregister(slot: Int(slot))
  }

  private mutating func advance(_ entry: ControlEntry.EpochAdvancement, _ ordinal: UInt64) -> ControlEffect {
    epoch = entry.epoch
    if entry.registry != nil || entry.telemetry != nil { verified = nil }
    registry = entry.registry ?? registry
    telemetry = entry.telemetry ?? telemetry
    if let verified, stickyList == nil {
      // Nothing that the lists follow from is different: they need not be made again.
      clearedBefore = ordinal + 1
      return .advance(to: epoch, verified: verified)
    }
    let found = verifyNodes()
    verified = found
    clearCache(at: ordinal)
    return .advance(to: epoch, verified: found)
  }

  /// Verifies every node as an EPOCH_ADVANCEMENT does; by slot.
  private mutating func verifyNodes() -> [Bool] {
    var verified = [Bool](repeating: false, count: Int(slotCount))
    for index in nodes.indices {
      let isVerified = hasCompleteContext ? isVerified(nodes[index].id) : nodes[index].status == .active
      nodes[index].isVerified = isVerified
      verified[Int(nodes[index].slot)] = isVerified
    }
    return verified
  }

  // MARK: AEGIS

  private var hasCompleteContext: Bool { hasVerifier && registry != nil && telemetry != nil }

  private func isVerified(_ id: Identifier) -> Bool {
    guard let registry, let telemetry else { return false }
    return NodeVerification.verify(id, registry: registry, telemetry: telemetry).isVerified
  }

  // MARK: Nodes

  private func insertionIndex(of id: Identifier) -> Int {
    var range = 0..<nodes.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = nodes[middle].id < id ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  private func index(of id: Identifier) -> Int? {
    let index = insertionIndex(of: id)
    return index < nodes.count && nodes[index].id == id ? index : nil
  }

  private mutating func takeSlot() -> UInt32 {
    if let slot = freeSlots.popLast() { return slot }
    slotCount += 1
    return slotCount - 1
  }

  private mutating func name(of id: Identifier) -> UInt32 {
    if let name = nameByID[id] { return name }
    let name = UInt32(nodeNames.count)
    nodeNames.append(id)
    nameByID[id] = name
    return name
  }
}

// MARK: Resuming

extension ControlPlan: Codable {
  private enum CodingKeys: String, CodingKey {
    case nodes, freeSlots, slotCount, nodeNames, epoch, hasVerifier, registry, telemetry, nextOrdinal, clearedBefore,
      stickyList
  }

  /// A node of the sticky list.
  private struct StickyNode: Codable {
    let id: Identifier
    let slot: UInt32
    let name: UInt32
  }

  /// The lists are made again: they follow from the nodes, but for the sticky one.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    nodes = try values.decode([Node].self, forKey: .nodes)
    freeSlots = try values.decode([UInt32].self, forKey: .freeSlots)
    slotCount = try values.decode(UInt32.self, forKey: .slotCount)
    nodeNames = try values.decode([Identifier].self, forKey: .nodeNames)
    for (name, id) in nodeNames.enumerated() { nameByID[id] = UInt32(name) }
    epoch = try values.decode(Epoch.self, forKey: .epoch)
    hasVerifier = try values.decode(Bool.self, forKey: .hasVerifier)
    registry = try values.decodeIfPresent(RegistrySnapshot.self, forKey: .registry)
    telemetry = try values.decodeIfPresent(TelemetrySnapshot.self, forKey: .telemetry)
    nextOrdinal = try values.decode(UInt64.self, forKey: .nextOrdinal)
    clearedBefore = try values.decode(UInt64.self, forKey: .clearedBefore)
    stickyList = try values.decodeIfPresent([StickyNode].self, forKey: .stickyList).map { nodes in
      NodeList(nodes.map { ($0.id, $0.slot, $0.name) })
    }
    listsAreStale = true
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(nodes, forKey: .nodes)
    try values.encode(freeSlots, forKey: .freeSlots)
    try values.encode(slotCount, forKey: .slotCount)
    try values.encode(nodeNames, forKey: .nodeNames)
    try values.encode(epoch, forKey: .epoch)
    try values.encode(hasVerifier, forKey: .hasVerifier)
    try values.encodeIfPresent(registry, forKey: .registry)
    try values.encodeIfPresent(telemetry, forKey: .telemetry)
    try values.encode(nextOrdinal, forKey: .nextOrdinal)
    try values.encode(clearedBefore, forKey: .clearedBefore)
    let sticky = stickyList.map { list in
      (0..<list.view.count).map { place in
        let node = list.view.nodes[place]
        return StickyNode(id: Identifier(bytes: node.id.array), slot: node.slot, name: node.name)
      }
    }
    try values.encodeIfPresent(sticky, forKey: .stickyList)
  }
}
