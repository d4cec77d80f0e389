internal import StorageProtocol

/// What a PROOF_GENERATED can say besides the truth about a stored shard.
package enum StrangeProof: CaseIterable, Hashable, Sendable {
  /// No shard_ids: nothing can be looked up.
  case noShards
  /// A first shard id that is no digest.
  case firstShardIsNoDigest
  /// 64 zeros, which are a digest and nobody's.
  case zeroDigest
  /// An object that nobody stored.
  case absentObject
  /// Shard ids of which only the first is the object's.
  case otherShards
  case otherNodes
  case otherHash
  case noHash
  case otherVersion
  case otherName
  /// A requested shard that is nobody's.
  case unknownShard
  /// Fields that are absent, so that nothing is compared in them.
  case fewFields

  /// Returns `call`, a good PROOF_GENERATED without an id, made strange.
  func apply(to call: JSONObject, _ random: inout SeededGenerator) -> JSONObject {
    let ids = call["shard_ids"]?.elements ?? []
    let sets = call["replica_sets"]?.objectValue?.members ?? []
    let nodes = sets.first?.value ?? .array([])
    let shard = sets.first?.key ?? []
    func requesting(_ shard: [UInt8], _ nodes: JSONValue) -> JSONObject {
      call.replacing("replica_sets", with: .object(JSONObject([(shard, nodes)])))
    }
    switch self {
    case .noShards: return call.replacing("shard_ids", with: .array([]))
    case .firstShardIsNoDigest:
      let wrong = [JSONValue.text(""), .text("x"), .string((ids.first?.stringBytes ?? []) + [UInt8(ascii: "0")])]
      let upper = JSONValue.text(String(decoding: ids.first?.stringBytes ?? [], as: UTF8.self).uppercased())
      return call.replacing("shard_ids", with: .array([random.choice(wrong + [upper])] + ids.dropFirst()))
    case .zeroDigest: return call.replacing("shard_ids", with: .array([.hexadecimal(.zero)] + ids.dropFirst()))
    case .absentObject:
      let key = ObjectNaming.shardID(
        object: Identifier("nobody's"), version: ObjectVersion(UInt64(random.index(below: 50))), index: 0)
      return call.replacing("shard_ids", with: .array([.hexadecimal(key)]))
    case .otherShards:
      return call.replacing(
        "shard_ids", with: .array(random.choice([ids + [.text("x")], Array(ids.prefix(1)), ids + ids])))
    case .otherNodes:
      let others: [JSONValue] = [.array([]), .array([.text("stranger")]), .array((nodes.elements ?? []).reversed())]
      return requesting(shard, random.choice(others))
    case .otherHash: return call.replacing("hash_commit", with: .hexadecimal(.zero))
    case .noHash: return call.replacing("hash_commit", with: .null)
    case .otherVersion: return call.replacing("version", with: .number(Array(random.choice(Vocabulary.versions).utf8)))
    case .otherName: return call.replacing("object_id", with: .text(random.choice(["", "0123456789abcdef", "a"])))
    case .unknownShard:
      return requesting(random.choice([[], Array("x".utf8), Digest.zero.hexadecimalBytes]), nodes)
    case .fewFields:
      return call.removing(["shard_ids", "hash_commit"].filter { _ in random.happens(percent: 60) })
    }
  }
}
