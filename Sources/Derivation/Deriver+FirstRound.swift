internal import Hashing
internal import LogDecoding
internal import StorageProtocol

extension Deriver {
  /// The first round: contents, the longest messages, before everything else, so that no lane is left alone with one at
  /// the end.
  mutating func gatherFirstRound(_ batch: DecodedBatch, _ derived: DerivedBatch) {
    firstRound.removeAll()
    trees.removeAll()
    for entry in 0..<derived.count where batch.records[entry].kind == .store {
      prepareStore(entry, batch, derived)
    }
    for entry in 0..<derived.count where derived.records[entry].flags.contains(.isApplied) {
      gatherNames(entry, batch.records[entry], derived)
      if batch.records[entry].source == .payload { gatherBlocks(entry, batch.records[entry], derived) }
    }
    for entry in 0..<derived.count where batch.records[entry].flags.contains(.recordIsComplete) {
      let text = batch.records[entry].eventText
      work[entry].recordedEvent = firstRound.append(text.raw)
      hashedBytes += UInt64(text.count)
    }
  }

  /// The cost, and the content's message. An entry whose cost is illegal or overflows is rejected here.
  private mutating func prepareStore(_ entry: Int, _ batch: DecodedBatch, _ derived: DerivedBatch) {
    let record = batch.records[entry]
    derived.records[entry].flags = [.isApplied, .emitsEvent, .touchesObjects]
    derived.records[entry].chunkCount = Int(configuration.constants.chunkCount(contentBytes: record.contentBytes))
    do throws(EntryFault) {
      try setCost(entry, record, derived)
    } catch {
      return derived.reject(entry, error)
    }
    switch record.source {
    case .carried: derived.records[entry].hashCommit = record.hashCommit
    case .payload: gatherContent(entry, record, derived)
    case .placeholder: gatherPlaceholder(entry, record, derived)
    }
  }

  private mutating func setCost(
    _ entry: Int, _ record: EntryRecord, _ derived: DerivedBatch
  ) throws(EntryFault) {
    do {
      guard record.source == .carried else {
        let cost = try costs.cost(contentBytes: record.contentBytes, keyCount: record.metadataKeyCount)
        derived.records[entry].atrCost = cost.pointee.raw
        let text = CostTable.text(cost)
        work[entry].costText = derived.arena.copy(text.start, text.count)
        return
      }
      guard let cost = try costs.legalCost(record.atrCost, contentBytes: record.contentBytes) else {
        throw EntryFault.illegalCost(contentBytes: record.contentBytes)
      }
      derived.records[entry].atrCost = cost
      work[entry].costText = record.atrCost
    } catch let error as ArithmeticError {
      throw .arithmetic(error)
    } catch let error as EntryFault {
      throw error
    } catch {
      preconditionFailure("a cost throws nothing else")
    }
  }

  /// The message content ‖ schema version ‖ metadata of a STORE with its content.
  private mutating func gatherContent(_ entry: Int, _ record: EntryRecord, _ derived: DerivedBatch) {
    let tail = contentTail(record, repeated: 0, derived)
    work[entry].content = firstRound.append(record.content.raw, tail.raw)
    hashedBytes += UInt64(record.content.count + tail.count)
  }

  /// The same for placeholder content: only what follows its last whole block.
  private mutating func gatherPlaceholder(_ entry: Int, _ record: EntryRecord, _ derived: DerivedBatch) {
    let contentBytes = Int(record.contentBytes)
    let tail = contentTail(record, repeated: contentBytes % SpongeState.blockBytes, derived)
    work[entry].content = firstRound.append(after: placeholders.sponge(contentBytes: contentBytes), tail.raw)
    hashedBytes += UInt64(tail.count)
  }

  /// `repeated` placeholder bytes, the schema version, and the metadata.
  private func contentTail(_ record: EntryRecord, repeated: Int, _ derived: DerivedBatch) -> ByteView {
    let schema = configuration.constants.schemaVersion
    var text = TextWriter(&derived.arena, capacity: repeated + schema.utf8.count + record.metadata.count)
    text.append(PlaceholderProfile.contentByte, repeated: repeated)
    for byte in schema.utf8 { text.append(byte, repeated: 1) }
    text.append(record.metadata)
    return text.view(in: &derived.arena)
  }

  /// The names of all chunks' shards, and that of shard 0, the object's key, in any case.
  private mutating func gatherNames(_ entry: Int, _ record: EntryRecord, _ derived: DerivedBatch) {
    let nameCount = max(1, derived.records[entry].chunkCount)
    let suffix: StaticString = ".000000000000000000"
    for index in 0..<nameCount {
      var text = TextWriter(&derived.arena, capacity: record.objectID.count + 64)
      text.append(record.objectID)
      text.append(":")
      text.append(record.version)
      text.append(":")
      text.append(UInt64(index))
      text.append(suffix)
      let name = text.view(in: &derived.arena)
      let slot = firstRound.append(name.raw)
      if index == 0 { work[entry].name = slot }
      hashedBytes += UInt64(name.count)
    }
  }

  /// The blocks of every chunk: the leaves of its tree.
  private mutating func gatherBlocks(_ entry: Int, _ record: EntryRecord, _ derived: DerivedBatch) {
    let constants = configuration.constants
    for index in 0..<derived.records[entry].chunkCount {
      let start = index * Int(constants.chunkBytes)
      let end = start + Int(constants.chunkBytes(at: UInt64(index), contentBytes: record.contentBytes))
      var leafCount = 0
      let firstSlot = firstRound.count
      for block in stride(from: start, to: end, by: constants.merkleBlockBytes) {
        // The content has `end` bytes and more.
        let count = min(constants.merkleBlockBytes, end - block)
        firstRound.append(UnsafeRawBufferPointer(start: record.content.start + block, count: count))
        leafCount += 1
      }
      let tree = trees.add(firstSlot: firstSlot, leafCount: leafCount)
      if index == 0 { work[entry].tree = tree }
      hashedBytes += UInt64(end - start)
    }
  }
}
