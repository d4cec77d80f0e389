/// A step that a verb is going to make.
public struct PlannedStep: Equatable, Sendable {
  public let step: RunStep
  /// How often the whole log is read in it; 0 for work whose length nobody can foresee.
  public let readings: Int

  public init(_ step: RunStep, readings: Int) {
    self.step = step
    self.readings = readings
  }
}

/// A step that has ended.
public struct FinishedStep: Equatable, Sendable {
  public let step: RunStep
  /// Wall time from the step's start to the next one's.
  public let elapsed: Duration
  /// Entries of all readings of the step together.
  public let entries: UInt64
  /// Bytes of the file as stored, of all readings together.
  public let bytesRead: UInt64

  package init(step: RunStep, elapsed: Duration, entries: UInt64, bytesRead: UInt64) {
    self.step = step
    self.elapsed = elapsed
    self.entries = entries
    self.bytesRead = bytesRead
  }
}
