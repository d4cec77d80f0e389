internal import ControlPlan
internal import Derivation
internal import LogDecoding
package import LogReading
package import StorageProtocol

/// A STORE of a survey that a replay applies, or would have applied had its archive kept the content.
///
/// Valid as long as its ``SurveyedBatch``.
package struct SurveyedStore {
  /// What the log has of the content.
  package enum Content {
    case whole(UnsafeRawBufferPointer)
    /// Runbook dialect: the log never had it.
    case placeholder
    /// Event dialect without a payload.
    case carried
    /// The archive had it, and has not any more.
    case lost(LogError)
  }

  package let ordinal: Ordinal
  package let key: Digest
  package let id: Identifier
  package let version: ObjectVersion
  package let tick: Tick
  package let content: Content
  package let contentBytes: UInt64
  /// Computed where there is content, else as recorded; nil where neither.
  package let hashCommit: Digest?
  /// Canonical JSON; nil where the STORE is carried.
  package let metadata: [UInt8]?
  package let chunkCount: Int
  private let derived: DerivedRecord
  private let explicitPlacements: [[Identifier]]

  fileprivate init(_ place: Int, of batch: SurveyedBatch, content: Content) {
    let record = batch.slot.decoded.records[place]
    derived = batch.slot.derived.records[place]
    explicitPlacements = batch.slot.derived.explicitPlacements
    self.content = content
    ordinal = batch.slot.planned.ordinal(of: place)
    key = derived.key
    id = Identifier(bytes: record.objectID.array)
    version = ObjectVersion(record.version)
    tick = Tick(record.tick)
    contentBytes = record.contentBytes
    metadata = record.source == .carried ? nil : record.metadata.array
    chunkCount = derived.chunkCount
    hashCommit =
      switch content {
      case .whole, .placeholder, .carried: derived.hashCommit
      case .lost: record.flags.contains(.hasHashCommit) ? record.hashCommit : nil
      }
  }

  /// The Merkle root of a chunk; nil where there is no content to compute it from.
  package func merkleRoot(of chunk: Int) -> Digest? {
    // There is a root for each of the `chunkCount` chunks.
    if case .lost = content { nil } else { derived.merkleRoots.map { $0[chunk] } }
  }

  /// The places of a node among the replicas of a chunk, as applied.
  ///
  /// - Parameter number: the node's, by ``SurveyedBatch/number(ofNode:)``.
  package func replicaPositions(of node: Identifier, _ number: Int?, chunk: Int) -> [Int] {
    // There is a placement for each of the `chunkCount` chunks.
    guard let placement = derived.placements.map({ $0[chunk] }) else { return [] }
    if let explicit = placement.explicitIndex {
      return explicitPlacements[explicit].indices.filter { explicitPlacements[explicit][$0] == node }
    }
    return placement.names.indices.filter { placement.names[$0] == number }
  }
}

extension SurveyedBatch {
  /// The STORE at a place of the batch; nil where there is none, or one that a replay rejects for what it is.
  package func store(_ place: Int) -> SurveyedStore? {
    let record = slot.decoded.records[place]
    guard record.kind == .store else { return nil }
    if slot.derived.records[place].flags.contains(.isApplied) {
      return SurveyedStore(place, of: self, content: content(of: record, place))
    }
    return contradiction(place, record).map { SurveyedStore(place, of: self, content: .lost($0)) }
  }

  private func content(of record: EntryRecord, _ place: Int) -> SurveyedStore.Content {
    switch record.source {
    case .payload: return .whole(record.content.raw)
    case .placeholder: return .placeholder
    case .carried: return .carried
    case .lost:
      guard let lost = slot.decoded.lostContents.first(where: { $0.entry == place }) else {
        preconditionFailure("a lost content has its error in the batch")
      }
      return .lost(located(lost.error, place))
    }
  }

  private func located(_ error: LogError, _ place: Int) -> LogError {
    var error = error
    error.ordinal = slot.planned.ordinal(of: place).value
    error.byteOffset = slot.decoded.byteOffset(of: place)
    return error
  }

  /// Why the content of a rejected STORE is taken for damaged: it contradicts its record, and its pack is not the manifest's.
  private func contradiction(_ place: Int, _ record: EntryRecord) -> LogError? {
    guard
      slot.derived.rejections.contains(where: { $0.entry == place && $0.fault.code == .integrityMismatch }),
      let packs,
      let pack = packs.unprovenPack(
        ofContent: UnsafeBufferPointer(start: record.text.start, count: record.text.count),
        byteOffset: slot.decoded.byteOffset(of: place))
    else { return nil }
    return located(LogError(.archive(.contentContradicts), file: pack), place)
  }

  /// The number of a node among all ids registered so far; nil where it is not among them.
  package func number(ofNode id: Identifier) -> Int? { slot.planned.nodeNames.firstIndex(of: id) }
}
