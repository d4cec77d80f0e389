import ReplayEngine
import Testing

/// Progress without a run: every time comes from the test.
@Suite struct RunProgressTests {
  private static let drill = [
    PlannedStep(.prepare, readings: 0), PlannedStep(.load, readings: 1), PlannedStep(.replay, readings: 1),
    PlannedStep(.verify, readings: 1), PlannedStep(.evidence, readings: 0),
  ]

  private var progress = RunProgress()

  private func event(_ step: RunStep, _ entries: UInt64 = 0, _ bytes: UInt64 = 0, of stored: UInt64? = nil) -> Progress
  {
    Progress(step: step, entries: entries, bytesRead: bytes, storedBytes: stored)
  }

  private mutating func start(_ step: RunStep, at seconds: Int) { progress.note(event(step), at: .seconds(seconds)) }

  private mutating func read(_ step: RunStep, _ entries: UInt64, _ bytes: UInt64, at seconds: Int) {
    progress.note(event(step, entries, bytes, of: 1000), at: .seconds(seconds))
  }

  /// A drill up to its sequential run: a log of 1000 bytes and 500 entries, read in 10 s and replayed in 20 s.
  private mutating func drillUntilVerify() {
    progress.plan(RunProgressTests.drill)
    start(.prepare, at: 0)
    start(.load, at: 1)
    read(.load, 500, 1000, at: 11)
    start(.replay, at: 11)
    read(.replay, 500, 1000, at: 31)
    start(.verify, at: 31)
  }

  @Test func `nothing is known before anything was told`() {
    #expect(progress.step == nil && progress.fractionMillionths == nil && progress.remaining == nil)
    #expect(progress.entriesPerSecond == nil && progress.bytesPerSecond == nil && progress.stepPlace == nil)
  }

  @Test mutating func `a fraction counts every reading that was announced`() {
    progress.plan(RunProgressTests.drill)
    start(.prepare, at: 0)
    #expect(progress.fractionMillionths == nil)
    start(.load, at: 1)
    read(.load, 250, 500, at: 2)
    #expect(progress.fractionMillionths == 166_666)
    #expect(progress.stepPlace?.number == 2 && progress.stepPlace?.count == 5)
    start(.replay, at: 3)
    read(.replay, 0, 0, at: 3)
    #expect(progress.fractionMillionths == 333_333)
  }

  @Test mutating func `a reading is measured by entries once they were counted`() {
    drillUntilVerify()
    // The whole file lies in memory, and a tenth of its entries are done.
    read(.verify, 50, 1000, at: 32)
    #expect(progress.fractionMillionths == 700_000)
  }

  @Test mutating func `what has ended keeps its last reading and its time`() {
    progress.plan([PlannedStep(.replay, readings: 1)])
    start(.replay, at: 0)
    read(.replay, 500, 1000, at: 10)
    progress.end(at: .seconds(10))
    progress.pass(to: .seconds(1000))
    #expect(progress.entries == 500 && progress.bytesRead == 1000 && progress.elapsed == .seconds(10))
    #expect(progress.finishedSteps.map(\.entries) == [500])
  }

  @Test mutating func `the whole is done when the verb has ended and not before`() {
    drillUntilVerify()
    read(.verify, 500, 1000, at: 90)
    start(.evidence, at: 90)
    #expect(progress.fractionMillionths == 999_999)
    progress.end(at: .seconds(91))
    #expect(progress.fractionMillionths == 1_000_000)
    #expect(progress.remaining == nil)
  }

  @Test mutating func `the time left is unknown until the last reading has begun`() {
    progress.plan(RunProgressTests.drill)
    start(.load, at: 1)
    read(.load, 0, 0, at: 1)
    read(.load, 250, 500, at: 6)
    #expect(progress.remaining == nil)
    #expect(progress.remainingInStep == .seconds(5))
    drillUntilVerify()
    #expect(progress.remaining == nil && progress.remainingInStep == nil)
    read(.verify, 0, 0, at: 31)
    read(.verify, 100, 1000, at: 131)
    #expect(progress.remaining == .seconds(400))
  }

  @Test mutating func `a rate of less than a second says nothing`() {
    progress.plan([PlannedStep(.replay, readings: 1)])
    progress.note(event(.replay, 1, 0, of: 1000), at: .zero)
    progress.note(event(.replay, 100, 900, of: 1000), at: .milliseconds(999))
    #expect(progress.remaining == nil)
    progress.pass(to: .seconds(9))
    #expect(progress.remaining == .seconds(1))
  }

  @Test mutating func `a replay that goes on from a resume point is measured from there`() {
    progress.plan([PlannedStep(.replay, readings: 1)])
    start(.replay, at: 0)
    read(.replay, 4000, 800, at: 0)
    read(.replay, 4500, 900, at: 10)
    #expect(progress.remaining == .seconds(10))
  }

  @Test mutating func `a log of unknown size has counts and no fraction`() {
    progress.plan([PlannedStep(.replay, readings: 1)])
    start(.replay, at: 0)
    progress.note(event(.replay, 700, 7000), at: .seconds(7))
    #expect(progress.fractionMillionths == nil && progress.remaining == nil)
    #expect(progress.entries == 700 && progress.bytesRead == 7000)
    #expect(progress.entriesPerSecond == 100 && progress.bytesPerSecond == 1000)
  }

  @Test mutating func `readings of one step are told apart by entries that begin anew`() {
    progress.plan([PlannedStep(.verify, readings: 1), PlannedStep(.replay, readings: 4)])
    start(.verify, at: 0)
    read(.verify, 500, 1000, at: 100)
    for reading in 0..<4 {
      start(.replay, at: 100 + 10 * reading)
      read(.replay, 250, 500, at: 105 + 10 * reading)
      #expect(progress.fractionMillionths == 200_000 * (reading + 1) + 100_000)
      read(.replay, 500, 1000, at: 110 + 10 * reading)
    }
    progress.end(at: .seconds(140))
    #expect(
      progress.finishedSteps == [
        FinishedStep(step: .verify, elapsed: .seconds(100), entries: 500, bytesRead: 1000),
        FinishedStep(step: .replay, elapsed: .seconds(40), entries: 2000, bytesRead: 4000),
      ])
  }

  @Test mutating func `the time left has what later readings of the step took before`() {
    progress.plan([PlannedStep(.replay, readings: 3)])
    start(.replay, at: 0)
    read(.replay, 500, 1000, at: 20)
    start(.replay, at: 20)
    read(.replay, 0, 0, at: 20)
    read(.replay, 250, 500, at: 30)
    #expect(progress.remaining == .seconds(10 + 20))
  }

  @Test mutating func `a fraction never falls, whatever is told`() {
    progress.plan(RunProgressTests.drill)
    var before = 0
    var seconds = 0
    // Steps that repeat, that were not planned, and readings that end early or restart.
    let steps: [RunStep] = [.load, .load, .replay, .prepare, .load, .verify, .replay, .verify, .evidence, .load]
    for step in steps {
      for entries: UInt64 in [0, 10, 300, 200, 500, 40] {
        seconds += 1
        read(step, entries, entries * 2, at: seconds)
        let fraction = progress.fractionMillionths ?? 0
        #expect(before <= fraction && fraction < 1_000_000, "\(step), \(entries) entries")
        before = fraction
      }
    }
  }

  @Test mutating func `what other files hold is not taken for the log`() {
    progress.plan(RunProgressTests.drill)
    start(.prepare, at: 0)
    // A recorded event log in the place of a golden trace.
    read(.prepare, 90_000, 1000, at: 1)
    start(.load, at: 2)
    read(.load, 250, 500, at: 3)
    #expect(progress.fractionMillionths == 166_666)
  }

  @Test mutating func `time does not go back`() {
    start(.load, at: 5)
    progress.pass(to: .seconds(3))
    #expect(progress.elapsed == .seconds(5))
  }
}
