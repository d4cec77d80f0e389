import ReplayPipeline

/// Watches the jobs of a schedule from outside, with books of its own, and tells what breaks the rules.
///
/// Checks: the stages of every batch in order, serial stages one at a time and in order, the windows, each group applying
/// each batch once and in order, and nothing done twice. Not: whether the schedule is fast.
struct ScheduleJournal {
  /// What a batch has behind it, in order; applying is counted by group.
  private enum Milestone: Int { case split, decoded, planned, derived, settled, applied, merged, appended }

  let blockWindow: Int
  let batchWindow: Int
  let groupCount: Int

  private(set) var running: [ReplayJob] = []
  private(set) var violations: [String] = []
  private(set) var readCount = 0
  private(set) var splitCount = 0
  private(set) var batchCount = 0
  private(set) var appendCount = 0
  private(set) var committed: Set<Int> = []
  private(set) var decoded: Set<Int> = []
  private(set) var decodeStarts: Set<Int> = []
  private var texts: Set<Int> = []
  private var milestones: [Milestone] = []
  private var applied: [Int]
  private var planCount = 0
  private var settleCount = 0

  init(blockWindow: Int, batchWindow: Int, groupCount: Int) {
    self.blockWindow = blockWindow
    self.batchWindow = batchWindow
    self.groupCount = groupCount
    applied = Array(repeating: 0, count: groupCount)
  }

  private mutating func require(_ condition: Bool, _ job: ReplayJob, _ rule: String) {
    if !condition { violations.append("\(job): \(rule)") }
  }

  private func milestone(_ batch: Int) -> Milestone? { batch < milestones.count ? milestones[batch] : nil }

  private func isRunning(_ matches: (ReplayJob) -> Bool) -> Bool { running.contains(where: matches) }

  // MARK: Starts

  /// - Parameter bringsFirstContext: whether the batch holds the first AEGIS_CONTEXT of the log.
  mutating func start(_ job: ReplayJob, bringsFirstContext: (Int) -> Bool) {
    require(!running.contains(job), job, "is at work already")
    switch job {
    case .read(let block):
      require(block == readCount && !isRunning { if case .read = $0 { true } else { false } }, job, "blocks in order")
      require(readCount - splitCount < blockWindow, job, "the window of blocks")
    case .decompress(let block): require(block < readCount && !texts.contains(block), job, "once, and read before")
    case .split(let block):
      require(block == splitCount && !isRunning { if case .split = $0 { true } else { false } }, job, "blocks in order")
      require(block < readCount && texts.contains(block), job, "what is text")
      require(batchCount - appendCount < batchWindow, job, "the window of batches")
    case .decode(let batch):
      require(milestone(batch) == .split && decodeStarts.insert(batch).inserted, job, "once, after split")
    case .plan(let batch): startPlan(job, batch, bringsFirstContext(batch))
    case .derive(let batch): require(milestone(batch) == .planned, job, "after plan")
    case .settle(let batch):
      require(batch == settleCount && !isRunning { if case .settle = $0 { true } else { false } }, job, "in order")
      require(milestone(batch) == .derived, job, "after derive")
    case .apply(let group, let batches): startApply(job, group, batches)
    case .merge(let batch): require(milestone(batch) == .applied, job, "after every group has applied")
    case .append(let batch):
      require(batch == appendCount && !isRunning { if case .append = $0 { true } else { false } }, job, "in order")
      require(milestone(batch) == .merged, job, "after merge")
    case .commit(let group):
      require(appendCount == batchCount && !committed.contains(group), job, "once, when all is appended")
    }
    running.append(job)
  }

  private mutating func startPlan(_ job: ReplayJob, _ batch: Int, _ bringsFirstContext: Bool) {
    require(batch == planCount && !isRunning { if case .plan = $0 { true } else { false } }, job, "in order")
    require(milestone(batch) == .decoded, job, "after decode")
    guard bringsFirstContext else { return }
    require(
      settleCount == batch && !isRunning { if case .settle = $0 { true } else { false } }, job,
      "the first context waits until all before it is settled")
  }

  private mutating func startApply(_ job: ReplayJob, _ group: Int, _ batches: Range<Int>) {
    let isAtWork = isRunning { if case .apply(group, _) = $0 { true } else { false } }
    require(!isAtWork && batches.lowerBound == applied[group] && !batches.isEmpty, job, "a group goes in order")
    require(batches.upperBound <= settleCount, job, "after settle")
  }

  // MARK: Ends

  mutating func finish(_ job: ReplayJob, isCompressed: Bool = false, hasBatch: Bool = false, isBlockTaken: Bool = true)
  {
    running.removeAll { $0 == job }
    switch job {
    case .read(let block):
      readCount += 1
      if !isCompressed { texts.insert(block) }
    case .decompress(let block): texts.insert(block)
    case .split:
      if isBlockTaken { splitCount += 1 }
      guard hasBatch else { return }
      batchCount += 1
      milestones.append(.split)
    case .decode(let batch):
      decoded.insert(batch)
      milestones[batch] = .decoded
    case .plan(let batch):
      planCount += 1
      milestones[batch] = .planned
    case .derive(let batch): milestones[batch] = .derived
    case .settle(let batch):
      settleCount += 1
      milestones[batch] = .settled
    case .apply(let group, let batches):
      applied[group] = batches.upperBound
      let appliedByAll = applied.min() ?? 0
      for batch in batches where batch < appliedByAll { milestones[batch] = .applied }
    case .merge(let batch): milestones[batch] = .merged
    case .append(let batch):
      appendCount += 1
      milestones[batch] = .appended
    case .commit(let group): committed.insert(group)
    }
  }

  /// A job that ended without use.
  mutating func drop(_ job: ReplayJob) { running.removeAll { $0 == job } }
}
