/// How far a replay came: the place in the log, and in the log's own time, whose state it recovers.
///
/// The epoch there is ``StateSummary/currentEpoch``. Of two stretches of a log, ``add(_:)`` gives the point of both.
public struct RecoveryPoint: Equatable, Sendable, Codable {
  /// The last entry that was applied, of any type; nil where none was.
  public private(set) var lastApplied: Ordinal?
  /// The tick of the last STORE that was applied, 0 where that has none; nil where none was applied.
  public private(set) var lastTick: Tick?
  /// The largest tick of all STOREs that were applied: ticks may go back. Nil where none was.
  public private(set) var highestTick: Tick?

  package init() {}

  package init(lastApplied: Ordinal?, lastTick: Tick?, highestTick: Tick?) {
    self.lastApplied = lastApplied
    self.lastTick = lastTick
    self.highestTick = highestTick
  }

  /// Notes the tick of a STORE that is applied.
  package mutating func note(_ tick: Tick) {
    lastTick = tick
    raise(to: tick)
  }

  /// Notes that an entry was applied, behind all that were noted before.
  package mutating func note(applied ordinal: Ordinal) { lastApplied = ordinal }

  /// Goes on to the point of entries that follow.
  package mutating func add(_ other: RecoveryPoint) {
    lastApplied = other.lastApplied ?? lastApplied
    lastTick = other.lastTick ?? lastTick
    if let tick = other.highestTick { raise(to: tick) }
  }

  private mutating func raise(to tick: Tick) {
    if highestTick.map({ $0.value < tick.value }) ?? true { highestTick = tick }
  }
}
