internal import GoldenRun
internal import StorageProtocol

extension LogGenerator {
  /// Clears the list of eligible nodes, does what `ContextStaging` says, lets the verifier come, and stores.
  mutating func stageFirstContext() {
    let kind = random.choice(ContextStaging.allCases)
    staging = kind
    clearEligibleList(leavingNobody: kind == .placementOnNobody)
    for _ in 0..<(1 + random.index(below: 2)) { stage(kind) }
    if random.happens(percent: 20) { logIdle() }
    log(Vocabulary.context(&random, traits))
    for _ in 0..<2 { store(size: placedSize) }
    if random.happens(percent: 50) { log(Vocabulary.context(&random, traits)) }
    store(size: placedSize)
  }

  /// A size of content that has a chunk.
  private var placedSize: Int { traits.contentSizes == nil ? Int(traits.configuration.constants.chunkBytes) : 5 }

  private mutating func clearEligibleList(leavingNobody: Bool) {
    guard leavingNobody else {
      switch random.index(below: 3) {
      case 0: log(.members(Vocabulary.registration(&random, traits)))
      case 1: log(.members(["event_type": .text("EPOCH_ADVANCEMENT"), "epoch": .integer(random.index(below: 3))]))
      default:
        let nodes = engine.sortedNodes
        setStatus(nodes.isEmpty ? Identifier("nobody") : random.choice(nodes).id, .active)
      }
      return
    }
    for node in engine.sortedNodes { setStatus(node.id, random.choice([.inactive, .revoked])) }
  }

  private mutating func setStatus(_ node: Identifier, _ status: NodeStatus) {
    log(
      .members([
        "event_type": .text("NODE_STATUS"), "node_id": .string(node.bytes), "status": .text(status.rawValue),
      ]))
  }

  private mutating func stage(_ kind: ContextStaging) {
    switch kind {
    case .nothing: break
    case .placement, .placementOnNobody: store(size: placedSize)
    case .emptyStore: store(size: 0)
    case .idle: logIdle()
    case .rejectedStore:
      let call = Vocabulary.store(&random, traits, size: placedSize, isPlaceholder: false)
      guard let object = call.objectValue else { preconditionFailure("a call is an object") }
      append(exactly: object.replacing("hash_commit", with: random.choice([.hexadecimal(.zero), .text("x")])))
    case .divergingStore:
      let call = Vocabulary.store(&random, traits, size: placedSize, isPlaceholder: false)
      guard let event = emit(call) else { return append(call) }
      let entry = recorded(event, of: call, isCarried: random.happens(percent: 50))
      let altered = Alteration.otherPlacement.apply(to: entry, keepsContent: false, &random)
      append(exactly: altered ?? entry)
    }
  }
}
