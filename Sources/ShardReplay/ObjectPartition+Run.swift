internal import ControlPlan
internal import Derivation
internal import LogDecoding
package import StorageProtocol

/// What applying entries that were put aside did, of one partition.
package struct LatePart {
  /// Objects and shards more, behind so many checkpoints of the log; in log order.
  package internal(set) var growth: [(checkpointCount: Int, objects: Int, shards: Int)] = []
  package internal(set) var divergedCount: UInt64 = 0
  package internal(set) var carriedProofCount: UInt64 = 0
  package private(set) var divergences = BoundedList<Divergence>()
  /// Of all of them.
  package private(set) var acceptanceTally = AcceptanceTally()
  /// Event ids that nobody knew when the entry was put aside, by its ordinal.
  fileprivate var eventIDs: [(ordinal: Ordinal, id: Digest)] = []
  private let accepting: AcceptList?
  private let listsEveryDivergence: Bool
  /// All that were found since the last call of ``takeDivergences()``.
  private var newDivergences: [Divergence] = []

  /// - Parameters:
  ///   - list: what is accepted of the log; nil where nothing was listed.
  ///   - listsEveryDivergence: whether ``takeDivergences()`` hands out all of them.
  package init(accepting list: AcceptList? = nil, listsEveryDivergence: Bool = false) {
    accepting = list
    self.listsEveryDivergence = listsEveryDivergence
  }

  /// Adds in what an entry diverges: all of it at once.
  fileprivate mutating func add(_ found: [Divergence]) {
    for divergence in found { divergences.append(divergence) }
    if listsEveryDivergence { newDivergences += found }
    if let accepting { acceptanceTally.note(found, accepting: accepting) }
  }

  /// Hands out every divergence found since the last call, in log order; none where not all are asked for.
  package mutating func takeDivergences() -> [Divergence] {
    defer { newDivergences.removeAll(keepingCapacity: true) }
    return newDivergences
  }

  /// Hands out the event ids found since the last call.
  package mutating func takeEventIDs() -> [(ordinal: Ordinal, id: Digest)] {
    defer { eventIDs.removeAll(keepingCapacity: true) }
    return eventIDs
  }
}

extension ObjectPartition {
  /// Applies entries that ``putAside(_:into:)`` wrote, in order.
  ///
  /// `run` begins at a word, and `LogChunk.slackBytes` behind it may be read, whatever they hold.
  ///
  /// - Parameters:
  ///   - nodeNames: every id ever registered, by number.
  ///   - part: is added to.
  package func apply(run: UnsafeRawBufferPointer, nodeNames: [Identifier], _ part: inout LatePart) {
    guard let base = run.baseAddress else { return }
    var reader = RunReader(base)
    while reader.position < base + run.count {
      let start = reader.position
      // Every entry begins with its size and kind.
      let fixed = start.load(as: EntryRun.Start.self)
      switch fixed.kind {
      case .store: objects.apply(store: &reader, &part)
      case .proof: objects.check(proof: &reader, nodeNames, &part)
      }
      reader.position = start + fixed.byteCount
    }
  }
}

/// Goes through a run; it holds what ``EntryRun`` says, nobody having changed it.
private struct RunReader {
  var position: UnsafeRawPointer

  init(_ start: UnsafeRawPointer) { position = start }

  mutating func fixed<Value: BitwiseCopyable>(_ type: Value.Type) -> Value {
    defer { position += MemoryLayout<Value>.size }
    return position.loadUnaligned(as: type)
  }

  mutating func array<Value: BitwiseCopyable>(_ type: Value.Type, _ count: Int) -> UnsafePointer<Value> {
    defer { position += count * MemoryLayout<Value>.stride }
    return position.assumingMemoryBound(to: type)
  }

  mutating func view(_ count: Int) -> ByteView { ByteView(array(UInt8.self, count), count) }

  mutating func countedView() -> ByteView { view(fixed(Int.self)) }
}

extension ObjectTable {
  fileprivate mutating func apply(store reader: inout RunReader, _ part: inout LatePart) {
    let store = reader.fixed(EntryRun.Store.self)
    var derived = DerivedRecord()
    derived.chunkCount = store.chunkCount
    derived.key = store.key
    derived.eventID = store.eventID
    derived.hashCommit = store.hashCommit
    if store.hasRoots { derived.merkleRoots = reader.array(Digest.self, store.chunkCount) }
    if store.hasPlacements { derived.placements = reader.array(Placement.self, store.chunkCount) }
    var record = EntryRecord(text: .empty)
    record.kind = .store
    // Of what is not carried, applying does not ask where it came from.
    record.source = store.isCarried ? .carried : .payload
    record.version = store.version
    record.tick = store.tick
    record.contentBytes = store.contentBytes
    record.objectID = reader.view(store.idCount)
    let explicit = (0..<store.explicitCount).map { _ in
      (0..<reader.fixed(Int.self)).map { _ in Identifier(bytes: reader.countedView().array) }
    }
    let growth = apply(&record, &derived, explicit)
    guard growth != (0, 0) else { return }
    if let last = part.growth.last, last.checkpointCount == store.checkpointCount {
      part.growth[part.growth.count - 1].objects += growth.objects
      part.growth[part.growth.count - 1].shards += growth.shards
    } else {
      part.growth.append((store.checkpointCount, growth.objects, growth.shards))
    }
  }

  fileprivate func check(proof reader: inout RunReader, _ nodeNames: [Identifier], _ part: inout LatePart) {
    let proof = reader.fixed(EntryRun.Proof.self)
    var derived = DerivedRecord()
    derived.flags = proof.derivedFlags
    derived.key = proof.key
    derived.eventID = proof.derivedEventID
    let shardIDs = UnsafeBufferPointer(
      start: reader.array(Digest.self, proof.shardIDCount), count: proof.shardIDCount)
    let nodes = (0..<proof.nodeCount).map { _ in reader.countedView() }
    let id = reader.view(proof.idCount)
    var record = EntryRecord(text: reader.view(proof.textCount))
    record.kind = .proofGenerated
    record.flags = proof.flags
    record.objectID = id
    record.version = proof.version
    record.eventID = proof.recordedEventID
    record.hashCommit = proof.hashCommit
    record.shardIDs = shardIDs
    nodes.withUnsafeBufferPointer { nodes in
      let replicas = [ReplicaSet(shard: proof.replicaShard, isDigest: proof.replicaIsDigest, nodes: nodes)]
      replicas.withUnsafeBufferPointer { replicas in
        record.replicaSets = replicas
        let comparison = withUnsafeMutablePointer(to: &derived) { derived in
          check(
            GivenProof(record: record, derived: derived, ordinal: Ordinal(proof.ordinal)), epoch: Epoch(proof.epoch),
            nodeNames: nodeNames)
        }
        part.add(comparison?.divergences ?? [])
      }
    }
    let gained = derived.flags.subtracting(proof.derivedFlags)
    if gained.contains(.isDiverged) { part.divergedCount += 1 }
    if gained.contains(.isCarriedProof) { part.carriedProofCount += 1 }
    if derived.eventID != proof.derivedEventID { part.eventIDs.append((Ordinal(proof.ordinal), derived.eventID)) }
  }
}
