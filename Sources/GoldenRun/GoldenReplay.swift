package import LogReading
package import StorageProtocol

/// A sequential replay of a whole log, an entry a step.
///
/// ```
/// var run = try GoldenReplay(source, configuration: configuration, reading: options)
/// while let step = try run.step() { … }
/// let outcome = run.outcome
/// ```
package struct GoldenReplay: ~Copyable {
  private var reader: LogReader
  private let stop: ReplayStop
  private var isStopped = false
  package private(set) var engine: GoldenEngine

  /// - Parameter stop: where the replay ends.
  /// - Throws: ``LogError`` of opening the log.
  package init(
    _ source: LogSource, configuration: ReplayConfiguration, reading options: LogReadingOptions,
    until stop: ReplayStop = .end
  ) throws(LogError) {
    self.stop = stop
    reader = try LogReader(source, options: options)
    engine = GoldenEngine(configuration)
  }

  /// One entry of the log, replayed.
  package struct Step {
    package let ordinal: Ordinal
    package let text: EntryText
    package let entry: ReplayedEntry
    /// The checkpoint behind it, if it was an EPOCH_ADVANCEMENT.
    package let checkpoint: Checkpoint?
  }

  /// Replays the next entry; nil at the end of the log.
  ///
  /// - Throws: ``LogError``; the run must not be used any further.
  package mutating func step() throws(LogError) -> Step? {
    if isStopped || stop == .before(Ordinal(engine.entries.total)) {
      try reader.verifyStop()
      return nil
    }
    guard let entry = try reader.next() else {
      if case .after(let epoch) = stop { throw LogError(.epochMissing(epoch.value), ordinal: engine.entries.total) }
      return nil
    }
    let known = engine.checkpoints.count
    let replayed = try engine.replay(entry)
    isStopped = engine.checkpoints.count > known && stop == .after(engine.state.control.currentEpoch)
    return Step(
      ordinal: entry.ordinal, text: EntryText(byteOffset: entry.byteOffset, bytes: reader.storedText), entry: replayed,
      checkpoint: engine.checkpoints.count > known ? engine.checkpoints.last : nil)
  }

  /// What the finished replay found, and what it read.
  package var outcome: (result: ReplayResult, extent: LogExtent) { (engine.result, reader.extent) }

  /// Replays `source` from its first entry to its last.
  package static func replay(
    _ source: LogSource, configuration: ReplayConfiguration, reading options: LogReadingOptions,
    until stop: ReplayStop = .end
  ) throws(LogError) -> (result: ReplayResult, extent: LogExtent) {
    var run = try GoldenReplay(source, configuration: configuration, reading: options, until: stop)
    while try run.step() != nil {}
    return run.outcome
  }
}
