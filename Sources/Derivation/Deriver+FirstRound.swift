internal import Hashing
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// The first round: contents, the longest messages, before everything else, so that no lane is left alone with one at
  /// the end.
  mutating func gatherFirstRound(_ derived: DerivedBatch) {
    firstRound.removeAll()
    trees.removeAll()
    for entry in 0..<derived.count where view.entries[entry].kind == .store {
      prepareStore(entry, derived)
    }
    for entry in 0..<derived.count where view.derived[entry].flags.contains(.isApplied) {
      gatherNames(entry, view.entries + entry, derived)
      if view.entries[entry].source == .payload { gatherBlocks(entry, view.entries + entry, derived) }
    }
    // Those of control entries were hashed to be planned.
    for entry in 0..<derived.count
    where view.entries[entry].flags.contains(.recordIsComplete) && view.entries[entry].kind != .control {
      let text = view.entries[entry].eventText
      view.work[entry].recordedEvent = firstRound.append(text.raw)
      hashedBytes += UInt64(text.count)
    }
  }

  /// The cost, and the content's message. An entry whose cost is illegal or overflows is rejected here.
  private mutating func prepareStore(_ entry: Int, _ derived: DerivedBatch) {
    let record = view.entries + entry
    view.derived[entry].flags = .appliedStore
    view.derived[entry].chunkCount = Int(configuration.constants.chunkCount(contentBytes: record.pointee.contentBytes))
    do throws(EntryFault) {
      try setCost(entry, record, derived)
    } catch {
      return derived.reject(entry, error)
    }
    switch record.pointee.source {
    case .carried, .lost: view.derived[entry].hashCommit = record.pointee.hashCommit
    case .payload: gatherContent(entry, record, derived)
    case .placeholder: gatherPlaceholder(entry, record, derived)
    }
  }

  private mutating func setCost(
    _ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch
  ) throws(EntryFault) {
    do {
      guard record.pointee.source == .carried else {
        let cost = try costs.cost(contentBytes: record.pointee.contentBytes, keyCount: record.pointee.metadataKeyCount)
        view.derived[entry].atrCost = cost.pointee.raw
        let text = CostTable.text(cost)
        view.work[entry].costText = arena.copy(text.start, text.count)
        return
      }
      guard let cost = try costs.legalCost(record.pointee.atrCost, contentBytes: record.pointee.contentBytes) else {
        throw EntryFault.illegalCost(contentBytes: record.pointee.contentBytes)
      }
      view.derived[entry].atrCost = cost
      view.work[entry].costText = record.pointee.atrCost
    } catch let error as ArithmeticError {
      throw .arithmetic(error)
    } catch let error as EntryFault {
      throw error
    } catch {
      preconditionFailure("a cost throws nothing else")
    }
  }

  /// The message content ‖ schema version ‖ metadata of a STORE with its content.
  private mutating func gatherContent(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    let tail = contentTail(record, repeated: 0, derived)
    view.work[entry].content = firstRound.append(record.pointee.content.raw, tail.raw)
    hashedBytes += UInt64(record.pointee.content.count + tail.count)
  }

  /// The same for placeholder content: only what follows its last whole block.
  private mutating func gatherPlaceholder(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    let contentBytes = Int(record.pointee.contentBytes)
    let tail = contentTail(record, repeated: contentBytes % SpongeState.blockBytes, derived)
    view.work[entry].content = firstRound.append(after: placeholders.sponge(contentBytes: contentBytes), tail.raw)
    hashedBytes += UInt64(tail.count)
  }

  /// `repeated` placeholder bytes, the schema version, and the metadata.
  private mutating func contentTail(_ record: UnsafePointer<EntryRecord>, repeated: Int, _ derived: DerivedBatch)
    -> ByteView
  {
    let schema = configuration.constants.schemaVersion
    var text = TextWriter(&arena, capacity: repeated + schema.utf8.count + record.pointee.metadata.count)
    text.append(PlaceholderProfile.contentByte, repeated: repeated)
    for byte in schema.utf8 { text.append(byte, repeated: 1) }
    text.append(record.pointee.metadata)
    return text.view(in: &arena)
  }

  /// The names of all chunks' shards, and that of shard 0, the object's key, in any case.
  private mutating func gatherNames(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    let nameCount = max(1, view.derived[entry].chunkCount)
    let suffix: StaticString = ".000000000000000000"
    for index in 0..<nameCount {
      var text = TextWriter(&arena, capacity: record.pointee.objectID.count + 64)
      text.append(record.pointee.objectID)
      text.append(":")
      text.append(record.pointee.version)
      text.append(":")
      text.append(UInt64(index))
      text.append(suffix)
      let name = text.view(in: &arena)
      let slot = firstRound.append(name.raw)
      if index == 0 { view.work[entry].name = slot }
      hashedBytes += UInt64(name.count)
    }
  }

  /// The blocks of every chunk: the leaves of its tree.
  private mutating func gatherBlocks(_ entry: Int, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch) {
    let constants = configuration.constants
    for index in 0..<view.derived[entry].chunkCount {
      let start = index * Int(constants.chunkBytes)
      let end = start + Int(constants.chunkBytes(at: UInt64(index), contentBytes: record.pointee.contentBytes))
      var leafCount = 0
      let firstSlot = firstRound.count
      for block in stride(from: start, to: end, by: constants.merkleBlockBytes) {
        // The content has `end` bytes and more.
        let count = min(constants.merkleBlockBytes, end - block)
        firstRound.append(UnsafeRawBufferPointer(start: record.pointee.content.start + block, count: count))
        leafCount += 1
      }
      let tree = trees.add(firstSlot: firstSlot, leafCount: leafCount)
      if index == 0 { view.work[entry].tree = tree }
      hashedBytes += UInt64(end - start)
    }
  }
}
