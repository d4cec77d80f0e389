internal import ReplayEvidence

/// How far a run has come, by what its verb told: a pure value, which is given every time it needs.
///
/// The whole is every reading of the log that the verb said it would make, each of the same weight, for each reads the same
/// bytes. A reading is measured by bytes, or by entries once an earlier reading has counted them. What is not known is nil:
/// the fraction of a log of unknown size, and the time that a step will take which has not begun.
public struct RunProgress: Sendable {
  private static let wholeMillionths = 1_000_000

  /// What the verb is going to do; empty where it did not say.
  public private(set) var plan: [PlannedStep] = []
  /// Nil before anything was told.
  public private(set) var step: RunStep?
  /// Steps that have ended, in order.
  public private(set) var finishedSteps: [FinishedStep] = []
  /// Time since the run began.
  public private(set) var elapsed = Duration.zero
  /// What of the whole is done, in millionths: never less than before, 1,000,000 only when the verb has ended; nil while the
  /// size of the log is unknown.
  public private(set) var fractionMillionths: Int?
  private var stepStart = Duration.zero
  private var pass = LogPass(start: .zero, entryCount: nil)
  /// The place of the step in the plan; of a step that is not in it, nil.
  private var place: Int?
  /// Steps of the plan before this place are done.
  private var placesPassed = 0
  /// Readings of the step that have ended, and what they took together.
  private var passed: (count: Int, elapsed: Duration, entries: UInt64, bytes: UInt64) = (0, .zero, 0, 0)
  /// Entries of the log, once a reading has ended.
  private var entryCount: UInt64?
  private var hasEnded = false

  public init() {}

  // MARK: What is told

  /// The verb says what it is going to do.
  public mutating func plan(_ steps: [PlannedStep]) { plan = steps }

  /// The verb says how far it is.
  ///
  /// - Parameter elapsed: time since the run began.
  public mutating func note(_ progress: Progress, at elapsed: Duration) {
    pass(to: elapsed)
    if progress.step != step {
      enter(progress.step)
    } else if progress.entries < pass.entries {
      // The log is read again from its start.
      endPass()
    }
    pass.note(progress, at: self.elapsed)
    updateFraction()
  }

  /// Time passes.
  public mutating func pass(to elapsed: Duration) {
    // A verb that has ended may stay, to be looked at.
    if !hasEnded { self.elapsed = max(self.elapsed, elapsed) }
  }

  /// The verb has ended with a result.
  public mutating func end(at elapsed: Duration) {
    pass(to: elapsed)
    guard !hasEnded else { return }
    let last = pass
    finishStep()
    pass = last
    hasEnded = true
    fractionMillionths = RunProgress.wholeMillionths
  }

  // MARK: What is known

  /// Entries of the reading that is under way.
  public var entries: UInt64 { pass.entries }

  /// Bytes of the file as stored, of the reading that is under way.
  public var bytesRead: UInt64 { pass.bytesRead }

  /// The size of the file as stored; nil where it is unknown, and where the step has not begun to read.
  public var storedBytes: UInt64? { pass.storedBytes }

  /// The step's place in the plan, from 1, and how many there are; nil for a step that was not planned.
  public var stepPlace: (number: Int, count: Int)? { place.map { ($0 + 1, plan.count) } }

  /// Entries a second in the reading that is under way; nil where no time has passed.
  public var entriesPerSecond: UInt64? { perSecond(pass.entries) }

  /// Bytes a second, of the file as stored, in the reading that is under way; nil where no time has passed.
  public var bytesPerSecond: UInt64? { perSecond(pass.bytesRead) }

  /// The time until the end, at the rates measured; nil while a step that reads the log has not begun, because its rate may be
  /// any: the sequential engine's is a hundredth of the parallel one's. Work that reads nothing is not in it.
  public var remaining: Duration? {
    guard !hasEnded, let place, let step = remainingInStep,
      plan[(place + 1)...].allSatisfy({ $0.readings == 0 })
    else { return nil }
    return step
  }

  /// The time until the end of the step's readings, at the rates measured: the least that the run will still take.
  public var remainingInStep: Duration? {
    guard let place, !hasEnded, passed.count < plan[place].readings, let rest = pass.remaining(at: elapsed) else {
      return nil
    }
    let ahead = plan[place].readings - passed.count - 1
    guard ahead > 0 else { return rest }
    let each = passed.count > 0 ? passed.elapsed / passed.count : pass.whole(at: elapsed)
    return each.map { rest + $0 * ahead }
  }

  private func perSecond(_ count: UInt64) -> UInt64? {
    let time = elapsed - pass.start
    return time > .zero ? time.perSecond(count) : nil
  }

  // MARK: Steps and readings

  private mutating func enter(_ next: RunStep) {
    finishStep()
    step = next
    stepStart = elapsed
    pass = LogPass(start: elapsed, entryCount: entryCount)
    place = plan.indices.dropFirst(placesPassed).first { plan[$0].step == next }
    if let place { placesPassed = place }
  }

  private mutating func finishStep() {
    guard let step else { return }
    endPass()
    finishedSteps.append(
      FinishedStep(step: step, elapsed: elapsed - stepStart, entries: passed.entries, bytesRead: passed.bytes))
    passed = (0, .zero, 0, 0)
    if let place { placesPassed = place + 1 }
  }

  private mutating func endPass() {
    passed.count += 1
    passed.elapsed += elapsed - pass.start
    passed.entries += pass.entries
    passed.bytes += pass.bytesRead
    // Other files are read in steps that read no log.
    if let place, plan[place].readings > 0, pass.entries > 0 { entryCount = pass.entries }
    pass = LogPass(start: elapsed, entryCount: entryCount)
  }

  private mutating func updateFraction() {
    guard let place, let part = pass.partMillionths else { return }
    let whole = plan.reduce(0) { $0 + $1.readings }
    guard whole > 0 else { return }
    let readings = plan[place].readings
    let done = plan[..<place].reduce(0) { $0 + $1.readings } + min(passed.count, readings)
    let current = passed.count < readings ? Int(part) : 0
    let fraction = (done * RunProgress.wholeMillionths + current) / whole
    fractionMillionths = max(fractionMillionths ?? 0, min(fraction, RunProgress.wholeMillionths - 1))
  }
}
