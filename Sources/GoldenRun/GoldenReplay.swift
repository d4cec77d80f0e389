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
  package private(set) var engine: GoldenEngine

  /// - Throws: ``LogError`` of opening the log.
  package init(
    _ source: LogSource, configuration: ReplayConfiguration, reading options: LogReadingOptions
  ) throws(LogError) {
    reader = try LogReader(source, options: options)
    engine = GoldenEngine(configuration)
  }

  /// What one entry did.
  package struct Step {
    /// The event it emitted, if any.
    package let event: StorageEvent?
    /// The checkpoint behind it, if it was an EPOCH_ADVANCEMENT.
    package let checkpoint: Checkpoint?
  }

  /// Replays the next entry; nil at the end of the log.
  ///
  /// - Throws: ``LogError``; the run must not be used any further.
  package mutating func step() throws(LogError) -> Step? {
    guard let entry = try reader.next() else { return nil }
    let known = engine.checkpoints.count
    let event = try engine.replay(entry)
    return Step(event: event, checkpoint: engine.checkpoints.count > known ? engine.checkpoints.last : nil)
  }

  /// What the finished replay found, and what it read.
  package var outcome: (result: ReplayResult, extent: LogExtent) { (engine.result, reader.extent) }

  /// Replays `source` from its first entry to its last.
  package static func replay(
    _ source: LogSource, configuration: ReplayConfiguration, reading options: LogReadingOptions
  ) throws(LogError) -> (result: ReplayResult, extent: LogExtent) {
    var run = try GoldenReplay(source, configuration: configuration, reading: options)
    while try run.step() != nil {}
    return run.outcome
  }
}
