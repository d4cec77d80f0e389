internal import StateCommitment
internal import StorageProtocol

/// The JSON of a proof of a state. Names are those of the result document and of the lines of an export.
extension StateProof {
  static let objectKind = "object"
  static let noObjectKind = "object-absence"
  static let nodeKind = "node"
  static let noNodeKind = "node-absence"

  private static let nodeNames = [
    "node_id", "host", "port", "status", "uptime_bucket", "bytes_stored", "proofs_verified", "is_aegis_verified",
    "aegis_verification_epoch",
  ]

  var json: JSONObject {
    var json = JSONObject(["format": .text(ProofFile.format)])
    switch claim {
    case .object(let version):
      json.add("kind", .text(StateProof.objectKind))
      json.add("object", StateProof.json(version))
    case .noObject(let id, let version, let found):
      json.add("kind", .text(StateProof.noObjectKind))
      json.add("object", .members(["object_id": .string(id.bytes), "version": .integer(version.value)]))
      json.add("found", StateProof.json(found))
    case .node(let node):
      json.add("kind", .text(StateProof.nodeKind))
      json.add("node", .object(node.json))
    case .noNode(let id, let found):
      json.add("kind", .text(StateProof.noNodeKind))
      json.add("node", .members(["node_id": .string(id.bytes)]))
      json.add("found", StateProof.json(found))
    }
    json.add("path", .array(path.siblings.map(JSONValue.hexadecimal)))
    json.add("state", .object(summary.json))
    json.add("commitment", .object(roots.json))
    return json
  }

  private static func json(_ version: StateClaim.CommittedVersion) -> JSONValue {
    let object = version.object
    let shards = object.shards.prefix(object.currentShardCount).enumerated().map { index, shard in
      JSONValue.members([
        "shard_index": .integer(index), "merkle_root": shard.merkleRoot.map(JSONValue.hexadecimal) ?? .null,
      ])
    }
    let orphans = object.shards.enumerated().dropFirst(object.currentShardCount).map { index, shard in
      JSONValue.members([
        "shard_index": .integer(index), "event_id": .hexadecimal(shard.writer),
        "merkle_root": shard.merkleRoot.map(JSONValue.hexadecimal) ?? .null,
      ])
    }
    return .members([
      "object_id": .string(version.id.bytes), "version": .integer(version.version.value),
      "event_id": .hexadecimal(object.writer), "shards": .array(shards), "orphans": .array(orphans),
    ])
  }

  private static func json(_ found: StateClaim.FoundLeaf?) -> JSONValue {
    guard let found else { return .null }
    return .members(["key": .hexadecimal(found.key), "value": .string(Hexadecimal.encode(found.value))])
  }

  // MARK: Reading

  /// - Throws: ``ProofFault``.
  init(_ kind: String, _ document: JSONObject) throws(ProofFault) {
    let subject = kind == StateProof.nodeKind || kind == StateProof.noNodeKind ? "node" : "object"
    let isAbsence = kind == StateProof.noObjectKind || kind == StateProof.noNodeKind
    let names = ["format", "kind", subject, "path", "state", "commitment"] + (isAbsence ? ["found"] : [])
    let fields = try ProofFields(document, only: names)
    switch kind {
    case StateProof.objectKind: claim = try .object(StateProof.version(fields))
    case StateProof.noObjectKind:
      let object = try fields.object("object", only: ["object_id", "version"])
      claim = try .noObject(
        object.identifier("object_id"), ObjectVersion(object.integer("version", as: UInt64.self)),
        found: StateProof.found(fields))
    case StateProof.nodeKind: claim = try .node(StorageNode(fields.object("node", only: StateProof.nodeNames)))
    default:
      let node = try fields.object("node", only: ["node_id"])
      claim = try .noNode(node.identifier("node_id"), found: StateProof.found(fields))
    }
    path = try SparsePath(fields.digests("path", atMost: SparsePath.countMax))
    summary = try StateSummary(fields.object("state", only: StateSummary.empty.json.names))
    roots = try StateRoots(fields.object("commitment", only: StateRoots.empty.json.names))
  }

  private static func found(_ fields: ProofFields) throws(ProofFault) -> StateClaim.FoundLeaf? {
    guard let found = try fields.optionalObject("found", only: ["key", "value"]) else { return nil }
    return try StateClaim.FoundLeaf(key: found.digest("key"), value: found.bytes("value"))
  }

  private static func version(_ fields: ProofFields) throws(ProofFault) -> StateClaim.CommittedVersion {
    let object = try fields.object("object", only: ["object_id", "version", "event_id", "shards", "orphans"])
    let id = try object.identifier("object_id")
    let version = try ObjectVersion(object.integer("version", as: UInt64.self))
    let writer = try object.digest("event_id")
    let current = try object.objects("shards", only: ["shard_index", "merkle_root"])
    let orphans = try object.objects("orphans", only: ["shard_index", "event_id", "merkle_root"])
    var shards: [CommittedObject.Shard] = []
    for shard in current + orphans {
      guard try shard.integer("shard_index", as: UInt32.self) == UInt32(shards.count) else {
        throw .malformed(field: shard.place(of: "shard_index"), expected: "\(shards.count), the next index")
      }
      let isOrphan = shards.count >= current.count
      shards.append(
        try CommittedObject.Shard(
          merkleRoot: shard.merkleRoot("merkle_root"), writer: isOrphan ? shard.digest("event_id") : writer))
    }
    return StateClaim.CommittedVersion(
      id: id, version: version,
      object: CommittedObject(
        key: StateClaim.key(id, version), writer: writer, currentShardCount: current.count, shards: shards))
  }
}

extension StorageNode {
  fileprivate init(_ fields: ProofFields) throws(ProofFault) {
    self.init(
      id: try fields.identifier("node_id"), host: try fields.identifier("host"),
      port: try fields.integer("port", as: Int64.self))
    status = try fields.status("status")
    uptimeBucket = try fields.decimal("uptime_bucket")
    bytesStored = try fields.decimal("bytes_stored")
    proofsVerified = try fields.decimal("proofs_verified")
    isAegisVerified = try fields.flag("is_aegis_verified")
    aegisVerificationEpoch = Epoch(try fields.integer("aegis_verification_epoch", as: Int64.self))
  }
}

extension StateSummary {
  fileprivate init(_ fields: ProofFields) throws(ProofFault) {
    self.init(
      nodeCount: try fields.integer("node_count", as: UInt64.self),
      objectCount: try fields.integer("object_count", as: UInt64.self),
      shardCount: try fields.integer("shard_count", as: UInt64.self),
      currentEpoch: Epoch(try fields.integer("current_epoch", as: Int64.self)),
      totalAtrFees: try fields.decimal("total_atr_fees"), totalNodRewards: try fields.decimal("total_nod_rewards"),
      eventLogCount: try fields.integer("event_log_count", as: UInt64.self))
  }
}

extension StateRoots {
  fileprivate init(_ fields: ProofFields) throws(ProofFault) {
    self.init(
      state: try fields.digest("state_root"), objects: try fields.digest("objects_root"),
      nodes: try fields.digest("nodes_root"), log: try fields.digest("log_root"))
  }
}

extension JSONObject {
  /// The names of the members.
  fileprivate var names: [String] { members.map { String(decoding: $0.key, as: UTF8.self) } }
}
