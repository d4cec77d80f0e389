import ProofFiles
import Signing
import StateCommitment
import StorageProtocol

/// A state and a log of a few of everything, and the proofs of it.
struct SmallState {
  static let objectCount = 9
  static let eventCount = 37

  let objects: [StateClaim.CommittedVersion]
  let nodes: [StorageNode]
  let eventIDs = (0..<eventCount).map { Digest.sha3(Array("event \($0)".utf8)) }
  let summary = StateSummary(
    nodeCount: 3, objectCount: UInt64(objectCount), shardCount: 12, currentEpoch: Epoch(-4),
    totalAtrFees: BigNum128(raw: 1_234_567_890_123_456_789_012), totalNodRewards: .max,
    eventLogCount: UInt64(eventCount))
  let roots: StateRoots

  init() {
    let ids = eventIDs
    objects = (0..<SmallState.objectCount).map { number in
      let id = Identifier(number == 4 ? "caf\u{65}\u{301}\u{0}\"\\/" : "object \(number)")
      let version = ObjectVersion(number == 5 ? .max : UInt64(number))
      let shards = (0..<number % 4).map {
        CommittedObject.Shard(merkleRoot: $0 == 1 ? nil : ids[$0], writer: ids[$0 == 0 ? number : 30])
      }
      return StateClaim.CommittedVersion(
        id: id, version: version,
        object: CommittedObject(
          key: StateClaim.key(id, version), writer: ids[number], currentShardCount: min(1, shards.count),
          shards: shards))
    }
    nodes = ["n", "", "node\u{1F600}"].map { name in
      var node = StorageNode(id: Identifier(name), host: Identifier("host of \(name)"), port: -8080)
      node.bytesStored = BigNum128(raw: 7 * BigNum128.scale + 1)
      node.isAegisVerified = name.isEmpty
      node.aegisVerificationEpoch = Epoch(.min)
      return node
    }
    var log = LogTree()
    for id in ids { log.append(id) }
    roots = StateRoots(
      objects: SparseTree.root(of: objects.map(\.object.leaf)), nodes: SparseTree.root(of: nodes.map(\.leaf)),
      log: log.root, summary: summary)
  }

  private func walk(to key: Digest, _ leaves: [SparseTree.Leaf]) -> SparseWalk {
    let leaves = leaves.sorted { $0.key < $1.key }
    let whole = SparseTree.subtree(depth: 0, count: leaves.count) {
      leaves[$0].key.bit($1)
    } leaf: {
      leaves[$0].hash
    }
    return SparseTree.walk(to: key, granules: [whole]) { _ in leaves }
  }

  private func proof(_ claim: StateClaim, _ walk: SparseWalk) -> StateProof {
    StateProof(claim: claim, path: walk.path, summary: summary, roots: roots)
  }

  func proof(ofObject number: Int) -> StateProof {
    proof(.object(objects[number]), walk(to: objects[number].object.key, objects.map(\.object.leaf)))
  }

  func proof(ofNode number: Int) -> StateProof {
    proof(.node(nodes[number]), walk(to: nodes[number].leaf.key, nodes.map(\.leaf)))
  }

  func absence(of id: Identifier, _ version: ObjectVersion) -> StateProof {
    let walk = walk(to: StateClaim.key(id, version), objects.map(\.object.leaf))
    let found = objects.first { $0.object.key == walk.found?.key }.map {
      StateClaim.FoundLeaf(key: $0.object.key, value: $0.object.value)
    }
    return proof(.noObject(id, version, found: found), walk)
  }

  func absence(ofNode id: Identifier) -> StateProof {
    let walk = walk(to: StorageNode.key(of: id), nodes.map(\.leaf))
    let found = nodes.first { $0.leaf.key == walk.found?.key }.map {
      StateClaim.FoundLeaf(key: $0.leaf.key, value: $0.value)
    }
    return proof(.noNode(id, found: found), walk)
  }

  /// Both ways an absence ends: at an empty place, and at somebody else's leaf.
  var absences: [StateProof] {
    let proofs = (0..<40).map { absence(of: Identifier("nobody \($0)"), ObjectVersion(1)) }
    let isEmpty = { (proof: StateProof) in
      if case .noObject(_, _, nil) = proof.claim { true } else { false }
    }
    return [proofs.first(where: isEmpty), proofs.first { !isEmpty($0) }].compactMap { $0 }
  }

  func proof(ofEvent index: Int, signedBy key: SigningKey? = nil) throws -> EventProof {
    var prover = LogInclusionProver()
    for (place, id) in eventIDs.enumerated() {
      if place == index { prover.appendTarget(id) } else { prover.append(id) }
    }
    guard let proof = prover.proof else { preconditionFailure("there is such an event") }
    let checkpoint = LogCheckpoint(origin: "example.com/log", treeSize: UInt64(eventIDs.count), root: roots.log)
    return EventProof(proof, checkpoint: checkpoint, note: try note(checkpoint, key))
  }

  func consistency(from first: Int, signedBy key: SigningKey? = nil) throws -> ConsistencyProof {
    var prover = LogConsistencyProver(first: UInt64(first))
    for id in eventIDs { prover.append(id) }
    guard let (firstRoot, proof) = prover.proof else { preconditionFailure("there are so many events") }
    let checkpoint = LogCheckpoint(origin: "example.com/log", treeSize: UInt64(eventIDs.count), root: roots.log)
    return ConsistencyProof(proof, firstRoot: firstRoot, secondRoot: roots.log, note: try note(checkpoint, key))
  }

  private func note(_ checkpoint: LogCheckpoint, _ key: SigningKey?) throws -> SignedNote? {
    guard let key else { return nil }
    var note = SignedNote(text: checkpoint.text)
    try note.sign(checkpoint.origin, key)
    return note
  }
}
