internal import StateCommitment
internal import StorageProtocol

/// The registered nodes by slot, what changes often apart from what does not, and their tree.
struct NodeTable: Codable {
  /// As registered, but for status and uptime; what else of them changes is in the other tables.
  private var nodes: [StorageNode?] = []
  private var counters: [NodeCounters] = []
  private var isVerified: [Bool] = []
  private var verificationEpochs: [Epoch] = []
  /// Slots in the order of their nodes' ids; nil where it must be found again.
  private var order: [Int]?
  private(set) var count: UInt64 = 0
  /// What the last advancement said of the nodes; nil once one was registered since.
  private var lastVerified: [Bool]?
  /// Nil where it must be made again.
  private var tree: NodeTree?

  private enum CodingKeys: String, CodingKey {
    case nodes, counters, isVerified, verificationEpochs, order, count
  }

  // MARK: Nodes

  /// The node in a slot, as it is now.
  private func node(_ slot: Int) -> StorageNode? {
    guard var node = nodes[slot] else { return nil }
    node.bytesStored = counters[slot].bytesStored
    node.proofsVerified = counters[slot].proofsVerified
    node.isAegisVerified = isVerified[slot]
    node.aegisVerificationEpoch = verificationEpochs[slot]
    return node
  }

  /// Every node, by id bytes.
  var sorted: [StorageNode] {
    mutating get {
      let slots =
        order
        ?? nodes.enumerated().compactMap { slot, node in node.map { (slot: slot, id: $0.id) } }
        .sorted { $0.id < $1.id }.map(\.slot)
      order = slots
      return slots.compactMap(node)
    }
  }

  mutating func register(_ slot: Int, _ node: StorageNode) {
    while nodes.count <= slot {
      nodes.append(nil)
      counters.append(NodeCounters())
      isVerified.append(false)
      verificationEpochs.append(Epoch(0))
    }
    if nodes[slot] == nil {
      count += 1
      order = nil
    }
    nodes[slot] = node
    counters[slot] = NodeCounters(bytesStored: node.bytesStored, proofsVerified: node.proofsVerified)
    isVerified[slot] = node.isAegisVerified
    verificationEpochs[slot] = node.aegisVerificationEpoch
    lastVerified = nil
    tree = nil
  }

  mutating func unregister(_ slot: Int) {
    nodes[slot] = nil
    count -= 1
    order = nil
    tree = nil
  }

  mutating func set(_ slot: Int, _ status: NodeStatus) {
    nodes[slot]?.status = status
    tree = nil
  }

  mutating func set(_ slot: Int, uptimeBucket: BigNum128) {
    nodes[slot]?.uptimeBucket = uptimeBucket
    tree?.set(slot, uptimeBucket: uptimeBucket)
  }

  /// - Parameter verified: by slot, every slot in use among them.
  mutating func advance(to epoch: Epoch, _ verified: [Bool]) {
    // An array that is the same one, as nearly always, is compared without a look at its elements.
    let isSame = lastVerified == verified
    if !isSame { for slot in nodes.indices { isVerified[slot] = verified[slot] } }
    lastVerified = verified
    for slot in verificationEpochs.indices { verificationEpochs[slot] = epoch }
    tree?.advance(to: epoch, isVerified: isSame ? nil : verified)
  }

  // MARK: Counters

  func counters(of slot: Int) -> NodeCounters { counters[slot] }

  /// What a node's counters become by whole bytes and proofs more; nil where one does not fit.
  func raised(_ slot: Int, bytes: UInt128, proofs: UInt64) -> NodeCounters? {
    counters[slot].raised(bytes: bytes, proofs: proofs)
  }

  mutating func set(_ slot: Int, _ raised: NodeCounters) {
    counters[slot] = raised
    tree?.set(slot, bytesStored: raised.bytesStored, proofsVerified: raised.proofsVerified)
  }

  /// `total` and the rewards of `epoch` (protocol.md 6); nil where something does not fit.
  func rewarded(_ epoch: Epoch, from total: BigNum128) -> BigNum128? {
    var total = total
    // Rewards are not negative: in any order the same of them do not fit.
    for slot in nodes.indices where isVerified[slot] && verificationEpochs[slot] == epoch {
      guard let uptimeBucket = nodes[slot]?.uptimeBucket else { continue }
      guard let reward = try? counters[slot].reward(uptimeBucket), let sum = try? CertifiedMath.add(total, reward)
      else {
        return nil
      }
      total = sum
    }
    return total
  }

  // MARK: The root

  /// The root of the nodes tree. - Complexity: linear; hashes what is different since the last time.
  var root: Digest {
    mutating get {
      if tree == nil { tree = NodeTree(nodes.indices.map(node)) }
      return tree?.root() ?? .zero
    }
  }
}

/// What STOREs raise of a node.
struct NodeCounters: Codable {
  private(set) var bytesStored = BigNum128.zero
  private(set) var proofsVerified = BigNum128.zero

  init(bytesStored: BigNum128 = .zero, proofsVerified: BigNum128 = .zero) {
    self.bytesStored = bytesStored
    self.proofsVerified = proofsVerified
  }

  fileprivate func raised(bytes: UInt128, proofs: UInt64) -> NodeCounters? {
    guard let bytesStored = NodeCounters.sum(bytesStored, bytes),
      let proofsVerified = NodeCounters.sum(proofsVerified, UInt128(proofs))
    else { return nil }
    return NodeCounters(bytesStored: bytesStored, proofsVerified: proofsVerified)
  }

  /// `number` and a whole number more; nil where that does not fit.
  private static func sum(_ number: BigNum128, _ whole: UInt128) -> BigNum128? {
    let more: UInt128
    let isTooLarge: Bool
    if let small = UInt64(exactly: whole) {
      // Two factors of 64 bits: one multiplication, and nothing to overflow.
      let product = small.multipliedFullWidth(by: UInt64(BigNum128.scale))
      (more, isTooLarge) = (UInt128(product.high) << 64 | UInt128(product.low), false)
    } else {
      (more, isTooLarge) = whole.multipliedReportingOverflow(by: BigNum128.scale)
    }
    let (sum, overflow) = number.raw.addingReportingOverflow(more)
    return isTooLarge || overflow ? nil : BigNum128(raw: sum)
  }

  /// bytes_stored · uptime_bucket · proofs_verified / 1000 (protocol.md 6).
  fileprivate func reward(_ uptimeBucket: BigNum128) throws(ArithmeticError) -> BigNum128 {
    let weight = try CertifiedMath.multiply(CertifiedMath.multiply(bytesStored, uptimeBucket), proofsVerified)
    return try CertifiedMath.divide(weight, BigNum128(integer: 1000))
  }
}
