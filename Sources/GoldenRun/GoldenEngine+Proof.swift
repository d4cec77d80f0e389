internal import StorageProtocol

extension GoldenEngine {
  /// PROOF_GENERATED (protocol.md 7): emitted again, and compared as far as the log allows.
  mutating func applyGenerated(_ proof: ProofEntry) throws(EntryFault) -> Emission {
    let proven = try proof.recorded.provenEvent()
    let object = proof.shardIDs.first.flatMap(Digest.init(hexadecimal:)).flatMap { state.objects[$0] }
    let shard = object?.shards.first { $0.id.hexadecimalBytes == proof.requestedShard }
    let cannotCompareObject = proof.shardIDs.isEmpty
    let emission = Emission(
      derived: derivedGenerated(proof, object, shard), recorded: proof.recorded, proven: proven,
      compared: [.epoch, .objectID, .version, .shardIDs, .hashCommit, .replicaSets], isCompared: true,
      knowsObject: object != nil || cannotCompareObject)
    proofs.generated += UInt64(proof.nodes.count)
    if cannotCompareObject || (object != nil && shard == nil) { proofs.carried += 1 }
    return emission
  }

  private func derivedGenerated(
    _ proof: ProofEntry, _ object: StoredObject?, _ shard: StoredObject.Shard?
  ) -> EventFields {
    var derived = EventFields(eventType: .proofGenerated, epoch: state.control.currentEpoch)
    let recorded = proof.recorded.fields
    derived[.objectID] = recorded[.objectID]
    derived[.version] = recorded[.version]
    derived[.shardIDs] = recorded[.shardIDs] ?? derived[.shardIDs]
    derived[.hashCommit] = recorded[.hashCommit] ?? derived[.hashCommit]
    derived[.replicaSets] = recorded[.replicaSets]
    guard let object else { return derived }
    derived[.objectID] = .string(ObjectNaming.redacted(object.id))
    derived[.version] = .integer(object.version.value)
    derived[.shardIDs] = .array(object.shardIDs.map(JSONValue.hexadecimal))
    derived[.hashCommit] = .hexadecimal(object.hashCommit)
    if let shard {
      derived[.replicaSets] = .object(
        JSONObject([
          (shard.id.hexadecimalBytes, .array(shard.assignedNodes.map { .string($0.bytes) }))
        ]))
    }
    return derived
  }

  /// PROOF_FAILED (protocol.md 7).
  mutating func applyFailed(_ proof: ProofEntry) throws(EntryFault) -> Emission {
    let proven = try proof.recorded.provenEvent()
    var derived = EventFields(eventType: .proofFailed, epoch: state.control.currentEpoch)
    derived[.objectID] = .string(proof.redactedObjectID)
    derived[.version] = .integer(proof.version.value)
    derived[.errorCode] = .text("SE_ERR_PROOF_UNAVAILABLE")
    derived[.errorDetail] = .text("Proof generation failed")
    proofs.failed += 1
    return Emission(
      derived: derived, recorded: proof.recorded, proven: proven, compared: [.epoch], isCompared: true)
  }
}
