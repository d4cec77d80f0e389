internal import GoldenRun
internal import StorageProtocol

extension LogGenerator {
  /// A request for the proof of a shard of some object, its own or anybody's, orphans included; or one that failed.
  mutating func proof() -> JSONValue? {
    let objects = engine.sortedObjects
    guard !objects.isEmpty else { return nil }
    let object = random.choice(objects)
    let owner = random.happens(percent: 80) ? object : random.choice(objects)
    guard !owner.shards.isEmpty, !random.happens(percent: 15) else {
      return .members([
        "event_type": .text("PROOF_FAILED"), "object_id": .string(ObjectNaming.redacted(object.id)),
        "version": .integer(object.version.value),
      ])
    }
    let proof = LogGenerator.proof(of: random.choice(owner.shards), in: object)
    guard random.happens(percent: traits.strangeProofPercent) else { return .object(proof) }
    let kind = random.choice(StrangeProof.allCases)
    strangeProofs[kind, default: 0] += 1
    return .object(kind.apply(to: proof, &random))
  }

  private static func proof(of shard: StoredObject.Shard, in object: StoredObject) -> JSONObject {
    JSONObject([
      "event_type": .text("PROOF_GENERATED"), "object_id": .string(ObjectNaming.redacted(object.id)),
      "version": .integer(object.version.value), "shard_ids": .array(object.shardIDs.map(JSONValue.hexadecimal)),
      "hash_commit": .hexadecimal(object.hashCommit),
      "replica_sets": .object(
        JSONObject([
          (shard.id.hexadecimalBytes, .array(shard.assignedNodes.map { .string($0.bytes) }))
        ])),
    ])
  }
}
