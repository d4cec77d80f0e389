package import ShardReplay
package import StateCommitment
package import StorageProtocol

/// The result of a replay, assembled batch by batch in log order.
package struct ResultAssembly: Codable {
  private var entries = EntryCounts()
  private var stores = StoreCounts()
  private var proofs = ProofCounts()
  package private(set) var rejects = BoundedList<Rejection>()
  /// Ordinals of entries that a salvage has lost.
  package private(set) var lost: [ClosedRange<UInt64>] = []
  private var divergences = BoundedList<Divergence>()
  private var acceptanceTally = AcceptanceTally()
  private var comparedWithRecorded = false
  private var recoveryPoint = RecoveryPoint()
  private var checkpoints: [Checkpoint] = []
  private var eventLog = LogTree()
  /// What a log is known by: it stays the same while the log grows. Nil without events.
  package private(set) var firstEventID: Digest?
  private var objectCount: UInt64 = 0
  private var shardCount: UInt64 = 0
  /// Nil where events and growth are known as soon as batches are appended.
  private var deferred: DeferredLog?

  /// - Parameter defersEvents: whether batches are appended before all of their entries are applied.
  package init(defersEvents: Bool = false) { deferred = defersEvents ? DeferredLog() : nil }

  /// What became of the entries so far.
  package var counts: EntryCounts { entries }

  /// Entries of the batches so far.
  package var entryCount: UInt64 { entries.total }

  /// Appends the next batch of the log.
  ///
  /// - Returns: the checkpoints in it; none where they are deferred.
  @discardableResult
  package mutating func append(_ batch: MergedBatch) -> [Checkpoint] {
    entries.add(batch.entries)
    stores.add(batch.stores)
    proofs.add(batch.proofs)
    rejects.append(batch.rejects)
    for range in batch.lost { lost.extend(by: range) }
    divergences.append(batch.divergences)
    acceptanceTally.add(batch.acceptanceTally)
    comparedWithRecorded = comparedWithRecorded || batch.comparedWithRecorded
    recoveryPoint.add(batch.recoveryPoint)
    deferred?.append(batch)
    guard deferred == nil, let stretch = batch.stretch else { return [] }
    firstEventID = firstEventID ?? batch.firstEventID
    let known = checkpoints.count
    for (index, logRoot) in appendEvents(stretch, batch.checkpoints).enumerated() {
      endPeriod(batch.periods[index], batch.checkpoints[index], logRoot)
    }
    if let last = batch.periods.last { endPeriod(last, nil, nil) }
    return Array(checkpoints[known...])
  }

  /// Entries that a salvage has lost so far.
  package var lostCount: UInt64 { lost.reduce(0) { $0 + UInt64($1.count) } }

  /// Appends the events of a batch to the log tree.
  ///
  /// - Returns: the root of the log at each checkpoint.
  private mutating func appendEvents(_ stretch: LogStretch, _ pending: [PendingCheckpoint]) -> [Digest] {
    var trees: [LogTree] = []
    trees.reserveCapacity(pending.count)
    for checkpoint in pending {
      eventLog.append(stretch, to: checkpoint.summary.eventLogCount)
      trees.append(eventLog)
    }
    eventLog.append(stretch, to: stretch.range.upperBound)
    return LogTree.roots(of: trees)
  }

  /// Adds what objects and shards there are more, and the checkpoint behind that with the root of its log.
  private mutating func endPeriod(_ period: MergedBatch.Period, _ pending: PendingCheckpoint?, _ logRoot: Digest?) {
    objectCount = UInt64(Int(objectCount) + period.objects)
    shardCount = UInt64(Int(shardCount) + period.shards)
    guard let pending, let logRoot else { return }
    checkpoints.append(
      Checkpoint(
        ordinal: pending.ordinal, logRoot: logRoot, nodesRoot: pending.nodesRoot,
        summary: pending.summary.with(objectCount: objectCount, shardCount: shardCount)))
  }

  /// Adds what applying entries found that were put aside when their batches were appended.
  package mutating func add(_ part: LatePart) {
    deferred?.add(part)
    entries.diverged += part.divergedCount
    proofs.carried += part.carriedProofCount
    divergences.merge(part.divergences)
    acceptanceTally.add(part.acceptanceTally)
  }

  /// Makes the log tree and the checkpoints, once everything that was put aside has been added.
  ///
  /// - Parameters:
  ///   - count: of the log's events.
  ///   - nextEventIDs: the next ids of the log, in order, one or more; called as long as there must be more.
  package mutating func completeEvents<Failure: Error>(
    count: UInt64, _ nextEventIDs: () throws(Failure) -> [Digest]
  ) throws(Failure) {
    guard let deferred else { return }
    self.deferred = nil
    var ids = ArraySlice<Digest>()
    for period in deferred.periods {
      let end = period.checkpoint?.summary.eventLogCount ?? count
      while eventLog.count < end {
        if ids.isEmpty { ids = try nextEventIDs()[...] }
        firstEventID = firstEventID ?? ids.first
        let taken = ids.prefix(Int(min(UInt64(ids.count), end - eventLog.count)))
        let stretch = LogStretch(Array(taken), from: eventLog.count)
        eventLog.append(stretch, to: stretch.range.upperBound)
        ids = ids.dropFirst(taken.count)
      }
      let growth = MergedBatch.Period(objects: period.objects, shards: period.shards)
      endPeriod(growth, period.checkpoint, period.checkpoint.map { _ in eventLog.root })
    }
  }

  /// The result of the whole log.
  ///
  /// - Parameters:
  ///   - ledger: settled to the end.
  ///   - granules: the roots of all granules of the objects tree, in order.
  ///   - list: what every batch was looked at by.
  package func result(
    _ ledger: inout Ledger, granules: [SparseTree.Subtree], accepting list: AcceptList?
  ) -> ReplayResult {
    let summary = ledger.summary(objectCount: objectCount, shardCount: shardCount)
    precondition(eventLog.count == summary.eventLogCount, "every settled event is in the log")
    var result = ReplayResult(
      state: summary,
      roots: StateRoots(
        objects: SparseTree.root(above: granules), nodes: ledger.nodesRoot, log: eventLog.root, summary: summary))
    result.entries = entries
    result.stores = stores
    result.proofs = proofs
    result.rejects = rejects
    result.divergences = divergences
    result.acceptance = list.map { Acceptance($0, acceptanceTally) }
    result.comparedWithRecorded = comparedWithRecorded
    result.recoveryPoint = recoveryPoint
    result.checkpoints = checkpoints
    return result
  }
}

extension StateSummary {
  fileprivate func with(objectCount: UInt64, shardCount: UInt64) -> StateSummary {
    StateSummary(
      nodeCount: nodeCount, objectCount: objectCount, shardCount: shardCount, currentEpoch: currentEpoch,
      totalAtrFees: totalAtrFees, totalNodRewards: totalNodRewards, eventLogCount: eventLogCount)
  }
}
