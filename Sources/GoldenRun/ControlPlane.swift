internal import StorageProtocol

/// Nodes, epoch, AEGIS context and the sticky eligible-node cache (protocol.md 6).
struct ControlPlane: Equatable, Sendable {
  private(set) var nodes: [Identifier: StorageNode] = [:]
  private(set) var currentEpoch = Epoch(0)
  private var hasVerifier = false
  private var registry: RegistrySnapshot?
  private var telemetry: TelemetrySnapshot?
  /// Empty means: to be rebuilt.
  private var eligibleCache: [Identifier] = []

  /// Every node, by id bytes.
  var sortedNodes: [StorageNode] { nodes.values.sorted { $0.id < $1.id } }

  // MARK: Eligibility

  /// The nodes a chunk may be placed on now: the cached list, or what a rebuild would give.
  ///
  /// Asking changes nothing; ``didPlace(on:)`` says that a placement took place.
  var eligibleNodes: [Identifier] {
    if !eligibleCache.isEmpty { return eligibleCache }
    return nodes.values.filter(isEligible).map(\.id).sorted()
  }

  private func isEligible(_ node: StorageNode) -> Bool {
    guard node.status == .active else { return false }
    return !hasVerifier || (node.isAegisVerified && node.aegisVerificationEpoch == currentEpoch)
  }

  /// Keeps the list that a chunk was placed by. An empty list is never kept.
  mutating func didPlace(on eligible: [Identifier]) { eligibleCache = eligible }

  private mutating func clearEligibleCache() { eligibleCache = [] }

  // MARK: Entries

  mutating func register(_ id: Identifier, host: Identifier, port: Int64) {
    var node = StorageNode(id: id, host: host, port: port)
    if hasCompleteContext {
      node.isAegisVerified = isVerified(id)
      node.aegisVerificationEpoch = currentEpoch
    }
    nodes[id] = node
    clearEligibleCache()
  }

  mutating func unregister(_ id: Identifier) {
    if nodes.removeValue(forKey: id) != nil { clearEligibleCache() }
  }

  mutating func setStatus(_ id: Identifier, _ status: NodeStatus) {
    guard var node = nodes[id] else { return }
    node.status = status
    nodes[id] = node
    clearEligibleCache()
  }

  mutating func setUptimeBucket(_ id: Identifier, _ uptimeBucket: BigNum128) {
    nodes[id]?.uptimeBucket = uptimeBucket
  }

  /// Installs both snapshots and, from the first time on, the verifier. The cache stays.
  mutating func installContext(_ registry: RegistrySnapshot, _ telemetry: TelemetrySnapshot) {
    hasVerifier = true
    self.registry = registry
    self.telemetry = telemetry
  }

  mutating func advance(
    to epoch: Epoch, registry newRegistry: RegistrySnapshot?, telemetry newTelemetry: TelemetrySnapshot?
  ) {
    currentEpoch = epoch
    registry = newRegistry ?? registry
    telemetry = newTelemetry ?? telemetry
    for node in sortedNodes {
      var node = node
      node.isAegisVerified = hasCompleteContext ? isVerified(node.id) : node.status == .active
      node.aegisVerificationEpoch = epoch
      nodes[node.id] = node
    }
    clearEligibleCache()
  }

  /// Replaces the counters of a registered node.
  mutating func update(_ node: StorageNode) {
    precondition(nodes[node.id] != nil, "only a registered node has counters")
    nodes[node.id] = node
  }

  // MARK: AEGIS

  private var hasCompleteContext: Bool { hasVerifier && registry != nil && telemetry != nil }

  private func isVerified(_ id: Identifier) -> Bool {
    guard let registry, let telemetry else { return false }
    return NodeVerification.verify(id, registry: registry, telemetry: telemetry).isVerified
  }

  /// The rewards of all nodes verified in `epoch`, in the order of their ids.
  func rewards(epoch: Epoch) throws(ArithmeticError) -> BigNum128 {
    var total = BigNum128.zero
    for node in sortedNodes where node.isAegisVerified && node.aegisVerificationEpoch == epoch {
      let weight = try CertifiedMath.multiply(
        CertifiedMath.multiply(node.bytesStored, node.uptimeBucket), node.proofsVerified)
      total = try CertifiedMath.add(total, CertifiedMath.divide(weight, BigNum128(integer: 1000)))
    }
    return total
  }
}
