internal import StorageProtocol

/// A STORE with everything that object, content and constants give; nothing of the control plane.
private struct DerivedContent {
  let hashCommit: Digest
  let atrCost: BigNum128
  let metadata: JSONObject?
  /// The id and, unless carried, the Merkle root of each chunk.
  let shards: [(id: Digest, merkleRoot: Digest?)]
}

extension GoldenEngine {
  /// STORE (protocol.md 5 and 9): integrity, derivation, arithmetic, and only then the state.
  mutating func apply(_ store: StoreEntry) throws(EntryFault) -> Emission {
    let content = try derive(store)
    let proven = try check(store, against: content)
    let eligible = content.shards.isEmpty ? [] : state.control.eligibleNodes
    let emission = emission(of: store, content, proven, placed: content.shards.map { place($0.id, on: eligible) })
    let placements = GoldenEngine.placements(in: emission.event, of: content)
    let fees = try GoldenEngine.certified { () throws(ArithmeticError) in
      try CertifiedMath.add(state.totalAtrFees, content.atrCost)
    }
    let nodes = try credited(placements, contentBytes: store.contentBytes)

    state.totalAtrFees = fees
    for node in nodes { state.control.update(node) }
    if !content.shards.isEmpty { state.control.didPlace(on: eligible) }
    insert(store, content, placements, writer: emission.event.id)
    count(store)
    return emission
  }

  private func place(_ shard: Digest, on eligible: [Identifier]) -> [Identifier] {
    ObjectNaming.placement(
      shard: shard, eligible: eligible, replicationFactor: configuration.constants.replicationFactor)
  }

  // MARK: Integrity

  private func derive(_ store: StoreEntry) throws(EntryFault) -> DerivedContent {
    let constants = configuration.constants
    let chunks = 0..<constants.chunkCount(contentBytes: store.contentBytes)
    let ids = chunks.map { ObjectNaming.shardID(object: store.objectID, version: store.version, index: $0) }
    let content: Content
    switch store.source {
    case .placeholder: content = .placeholder(count: store.contentBytes)
    case .payload(let bytes): content = .bytes(bytes)
    case .carried(let hashCommit, let recordedCost):
      return DerivedContent(
        hashCommit: hashCommit, atrCost: try legalCost(recordedCost, contentBytes: store.contentBytes),
        metadata: nil, shards: ids.map { ($0, nil) })
    }
    let cost = try GoldenEngine.certified { () throws(ArithmeticError) in
      try AtrCost.cost(
        contentBytes: store.contentBytes, metadataKeyCount: store.metadata.members.count,
        constants: constants)
    }
    let roots = chunks.map { index in
      ChunkTree.root(of: content.chunk(index, constants: constants), blockBytes: constants.merkleBlockBytes)
    }
    return DerivedContent(
      hashCommit: content.hashCommit(metadata: store.metadata, constants: constants), atrCost: cost,
      metadata: store.metadata, shards: zip(ids, roots).map { ($0, $1) })
  }

  private func legalCost(_ recorded: [UInt8], contentBytes: UInt64) throws(EntryFault) -> BigNum128 {
    let cost = try GoldenEngine.certified { () throws(ArithmeticError) in
      try AtrCost.legalCost(decimal: recorded, contentBytes: contentBytes, constants: configuration.constants)
    }
    guard let cost else {
      throw EntryFault.illegalCost(contentBytes: contentBytes)
    }
    return cost
  }

  /// Checks the record against what content, metadata and names give, and returns the event it proves, if it has an id
  /// (protocol.md 9, step 1).
  private func check(_ store: StoreEntry, against content: DerivedContent) throws(EntryFault) -> StorageEvent? {
    guard let recorded = store.recorded else { return nil }
    let proven = try recorded.provenEvent()
    let shardIDs = content.shards.map { JSONValue.hexadecimal($0.id) }
    let expected: [(field: StorageEvent.Field, value: JSONValue)] = [
      (.hashCommit, .hexadecimal(content.hashCommit)), (.contentSize, .integer(store.contentBytes)),
      (.atrCost, .decimal(content.atrCost)), (.shardIDs, .array(shardIDs)),
    ]
    for (field, value) in expected {
      guard let claimed = recorded.fields[field] else { continue }
      guard claimed == value else {
        throw EntryFault.contradictsContent(field)
      }
    }
    guard let sets = recorded.fields[.replicaSets]?.objectValue else { return proven }
    let keys = sets.members.map(\.key).sorted { $0.lexicographicallyPrecedes($1) }
    guard keys == content.shards.map(\.id).sorted().map(\.hexadecimalBytes) else {
      throw EntryFault.replicaSetKeys
    }
    return proven
  }

  // MARK: Derivation

  private func emission(
    of store: StoreEntry, _ content: DerivedContent, _ proven: StorageEvent?, placed: [[Identifier]]
  ) -> Emission {
    var derived = EventFields(eventType: .store, epoch: state.control.currentEpoch)
    derived[.timestampTick] = .integer(store.tick.value)
    derived[.objectID] = .string(store.objectID.bytes)
    derived[.version] = .integer(store.version.value)
    derived[.hashCommit] = .hexadecimal(content.hashCommit)
    derived[.contentSize] = .integer(store.contentBytes)
    derived[.shardIDs] = .array(content.shards.map { .hexadecimal($0.id) })
    derived[.replicaSets] = .object(
      JSONObject(
        zip(content.shards, placed).map { shard, nodes in
          (shard.id.hexadecimalBytes, .array(nodes.map { .string($0.bytes) }))
        }))
    derived[.atrCost] = .decimal(content.atrCost)
    guard let recorded = store.recorded else { return Emission(derived: derived) }
    return Emission(
      derived: derived, recorded: recorded, proven: proven, compared: [.epoch, .replicaSets],
      isCompared: recorded.fields[.epoch] != nil || recorded.fields[.replicaSets] != nil)
  }

  /// The nodes of each chunk as the emitted event names them: as recorded where there is a record, else as derived.
  private static func placements(in event: StorageEvent, of content: DerivedContent) -> [[Identifier]] {
    guard let sets = event[.replicaSets].objectValue else {
      preconditionFailure("replica_sets of a STORE is an object: its form was checked")
    }
    var nodesByShard: [[UInt8]: [Identifier]] = [:]
    for member in sets.members {
      nodesByShard[member.key] = member.value.elements?.compactMap(\.stringBytes).map(Identifier.init(bytes:))
    }
    return content.shards.map { shard in
      guard let nodes = nodesByShard[shard.id.hexadecimalBytes] else {
        preconditionFailure("replica_sets names every shard: its keys were checked")
      }
      return nodes
    }
  }

  // MARK: State

  /// The registered nodes among the placements, their counters raised; a node named twice is raised twice.
  ///
  /// - Throws: `SE_ERR_INTERNAL` when a counter would overflow.
  private func credited(
    _ placements: [[Identifier]], contentBytes: UInt64
  ) throws(EntryFault) -> [StorageNode] {
    try GoldenEngine.certified { () throws(ArithmeticError) in
      let bytes = try BigNum128(integer: contentBytes)
      let one = try BigNum128(integer: 1)
      var credited: [Identifier: StorageNode] = [:]
      for id in placements.joined() {
        guard var node = credited[id] ?? state.control.nodes[id] else { continue }
        node.bytesStored = try CertifiedMath.add(node.bytesStored, bytes)
        node.proofsVerified = try CertifiedMath.add(node.proofsVerified, one)
        credited[id] = node
      }
      return credited.values.sorted { $0.id < $1.id }
    }
  }

  private mutating func insert(
    _ store: StoreEntry, _ content: DerivedContent, _ placements: [[Identifier]], writer: Digest
  ) {
    let constants = configuration.constants
    let key = ObjectNaming.shardID(object: store.objectID, version: store.version, index: 0)
    let written = zip(content.shards, placements).enumerated().map { index, chunk in
      StoredObject.Shard(
        id: chunk.0.id,
        chunkBytes: constants.chunkBytes(at: UInt64(index), contentBytes: store.contentBytes),
        assignedNodes: chunk.1, merkleRoot: chunk.0.merkleRoot, writer: writer)
    }
    let before = state.objects[key]?.shards ?? []
    let orphans = before.dropFirst(written.count)
    state.objects[key] = StoredObject(
      key: key, id: store.objectID, version: store.version, hashCommit: content.hashCommit,
      metadata: content.metadata, createdAtTick: store.tick, writer: writer, currentShardCount: written.count,
      shards: written + orphans)
    state.shardCount += UInt64(written.count + orphans.count - before.count)
  }

  private mutating func count(_ store: StoreEntry) {
    switch store.source {
    case .placeholder: stores.placeholder += 1
    case .payload: stores.reexecuted += 1
    case .carried: stores.carried += 1
    }
  }
}
