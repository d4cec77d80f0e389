import ReplayPipeline
import StorageProtocol
import Testing

/// The order of work, decided by ``ReplaySchedule`` alone: no thread and no log is needed to try it.
@Suite struct ReplayScheduleTests {
  private static let seeds: Range<UInt64> = 0..<3000

  @Test func `whatever ends first, every batch goes through all stages in order, within the windows, to the end`() {
    for seed in ReplayScheduleTests.seeds {
      var random = SeededGenerator(seed: seed)
      let log = SimulatedRun.Log(&random, damagePercent: 0)
      var run = SimulatedRun(log, &random)
      #expect(run.run(&random) == .done, "seed \(seed)")
      #expect(run.journal.violations == [], "seed \(seed)")
      #expect(run.journal.running == [], "seed \(seed)")
      #expect(run.journal.readCount == log.blocks.count, "seed \(seed)")
      #expect(run.journal.appendCount == log.hasContext.count, "seed \(seed)")
      #expect(run.journal.committed == Set(0..<run.journal.groupCount), "seed \(seed)")
      #expect(run.decodedPrefix == log.hasContext.count, "seed \(seed)")
    }
  }

  @Test func `a damaged log ends when everything before its first damage is planned, and no more is read or committed`()
  {
    for seed in ReplayScheduleTests.seeds {
      var random = SeededGenerator(seed: seed)
      var log = SimulatedRun.Log(&random, damagePercent: random.choice([5, 30]))
      if log.firstDamage == nil { log.isDamaged[random.index(below: log.isDamaged.count)] = true }
      var run = SimulatedRun(log, &random)
      #expect(run.run(&random) == .done, "seed \(seed)")
      #expect(run.journal.violations == [], "seed \(seed)")
      #expect(run.journal.running == [], "seed \(seed)")
      #expect(run.lateStarts == [], "seed \(seed)")
      let found = run.journal.decoded.filter { log.isDamaged[$0] }.min()
      #expect(found == log.firstDamage, "seed \(seed)")
      #expect(run.journal.decoded.isSuperset(of: 0..<(found ?? 0)), "seed \(seed)")
      #expect(run.journal.appendCount <= found ?? 0, "seed \(seed): nothing behind the damage is appended")
      #expect(run.journal.committed.isEmpty, "seed \(seed)")
    }
  }

  @Test func `an aborted run begins nothing more and ends when everybody is back`() {
    for seed in ReplayScheduleTests.seeds {
      var random = SeededGenerator(seed: seed)
      let log = SimulatedRun.Log(&random, damagePercent: random.choice([0, 10]))
      var run = SimulatedRun(log, &random, abortsAfter: random.index(below: 60))
      let ending = run.run(&random)
      #expect(ending == (run.isAborted ? .aborted : .done), "seed \(seed)")
      #expect(run.journal.violations == [], "seed \(seed)")
      #expect(run.journal.running == [], "seed \(seed)")
      #expect(run.lateStarts == [], "seed \(seed)")
    }
  }

  @Test func `what finishes a batch comes before what begins one`() {
    var schedule = ReplaySchedule(blockWindow: 2, batchWindow: 2, groupCount: 1)
    func next() -> ReplaySchedule.Action { schedule.next { _ in 0 } }
    #expect(next() == .run(.read(block: 0)))
    #expect(next() == .wait)
    schedule.didRead(isCompressed: true, isLast: false)
    #expect(next() == .run(.decompress(block: 0)))
    schedule.didDecompress(block: 0)
    #expect(next() == .run(.split(block: 0)))
    schedule.didSplit(hasBatch: true, isBlockTaken: true, isLast: false)
    #expect(next() == .run(.decode(batch: 0)))
    schedule.didDecode(batch: 0, hasContext: true)
    #expect(next() == .run(.plan(batch: 0)))
    schedule.didPlan(batch: 0)
    #expect(next() == .run(.derive(batch: 0)))
    schedule.didDerive(batch: 0)
    #expect(next() == .run(.settle(batch: 0)))
    schedule.didSettle(batch: 0)
    #expect(next() == .run(.apply(group: 0, batches: 0..<1)))
    schedule.didApply(group: 0, batches: 0..<1)
    #expect(next() == .run(.merge(batch: 0)))
    schedule.didMerge(batch: 0)
    #expect(next() == .run(.append(batch: 0)))
    schedule.didAppend()
    #expect(next() == .run(.read(block: 1)))
    schedule.didRead(isCompressed: false, isLast: true)
    #expect(next() == .run(.split(block: 1)))
    schedule.didSplit(hasBatch: false, isBlockTaken: true, isLast: true)
    #expect(next() == .run(.commit(group: 0)))
    #expect(next() == .wait)
    schedule.didCommit(group: 0)
    #expect(next() == .done)
  }

  /// Begins `job`, if it is among those that are ready.
  private func take(_ job: ReplayJob, _ schedule: inout ReplaySchedule) -> Bool {
    for place in 0..<32 {
      var trial = schedule
      guard trial.next(choose: { min(place, $0 - 1) }) == .run(job) else { continue }
      schedule = trial
      return true
    }
    return false
  }

  /// A schedule of three batches that are settled, nothing of them applied.
  private func settledSchedule() -> ReplaySchedule {
    var schedule = ReplaySchedule(blockWindow: 3, batchWindow: 3, groupCount: 2)
    for batch in 0..<3 {
      #expect(take(.read(block: batch), &schedule))
      schedule.didRead(isCompressed: false, isLast: batch == 2)
      #expect(take(.split(block: batch), &schedule))
      schedule.didSplit(hasBatch: true, isBlockTaken: true, isLast: batch == 2)
    }
    for batch in [2, 0, 1] {
      #expect(take(.decode(batch: batch), &schedule))
      schedule.didDecode(batch: batch, hasContext: false)
    }
    for batch in 0..<3 {
      #expect(take(.plan(batch: batch), &schedule))
      schedule.didPlan(batch: batch)
    }
    for batch in [1, 0, 2] {
      #expect(take(.derive(batch: batch), &schedule))
      schedule.didDerive(batch: batch)
    }
    for batch in 0..<3 {
      #expect(take(.settle(batch: batch), &schedule))
      schedule.didSettle(batch: batch)
    }
    return schedule
  }

  @Test
  func `a group that fell behind applies all settled batches at once, and a batch is merged after the last group`() {
    var schedule = settledSchedule()
    #expect(take(.apply(group: 0, batches: 0..<3), &schedule))
    #expect(take(.apply(group: 1, batches: 0..<3), &schedule))
    #expect(schedule.next { _ in 0 } == .wait)
    schedule.didApply(group: 1, batches: 0..<3)
    #expect(schedule.next { _ in 0 } == .wait, "group 0 has not applied any")
    schedule.didApply(group: 0, batches: 0..<3)
    for batch in [2, 0, 1] {
      #expect(take(.merge(batch: batch), &schedule))
      schedule.didMerge(batch: batch)
    }
    #expect(!take(.append(batch: 1), &schedule), "batch 0 comes first")
    #expect(take(.append(batch: 0), &schedule))
  }

  /// The canary: a wrong order that the checker must catch.
  @Test func `the journal catches a batch that is derived before it is planned, and a window that is too wide`() {
    var journal = ScheduleJournal(blockWindow: 1, batchWindow: 1, groupCount: 1)
    func start(_ job: ReplayJob) { journal.start(job) { _ in false } }
    start(.read(block: 0))
    journal.finish(.read(block: 0))
    start(.split(block: 0))
    journal.finish(.split(block: 0), hasBatch: true)
    start(.decode(batch: 0))
    journal.finish(.decode(batch: 0))
    #expect(journal.violations == [])
    start(.derive(batch: 0))
    #expect(journal.violations == ["derive(batch: 0): after plan"])
    start(.read(block: 1))
    journal.finish(.read(block: 1))
    start(.read(block: 2))
    start(.split(block: 1))
    #expect(journal.violations.count == 3)
  }
}
