/// A piece of work of the pipeline. Numbers are places in the log: of blocks as read, of batches as split.
package enum ReplayJob: Equatable {
  case read(block: Int)
  case decompress(block: Int)
  /// Into the next batch, if the block completes one.
  case split(block: Int)
  case decode(batch: Int)
  case plan(batch: Int)
  case derive(batch: Int)
  case settle(batch: Int)
  /// Batches in order, to the partitions of one group.
  case apply(group: Int, batches: Range<Int>)
  case merge(batch: Int)
  case append(batch: Int)
  /// The partitions of one group, once the log has ended.
  case commit(group: Int)

  /// The stage of the flow that the work belongs to.
  package var stage: ReplayStage {
    switch self {
    case .read, .decompress, .split: .read
    case .decode: .decode
    case .plan: .plan
    case .derive: .derive
    case .settle, .apply: .apply
    case .merge, .append: .merge
    case .commit: .commit
    }
  }
}

/// The stages of a replay, in order.
package enum ReplayStage: String, CaseIterable, Sendable {
  /// Blocks of the log, decompressed and cut into whole entries.
  case read
  /// Entries as columns; the bad ones rejected.
  case decode
  /// Control entries folded into the timeline.
  case plan
  /// Everything that depends on an entry and the timeline alone: hashes, placements, events.
  case derive
  /// Totals and nodes in log order, then objects by partition.
  case apply
  /// Counts, findings and events put in log order.
  case merge
  /// Trees and roots.
  case commit
}

/// Decides what is done next: which work is ready, given what is finished. Holds no data of the log and does nothing itself.
///
/// Serial work (read, split, plan, settle, append) is done in log order by whoever is free; the rest runs side by side. What
/// finishes batches comes before what begins them: commit, append, settle, plan, apply, then the other work on batches in log
/// order, then reading.
package struct ReplaySchedule {
  package enum Action: Equatable {
    case run(ReplayJob)
    /// Something else must be finished first.
    case wait
    case done
  }

  private enum BlockState { case reading, stored, decompressing, text }
  private enum BatchState {
    case split, decoding, decoded, planning, planned, deriving, derived, settling, settled, applied,
      merging, merged, appending
  }

  private let blockWindow: Int
  private let batchWindow: Int
  private let groupCount: Int

  // Blocks from `splitCount` to `readCount` are in flight, batches from `appendCount` to `batchCount`.
  private var readCount = 0
  private var splitCount = 0
  private var batchCount = 0
  private var decodeCount = 0
  private var planCount = 0
  private var settleCount = 0
  private var appendCount = 0
  private var isReadingDone = false
  private var isSplittingDone = false
  private var isReading = false
  private var isSplitting = false
  private var blocks: [BlockState]
  private var batches: [BatchState]
  private var bringsContext: [Bool]
  private var hasVerifier = false
  /// By group: the first batch it has not applied, and whether it is at work.
  private var applied: [Int]
  private var isApplying: [Bool]
  private var committed: [Bool?]
  private var runningCount = 0
  /// The first batch in which, or behind which, the log is damaged: it is planned, in case the replay stops before the damage.
  private var failedBatch: Int?
  /// Whether the last batch is known, because the replay stops in it.
  private var isStopped = false
  private var isAborted = false

  package init(blockWindow: Int, batchWindow: Int, groupCount: Int) {
    self.blockWindow = blockWindow
    self.batchWindow = batchWindow
    self.groupCount = groupCount
    blocks = Array(repeating: .reading, count: blockWindow)
    batches = Array(repeating: .split, count: batchWindow)
    bringsContext = Array(repeating: false, count: batchWindow)
    applied = Array(repeating: 0, count: groupCount)
    isApplying = Array(repeating: false, count: groupCount)
    committed = Array(repeating: nil, count: groupCount)
  }

  // MARK: What is next

  /// The next work.
  ///
  /// - Parameter choose: picks one of so many ready pieces of work, in the order said above.
  package mutating func next(choose: (Int) -> Int) -> Action {
    if isFinished { return .done }
    let ready = readyJobs
    guard !ready.isEmpty else {
      precondition(runningCount > 0, "a replay that is not finished has work at hand")
      return .wait
    }
    let job = ready[choose(ready.count)]
    start(job)
    return .run(job)
  }

  /// Whether no work is left: the roots are there, or the first damage of the log is known.
  private var isFinished: Bool {
    if isAborted { return runningCount == 0 }
    if hasFailed { return runningCount == 0 }
    return isLogApplied && committed.allSatisfy { $0 == true } && runningCount == 0
  }

  private var isLogApplied: Bool { isSplittingDone && appendCount == batchCount }

  /// Whether the log is damaged, and the replay does not stop before that.
  private var hasFailed: Bool { failedBatch.map { planCount > $0 } ?? false }

  private var readyJobs: [ReplayJob] {
    if isAborted || hasFailed { return [] }
    var jobs: [ReplayJob] = []
    if failedBatch == nil, isLogApplied {
      for group in 0..<groupCount where committed[group] == nil { jobs.append(.commit(group: group)) }
    }
    addOrderedJobs(&jobs)
    addApplying(&jobs)
    addSideBySideJobs(&jobs)
    addReading(&jobs)
    return jobs
  }

  private func state(_ batch: Int) -> BatchState? {
    batch < batchCount ? batches[batch % batchWindow] : nil
  }

  private func addOrderedJobs(_ jobs: inout [ReplayJob]) {
    if state(appendCount) == .merged { jobs.append(.append(batch: appendCount)) }
    if state(settleCount) == .derived { jobs.append(.settle(batch: settleCount)) }
    if state(planCount) == .decoded, mayPlan { jobs.append(.plan(batch: planCount)) }
  }

  /// The first context asks what was placed before it: all of that must be settled (protocol.md 6).
  private var mayPlan: Bool {
    hasVerifier || !bringsContext[planCount % batchWindow] || settleCount == planCount
  }

  private func addApplying(_ jobs: inout [ReplayJob]) {
    for group in 0..<groupCount where !isApplying[group] && applied[group] < settleCount {
      jobs.append(.apply(group: group, batches: applied[group]..<settleCount))
    }
  }

  private func addSideBySideJobs(_ jobs: inout [ReplayJob]) {
    for batch in appendCount..<batchCount where failedBatch.map({ batch <= $0 }) ?? true {
      switch batches[batch % batchWindow] {
      case .applied: jobs.append(.merge(batch: batch))
      case .planned: jobs.append(.derive(batch: batch))
      case .split: jobs.append(.decode(batch: batch))
      default: break
      }
    }
  }

  private func addReading(_ jobs: inout [ReplayJob]) {
    guard failedBatch == nil, !isSplittingDone else { return }
    for block in splitCount..<readCount where blocks[block % blockWindow] == .stored {
      jobs.append(.decompress(block: block))
    }
    if !isSplitting, splitCount < readCount, blocks[splitCount % blockWindow] == .text,
      batchCount - appendCount < batchWindow
    {
      jobs.append(.split(block: splitCount))
    }
    if !isReading, !isReadingDone, readCount - splitCount < blockWindow { jobs.append(.read(block: readCount)) }
  }

  private mutating func start(_ job: ReplayJob) {
    runningCount += 1
    switch job {
    case .read: isReading = true
    case .decompress(let block): blocks[block % blockWindow] = .decompressing
    case .split: isSplitting = true
    case .decode(let batch): batches[batch % batchWindow] = .decoding
    case .plan(let batch): batches[batch % batchWindow] = .planning
    case .derive(let batch): batches[batch % batchWindow] = .deriving
    case .settle(let batch): batches[batch % batchWindow] = .settling
    case .apply(let group, _): isApplying[group] = true
    case .merge(let batch): batches[batch % batchWindow] = .merging
    case .append(let batch): batches[batch % batchWindow] = .appending
    case .commit(let group): committed[group] = false
    }
  }

  // MARK: What is finished

  package mutating func didRead(isCompressed: Bool, isLast: Bool) {
    runningCount -= 1
    isReading = false
    isReadingDone = isLast
    blocks[readCount % blockWindow] = isCompressed ? .stored : .text
    readCount += 1
  }

  package mutating func didDecompress(block: Int) {
    runningCount -= 1
    blocks[block % blockWindow] = .text
  }

  /// - Parameters:
  ///   - hasBatch: whether the block completed a batch.
  ///   - isBlockTaken: whether the block holds no more.
  ///   - isLast: whether no batch follows.
  package mutating func didSplit(hasBatch: Bool, isBlockTaken: Bool, isLast: Bool) {
    runningCount -= 1
    isSplitting = false
    guard !isStopped else { return }
    if isBlockTaken { splitCount += 1 }
    if hasBatch {
      batches[batchCount % batchWindow] = .split
      batchCount += 1
    }
    if isLast { isSplittingDone = true }
  }

  /// - Parameter hasContext: whether the batch has an AEGIS_CONTEXT.
  package mutating func didDecode(batch: Int, hasContext: Bool) {
    runningCount -= 1
    batches[batch % batchWindow] = .decoded
    bringsContext[batch % batchWindow] = hasContext
    while let state = state(decodeCount), state != .split, state != .decoding { decodeCount += 1 }
  }

  /// Batches of which all entries are known, as are those of all batches before them.
  package var decodedPrefix: Int { decodeCount }

  /// - Parameter stops: whether the replay stops in this batch: what comes behind it is dropped, damage too.
  package mutating func didPlan(batch: Int, stops: Bool = false) {
    runningCount -= 1
    batches[batch % batchWindow] = .planned
    if bringsContext[batch % batchWindow] { hasVerifier = true }
    planCount += 1
    guard stops else { return }
    isStopped = true
    isSplittingDone = true
    isReadingDone = true
    batchCount = batch + 1
    decodeCount = min(decodeCount, batchCount)
    failedBatch = nil
  }

  package mutating func didDerive(batch: Int) {
    runningCount -= 1
    batches[batch % batchWindow] = .derived
  }

  package mutating func didSettle(batch: Int) {
    runningCount -= 1
    // Without groups nothing is applied.
    batches[batch % batchWindow] = groupCount == 0 ? .applied : .settled
    settleCount += 1
  }

  package mutating func didApply(group: Int, batches: Range<Int>) {
    runningCount -= 1
    isApplying[group] = false
    applied[group] = batches.upperBound
    let appliedByAll = applied.min() ?? 0
    for batch in batches where batch < appliedByAll && self.batches[batch % batchWindow] == .settled {
      self.batches[batch % batchWindow] = .applied
    }
  }

  package mutating func didMerge(batch: Int) {
    runningCount -= 1
    batches[batch % batchWindow] = .merged
  }

  package mutating func didAppend() {
    runningCount -= 1
    appendCount += 1
  }

  package mutating func didCommit(group: Int) {
    runningCount -= 1
    committed[group] = true
  }

  /// The log is damaged in this batch or behind it: what comes before is planned to see whether that is damaged too, or the
  /// replay stops there.
  package mutating func didFail(batch: Int) {
    guard !isStopped else { return }
    failedBatch = min(batch, failedBatch ?? batch)
  }

  /// The work at hand ended without use, and no more is begun.
  package mutating func abort() {
    runningCount -= 1
    isAborted = true
  }
}
