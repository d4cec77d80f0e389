internal import LogReading
package import ReplayPipeline
package import StorageProtocol
internal import Synchronization

/// Finds out, while a log is replayed, which STORE wrote what exists in the end: the last one that was applied.
///
/// Memory grows with objects, not with the log.
package final class StoreSurvey: LogSurvey {
  private let selection: RestoreSelection
  private let findings = Mutex(StoreFindings())

  package init(_ selection: RestoreSelection) { self.selection = selection }

  private struct Prepared: Sendable {
    var stores: [(key: Digest, id: Identifier, version: ObjectVersion, store: WrittenStore)] = []
    var lastTick: Tick?
    var lostContentCount: UInt64 = 0
    var knowsNode = false
  }

  package func prepare(_ batch: SurveyedBatch) -> any Sendable {
    let number = selection.node.flatMap { batch.number(ofNode: $0) }
    var prepared = Prepared()
    prepared.knowsNode = number != nil
    for place in 0..<batch.count {
      guard let store = batch.store(place) else { continue }
      prepared.lastTick = store.tick
      if case .lost = store.content { prepared.lostContentCount += 1 }
      guard selection.contains(store.id, store.version) else { continue }
      let replicas = replicas(of: store, number)
      if !replicas.isEmpty { prepared.knowsNode = true }
      prepared.stores.append((store.key, store.id, store.version, WrittenStore(store, replicas)))
    }
    return prepared
  }

  private func replicas(of store: SurveyedStore, _ number: Int?) -> [WrittenStore.Replica] {
    guard let node = selection.node else { return [] }
    return (0..<store.chunkCount).compactMap { chunk in
      let positions = store.replicaPositions(of: node, number, chunk: chunk)
      return positions.isEmpty
        ? nil : WrittenStore.Replica(index: chunk, positions: positions, merkleRoot: store.merkleRoot(of: chunk))
    }
  }

  package func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let batch = prepared as? Prepared else { preconditionFailure("a batch was prepared before it is appended") }
    findings.withLock { findings in
      findings.lastTick = batch.lastTick ?? findings.lastTick
      findings.lostContentCount += batch.lostContentCount
      findings.knowsNode = findings.knowsNode || batch.knowsNode
      for (key, id, version, store) in batch.stores { findings.add(key, id, version, store) }
    }
  }

  /// What was found, once the replay has ended.
  package func take() -> StoreFindings { findings.withLock { $0 } }
}

/// What a replay says of contents.
package struct StoreFindings: Sendable {
  private var histories: [StoreHistory] = []
  private var placeByKey: [Digest: Int] = [:]
  /// Of the last STORE that was applied, selected or not; nil where there was none.
  package fileprivate(set) var lastTick: Tick?
  /// STOREs whose content the archive has lost, selected or not, replaced or not.
  package fileprivate(set) var lostContentCount: UInt64 = 0
  /// Whether the node that is restored was ever registered, or anything was placed on it.
  package fileprivate(set) var knowsNode = false

  fileprivate mutating func add(_ key: Digest, _ id: Identifier, _ version: ObjectVersion, _ store: WrittenStore) {
    if let place = placeByKey[key] { return histories[place].replace(by: store) }
    placeByKey[key] = histories.count
    histories.append(StoreHistory(key: key, id: id, version: version, store))
  }

  /// Every object selected, by the bytes of its id, then version.
  package var sortedHistories: [StoreHistory] {
    histories.sorted { ($0.id, $0.version) < ($1.id, $1.version) }
  }
}

extension WrittenStore {
  fileprivate init(_ store: SurveyedStore, _ replicas: [Replica]) {
    self.init(
      ordinal: store.ordinal, tick: store.tick, source: Source(store.content), contentBytes: store.contentBytes,
      hashCommit: store.hashCommit, metadata: store.metadata, chunkCount: store.chunkCount, replicas: replicas)
  }
}

extension WrittenStore.Source {
  fileprivate init(_ content: SurveyedStore.Content) {
    switch content {
    case .whole: self = .content
    case .placeholder: self = .placeholder
    case .carried: self = .carried
    case .lost(let error): self = .damaged(error.description)
    }
  }
}
