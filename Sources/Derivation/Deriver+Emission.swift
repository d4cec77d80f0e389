internal import ControlPlan
internal import Hashing
package import LogDecoding
package import StorageProtocol

extension Deriver {
  /// The roots of every chunk whose content is there.
  mutating func climbTrees(_ derived: DerivedBatch) {
    if !trees.isEmpty { hashedBytes += trees.climb(leaves: firstRound, using: &laterRound, &arena) }
    for entry in 0..<derived.count where isStore(entry) {
      let chunkCount = view.derived[entry].chunkCount
      guard view.entries[entry].source.hasContent, chunkCount > 0 else { continue }
      let roots = arena.allocate(Digest.self, chunkCount)
      for index in 0..<chunkCount {
        (roots + index).initialize(to: merkleRoot(entry, index, view.entries + entry))
      }
      view.derived[entry].merkleRoots = UnsafePointer(roots)
    }
  }

  private mutating func merkleRoot(_ entry: Int, _ index: Int, _ record: UnsafePointer<EntryRecord>) -> Digest {
    guard record.pointee.source == .placeholder else { return trees.root(view.work[entry].tree + index) }
    let chunkBytes = configuration.constants.chunkBytes(at: UInt64(index), contentBytes: record.pointee.contentBytes)
    return placeholders.merkleRoot(chunkBytes: Int(chunkBytes))
  }

  /// The events of all entries: as recorded where an id proves them, else derived and hashed in the last round.
  mutating func emit(_ batch: DecodedBatch, _ planned: PlannedBatch, _ derived: DerivedBatch) {
    laterRound.removeAll()
    emitControls(batch, planned, derived)
    for (index, span) in planned.spans.enumerated() {
      for entry in planned.entries(ofSpan: index, count: derived.count)
      where view.derived[entry].flags.contains(.isApplied) {
        let context = EntryContext(
          entry: entry, ordinal: planned.ordinal(of: entry), epoch: span.version.epoch,
          eligible: span.version.eligible.view, registered: span.version.registered.view)
        switch view.entries[entry].kind {
        case .store: emitStore(context, view.entries + entry, derived)
        case .proofGenerated: emitProofGenerated(context, view.entries + entry, derived)
        case .proofFailed: emitProofFailed(context, view.entries + entry, derived)
        default: break
        }
      }
    }
    laterRound.hash()
    for entry in 0..<derived.count where view.work[entry].derivedEvent >= 0 {
      view.derived[entry].eventID = laterRound.digest(view.work[entry].derivedEvent)
    }
  }

  // MARK: STORE

  private mutating func emitStore(
    _ context: EntryContext, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch
  ) {
    let entry = context.entry
    setPlacements(context, record, derived)
    if record.pointee.flags.contains(.hasEpoch), record.pointee.epoch != context.epoch.value {
      view.derived[entry].flags.formUnion([.epochDiffers, .isDiverged])
    }
    let isDiverged = view.derived[entry].flags.contains(.isDiverged)
    if record.pointee.flags.contains(.hasEventID) {
      view.derived[entry].emit(record)
    } else if !isDiverged {
      let text = derivedEvent(context, record, derived)
      view.derived[entry].eventText = text
      view.work[entry].derivedEvent = laterRound.append(text.raw)
      hashedBytes += UInt64(text.count)
    }
    if isDiverged { compareStore(context, record, derived) }
  }

  private mutating func compareStore(
    _ context: EntryContext, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch
  ) {
    let text = derivedEvent(context, record, derived)
    let comparison = RecordComparison(
      recorded: EventFields(recordedIn: rereading.object(record.pointee.text)),
      derived: EventFields(recordedIn: rereading.object(text)),
      provenID: record.pointee.flags.contains(.hasEventID) ? record.pointee.eventID : nil,
      compared: [.epoch, .replicaSets],
      ordinal: context.ordinal, epoch: context.epoch)
    precondition(!comparison.divergences.isEmpty, "columns and values of a diverging STORE agree that it diverges")
    finish(comparison, context.entry, derived)
  }

  // MARK: Proofs

  /// A proof of an object is compared where the object is; one that names none, or nobody's, is settled here.
  private mutating func emitProofGenerated(
    _ context: EntryContext, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch
  ) {
    let entry = context.entry
    if record.pointee.flags.contains(.hasEpoch), record.pointee.epoch != context.epoch.value {
      view.derived[entry].flags.insert(.epochDiffers)
    }
    if record.pointee.flags.contains(.hasEventID) { view.derived[entry].emit(record) }
    if let key = record.pointee.provedKey {
      view.derived[entry].key = key
      view.derived[entry].flags.insert(.touchesObjects)
      return
    }
    let namesNobody = !record.pointee.shardIDs.isEmpty
    if !namesNobody { view.derived[entry].flags.insert(.isCarriedProof) }
    guard
      namesNobody || !record.pointee.flags.contains(.hasEventID) || view.derived[entry].flags.contains(.epochDiffers)
    else { return }
    let recorded = EventFields(recordedIn: rereading.object(record.pointee.text))
    finish(
      RecordComparison(
        recorded: recorded,
        derived: .proofGenerated(recorded: recorded, object: nil, shard: nil, epoch: context.epoch),
        provenID: record.pointee.provenID, compared: StorageEvent.Field.comparedInProofs, ordinal: context.ordinal,
        epoch: context.epoch, isObjectUnknown: namesNobody), entry, derived)
  }

  private mutating func emitProofFailed(
    _ context: EntryContext, _ record: UnsafePointer<EntryRecord>, _ derived: DerivedBatch
  ) {
    let entry = context.entry
    let epochDiffers = record.pointee.flags.contains(.hasEpoch) && record.pointee.epoch != context.epoch.value
    if record.pointee.flags.contains(.hasEventID) {
      view.derived[entry].emit(record)
      if !epochDiffers { return }
    }
    let recorded = EventFields(recordedIn: rereading.object(record.pointee.text))
    finish(
      RecordComparison(
        recorded: recorded, derived: .proofFailed(recorded: recorded, epoch: context.epoch),
        provenID: record.pointee.provenID, compared: [.epoch], ordinal: context.ordinal, epoch: context.epoch),
      entry, derived)
  }

  // MARK: Events

  private mutating func setEvent(_ entry: Int, _ id: Digest, _ text: [UInt8]) {
    view.derived[entry].eventID = id
    view.derived[entry].eventText = text.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { arena.copy($0, bytes.count) } ?? .empty
    }
  }

  /// Keeps what a comparison gives: the event, and in what the entry diverges.
  mutating func finish(_ comparison: RecordComparison, _ entry: Int, _ derived: DerivedBatch) {
    setEvent(entry, comparison.eventID, comparison.eventText)
    if !comparison.divergences.isEmpty { derived.addDivergences(comparison.divergences, entry: entry) }
  }
}

extension DerivedRecord {
  /// Emits the recorded event, which its id proves.
  mutating func emit(_ record: UnsafePointer<EntryRecord>) {
    eventID = record.pointee.eventID
    eventText = record.pointee.eventText
  }
}

/// Where an entry stands, and the version that holds there.
struct EntryContext {
  let entry: Int
  let ordinal: Ordinal
  let epoch: Epoch
  let eligible: NodeView
  let registered: NodeView
}

extension EntryRecord {
  /// The recorded id of an entry whose integrity was checked.
  package var provenID: Digest? { flags.contains(.hasEventID) ? eventID : nil }

  /// The key K of the object that a PROOF_GENERATED names: its first shard id; nil where that is none.
  package var provedKey: Digest? {
    guard let first = shardIDs.first, flags.contains(.firstShardIDIsDigest) else { return nil }
    return first
  }
}
