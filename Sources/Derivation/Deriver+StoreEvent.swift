internal import ControlPlan
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// The nodes of every chunk: as recorded where the record differs, else as derived.
  mutating func setPlacements(_ context: EntryContext, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    let chunkCount = view.derived[context.entry].chunkCount
    guard chunkCount > 0 else { return }
    let placements = arena.allocate(Placement.self, chunkCount)
    let isRecorded = view.derived[context.entry].flags.contains(.isPlacedAsRecorded)
    for index in 0..<chunkCount {
      let placement =
        isRecorded
        ? recordedPlacement(replicaSet(context.entry, index, record).nodes, context.registered, derived)
        : derivedPlacement(context, index, derived)
      (placements + index).initialize(to: placement)
    }
    view.derived[context.entry].placements = UnsafePointer(placements)
  }

  private func derivedPlacement(_ context: EntryContext, _ index: Int, _ derived: DerivedBatch) -> Placement {
    var placement = Placement()
    guard let firstNodes = view.derived[context.entry].firstNodes else { return placement }
    let eligible = context.eligible
    var fits = true
    eligible.forEachReplica(from: firstNodes[index], configuration.constants.replicationFactor) { node in
      fits = fits && placement.append(node.name)
    }
    if fits { return placement }
    var ids: [Identifier] = []
    eligible.forEachReplica(from: firstNodes[index], configuration.constants.replicationFactor) { node in
      ids.append(Identifier(bytes: node.id.array))
    }
    return derived.addExplicit(ids)
  }

  private func recordedPlacement(
    _ nodes: UnsafeBufferPointer<ByteView>, _ registered: NodeView, _ derived: DerivedBatch
  ) -> Placement {
    var placement = Placement()
    for node in nodes {
      guard let known = registered.node(node), placement.append(known.name) else {
        return derived.addExplicit(nodes.map { Identifier(bytes: $0.array) })
      }
    }
    return placement
  }

  // MARK: The event's text

  /// The canonical JSON of the event that a STORE emits by derivation (protocol.md 8).
  mutating func derivedEvent(_ context: EntryContext, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch)
    -> ByteView
  {
    let store = view.derived[context.entry]
    let quotedID = quoted(record.pointee.objectID)
    let setBytesMax =
      2 * (2 * Digest.byteCount + 8)
      + configuration.constants.replicationFactor * (context.eligible.quotedBytesMax + 1)
    var text = TextWriter(
      &arena,
      capacity: 512 + view.work[context.entry].costText.count + quotedID.count + store.chunkCount * setBytesMax)
    text.append(#"{"atr_cost":""#)
    text.append(view.work[context.entry].costText)
    text.append(#"","content_size":"#)
    text.append(record.pointee.contentBytes)
    text.append(#","epoch":"#)
    text.append(context.epoch.value)
    text.append(#","error_code":null,"error_detail":null,"event_type":"STORE","hash_commit":""#)
    text.append(store.hashCommit)
    text.append(#"","object_id":"#)
    text.append(quotedID)
    text.append(#","pqc_signature":null,"replica_sets":{"#)
    appendReplicaSets(context, store, &text)
    text.append(#"},"shard_ids":["#)
    appendShardIDs(context.entry, store, &text)
    text.append(#"],"timestamp_tick":"#)
    text.append(record.pointee.tick)
    text.append(#","version":"#)
    text.append(record.pointee.version)
    text.append("}")
    return text.view(in: &arena)
  }

  private func appendReplicaSets(_ context: EntryContext, _ store: DerivedRecord, _ text: inout TextWriter) {
    guard store.chunkCount > 1 else {
      if store.chunkCount == 1 { appendReplicaSet(context, store, 0, &text) }
      return
    }
    // Keys of canonical JSON are in the order of their bytes, which is that of the digests.
    let order = (0..<store.chunkCount).sorted { shardID(context.entry, $0) < shardID(context.entry, $1) }
    for (place, index) in order.enumerated() {
      if place > 0 { text.append(",") }
      appendReplicaSet(context, store, index, &text)
    }
  }

  private func appendReplicaSet(
    _ context: EntryContext, _ store: DerivedRecord, _ index: Int, _ text: inout TextWriter
  ) {
    text.append("\"")
    text.append(shardID(context.entry, index))
    text.append("\":[")
    if let firstNodes = store.firstNodes {
      let eligible = context.eligible
      var place = Int(firstNodes[index])
      for replica in 0..<configuration.constants.replicationFactor {
        if replica > 0 { text.append(",") }
        // `place` is below the list's count.
        text.append(eligible.nodes[place].quoted)
        place = place + 1 == eligible.count ? 0 : place + 1
      }
    }
    text.append("]")
  }

  private func appendShardIDs(_ entry: Int, _ store: DerivedRecord, _ text: inout TextWriter) {
    for index in 0..<store.chunkCount {
      text.append(index == 0 ? "\"" : ",\"")
      text.append(shardID(entry, index))
      text.append("\"")
    }
  }

  /// An id as a JSON string.
  private mutating func quoted(_ id: ByteView) -> ByteView {
    var isPlain = true
    for index in 0..<id.count {
      let byte = id.start[index]
      isPlain = isPlain && byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
    guard isPlain else {
      var text: [UInt8] = []
      JSONFormat.appendString(id.array, to: &text)
      return text.withUnsafeBufferPointer { arena.copy($0.baseAddress ?? id.start, $0.count) }
    }
    var text = TextWriter(&arena, capacity: id.count + 2)
    text.append("\"")
    text.append(id)
    text.append("\"")
    return text.view(in: &arena)
  }
}

extension DerivedBatch {
  /// Keeps a list of nodes that no word can say.
  func addExplicit(_ nodes: [Identifier]) -> Placement {
    explicitPlacements.append(nodes)
    return Placement(explicit: explicitPlacements.count - 1)
  }
}
