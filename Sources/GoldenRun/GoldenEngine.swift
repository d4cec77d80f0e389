package import LogReading
internal import StateCommitment
package import StorageProtocol

/// The sequential engine: protocol.md, one entry at a time, every byte hashed by the library, nothing memoised.
///
/// It is the oracle of every cross-check, so it is kept plain. An entry is read, derived and checked completely before
/// anything of the state changes; what throws on the way leaves no trace.
package struct GoldenEngine: Sendable {
  let configuration: ReplayConfiguration
  package internal(set) var state = GoldenState()

  package internal(set) var entries = EntryCounts()
  var stores = StoreCounts()
  var proofs = ProofCounts()
  private var rejects = BoundedList<Rejection>()
  private var divergences = BoundedList<Divergence>()
  private var acceptanceTally = AcceptanceTally()
  private var comparedWithRecorded = false
  private var recoveryPoint = RecoveryPoint()
  private(set) var checkpoints: [Checkpoint] = []
  /// Whether an EPOCH_ADVANCEMENT makes a checkpoint: nothing else hangs on it.
  package var takesCheckpoints = true

  package init(_ configuration: ReplayConfiguration) { self.configuration = configuration }

  /// Replays one entry and returns what it did.
  ///
  /// - Throws: `LogError.notJSON` with the entry's ordinal and the position of the offending byte; an entry that is
  ///   JSON but wrong is counted and listed instead.
  package mutating func replay(_ raw: RawEntry) throws(LogError) -> ReplayedEntry {
    let (value, jsonFault) = try raw.parsed()
    do throws(EntryFault) {
      if let jsonFault { throw jsonFault }
      let entry = try EntryDecoding(configuration: configuration).decode(value)
      return ReplayedEntry(entry, try apply(entry, at: raw.ordinal))
    } catch {
      entries.countRejected(error.code)
      if let list = configuration.accepting { acceptanceTally.note(rejected: raw.ordinal, error.code, accepting: list) }
      rejects.append(Rejection(ordinal: raw.ordinal, byteOffset: raw.byteOffset, fault: error))
      return ReplayedEntry(rejected: error)
    }
  }

  /// Returns the event that the entry emits, if it emits one, and where its record is another.
  private mutating func apply(_ entry: LogEntry, at ordinal: Ordinal) throws(EntryFault) -> LoggedEvent? {
    switch entry {
    case .acknowledged:
      entries.acknowledged += 1
      return nil
    case .unsupported(let type):
      entries.countUnsupported(type)
      if let list = configuration.accepting { acceptanceTally.note(unsupported: ordinal, accepting: list) }
      return nil
    case .store(let store):
      let event = finish(try apply(store), at: ordinal)
      recoveryPoint.note(store.tick)
      return event
    case .proofGenerated(let proof): return finish(try applyGenerated(proof), at: ordinal)
    case .proofFailed(let proof): return finish(try applyFailed(proof), at: ordinal)
    case .nodeRegistration(let entry): return finish(try apply(entry), at: ordinal)
    case .epochAdvancement(let entry):
      let event = finish(try apply(entry), at: ordinal)
      if takesCheckpoints { checkpoints.append(checkpoint(at: ordinal)) }
      return event
    case .nodeUnregistration(let id): state.control.unregister(id)
    case .nodeStatus(let id, let status): state.control.setStatus(id, status)
    case .nodeUptime(let id, let bucket): state.control.setUptimeBucket(id, try bucket.number())
    case .aegisContext(let registry, let telemetry): state.control.installContext(registry, telemetry)
    case .nodRewards(let epoch): state.totalNodRewards = try rewarded(epoch)
    }
    countApplied(ordinal)
    return nil
  }

  private mutating func countApplied(_ ordinal: Ordinal) {
    entries.applied += 1
    recoveryPoint.note(applied: ordinal)
  }

  /// Counts an applied entry and logs its event.
  private mutating func finish(_ emission: Emission, at ordinal: Ordinal) -> LoggedEvent {
    countApplied(ordinal)
    if !emission.differences.isEmpty { entries.diverged += 1 }
    if emission.isCompared { comparedWithRecorded = true }
    let found = emission.differences.map { difference in
      Divergence(
        ordinal: ordinal, epoch: state.control.currentEpoch, objectID: emission.event[.objectID],
        version: emission.event[.version], field: difference.field, recorded: difference.recorded,
        derived: difference.derived)
    }
    for divergence in found { divergences.append(divergence) }
    if let list = configuration.accepting { acceptanceTally.note(found, accepting: list) }
    state.eventLog.append(emission.event.id)
    return LoggedEvent(event: emission.event, divergences: found)
  }

  // MARK: Result

  /// The objects by id bytes, then version.
  package var sortedObjects: [StoredObject] { state.sortedObjects }

  package var currentEpoch: Epoch { state.control.currentEpoch }

  /// The nodes by id bytes.
  package var sortedNodes: [StorageNode] { state.control.sortedNodes }

  /// What the replay found so far, with the commitment to the state it reached.
  package var result: ReplayResult {
    var result = ReplayResult(state: state.summary, roots: state.roots)
    result.entries = entries
    result.stores = stores
    result.proofs = proofs
    result.rejects = rejects
    result.divergences = divergences
    result.acceptance = configuration.accepting.map { Acceptance($0, acceptanceTally) }
    result.comparedWithRecorded = comparedWithRecorded
    result.recoveryPoint = recoveryPoint
    result.checkpoints = checkpoints
    return result
  }

  private func checkpoint(at ordinal: Ordinal) -> Checkpoint {
    Checkpoint(
      ordinal: ordinal, logRoot: state.eventLog.root, nodesRoot: state.nodesRoot, summary: state.summary)
  }
}

extension RawEntry {
  /// The entry as a JSON value, and the fault that rejects it whatever it says.
  ///
  /// - Throws: `LogError.notJSON` at the offending byte.
  package func parsed() throws(LogError) -> (value: JSONValue, fault: EntryFault?) {
    do {
      let (value, fault) = try JSONReader.read(bytes)
      return (value, fault.map { EntryFault.json($0.kind, position: $0.position) })
    } catch {
      throw LogError(.notJSON(error.fault), ordinal: ordinal.value, byteOffset: byteOffset + UInt64(error.position))
    }
  }
}
