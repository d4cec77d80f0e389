internal import ControlPlan
internal import Derivation
internal import LogDecoding
internal import StorageProtocol

/// Entries of one partition, put aside to be applied later: what applying looks at, derived already, in the layout of this
/// program's memory. One behind the other, each padded to words.
enum EntryRun {
  /// Lengths and pointers of an entry are looked at where words are.
  static let wordBytes = 8

  enum Kind: UInt8, BitwiseCopyable { case store, proof }

  /// What every entry starts with.
  struct Start: BitwiseCopyable {
    /// Of the whole entry, padded.
    var byteCount = 0
    let kind: Kind
  }

  /// The fixed part of a STORE. After it: a root a chunk, a placement a chunk, the id, and the lists of explicit placements.
  struct Store: BitwiseCopyable {
    var start = Start(kind: .store)
    let isCarried: Bool
    let hasRoots: Bool
    let hasPlacements: Bool
    let key: Digest
    let eventID: Digest
    let hashCommit: Digest
    let version: UInt64
    let tick: Int64
    let contentBytes: UInt64
    let chunkCount: Int
    let idCount: Int
    var explicitCount = 0
    /// Checkpoints of the log before the entry.
    let checkpointCount: Int
  }

  /// The fixed part of a proof. After it: the shard ids, the nodes of the first replica set, the object's id, the text.
  struct Proof: BitwiseCopyable {
    var start = Start(kind: .proof)
    let flags: EntryRecord.Flags
    let derivedFlags: DerivedRecord.Flags
    let replicaIsDigest: Bool
    let replicaShard: Digest
    let key: Digest
    let recordedEventID: Digest
    let derivedEventID: Digest
    let hashCommit: Digest
    let version: UInt64
    let ordinal: UInt64
    let epoch: Int64
    let shardIDCount: Int
    let nodeCount: Int
    let idCount: Int
    let textCount: Int
  }
}

// MARK: Writing

extension ObjectPartition {
  /// Writes the partition's entries of a batch to the end of `run`, for ``apply(run:nodeNames:_:)``, and applies none.
  ///
  /// - Complexity: what is written; an entry of one shard is about 200 bytes and its id, a proof its text and 500 bytes.
  package func putAside(_ batch: ApplicableBatch, into run: inout [UInt8]) {
    guard let records = batch.decoded.records.baseAddress, let derived = batch.derived.records.baseAddress else {
      return
    }
    let checkpoints = batch.checkpointEntries
    var period = 0
    for routedEntry in batch.derived.routed(to: index) {
      let entry = Int(routedEntry)
      // Both tables have a record for every entry of the batch.
      guard derived[entry].flags.contains(.isApplied) else { continue }
      while period < checkpoints.count, checkpoints[period] < entry { period += 1 }
      if records[entry].kind == .store {
        EntryRun.append(
          store: records + entry, derived + entry, batch.derived.explicitPlacements,
          checkpointCount: batch.checkpointsBefore + period, to: &run)
      } else {
        EntryRun.append(proof: batch.proof(entry), epoch: batch.planned.epoch(of: entry), to: &run)
      }
    }
  }
}

extension EntryRun {
  fileprivate static func append(
    store record: UnsafePointer<EntryRecord>, _ derived: UnsafePointer<DerivedRecord>, _ explicit: [[Identifier]],
    checkpointCount: Int, to run: inout [UInt8]
  ) {
    let chunkCount = derived.pointee.chunkCount
    let id = record.pointee.objectID
    var store = Store(
      isCarried: record.pointee.source == .carried, hasRoots: derived.pointee.merkleRoots != nil,
      hasPlacements: derived.pointee.placements != nil, key: derived.pointee.key, eventID: derived.pointee.eventID,
      hashCommit: derived.pointee.hashCommit, version: record.pointee.version, tick: record.pointee.tick,
      contentBytes: record.pointee.contentBytes, chunkCount: chunkCount, idCount: id.count,
      checkpointCount: checkpointCount)
    var lists: [[Identifier]] = []
    let start = run.count
    run.append(raw: store)
    if let roots = derived.pointee.merkleRoots {
      // The batch has a root for every chunk.
      run.append(contentsOf: UnsafeRawBufferPointer(UnsafeBufferPointer(start: roots, count: chunkCount)))
    }
    if let placements = derived.pointee.placements {
      for chunk in 0..<chunkCount {
        // The batch has a placement for every chunk.
        var placement = placements[chunk]
        if let place = placement.explicitIndex {
          placement = Placement(explicit: lists.count)
          lists.append(explicit[place])
        }
        run.append(raw: placement)
      }
    }
    run.append(contentsOf: id.raw)
    for list in lists {
      run.append(raw: list.count)
      for node in list { run.append(counted: node.bytes) }
    }
    store.explicitCount = lists.count
    store.start.byteCount = run.pad(from: start)
    run.replace(at: start, by: store)
  }

  fileprivate static func append(proof: GivenProof, epoch: Epoch, to run: inout [UInt8]) {
    let record = proof.record
    // A proof has a replica set: decoding sees to it.
    let replicas = record.replicaSets[0]
    var fixed = Proof(
      flags: record.flags, derivedFlags: proof.derived.pointee.flags, replicaIsDigest: replicas.isDigest,
      replicaShard: replicas.shard, key: proof.derived.pointee.key, recordedEventID: record.eventID,
      derivedEventID: proof.derived.pointee.eventID, hashCommit: record.hashCommit, version: record.version,
      ordinal: proof.ordinal.value, epoch: epoch.value, shardIDCount: record.shardIDs.count,
      nodeCount: replicas.nodes.count, idCount: record.objectID.count, textCount: record.text.count)
    let start = run.count
    run.append(raw: fixed)
    run.append(contentsOf: UnsafeRawBufferPointer(record.shardIDs))
    for node in replicas.nodes { run.append(counted: node.array) }
    run.append(contentsOf: record.objectID.raw)
    run.append(contentsOf: record.text.raw)
    fixed.start.byteCount = run.pad(from: start)
    run.replace(at: start, by: fixed)
  }
}

extension [UInt8] {
  fileprivate mutating func append(raw value: some BitwiseCopyable) {
    Swift.withUnsafeBytes(of: value) { append(contentsOf: $0) }
  }

  fileprivate mutating func append(counted bytes: [UInt8]) {
    append(raw: bytes.count)
    append(contentsOf: bytes)
  }

  /// Pads what begins at `start` to words, and returns its size.
  fileprivate mutating func pad(from start: Int) -> Int {
    while (count - start) % EntryRun.wordBytes != 0 { append(0) }
    return count - start
  }

  fileprivate mutating func replace(at start: Int, by value: some BitwiseCopyable) {
    withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: start, as: type(of: value)) }
  }
}
