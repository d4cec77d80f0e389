internal import GoldenTrace
package import StorageProtocol

/// Walks the entries of a log and of a golden trace side by side, from the start, to the first place at which they do something
/// else to a state.
///
/// Only applied entries change a state, so the sides are aligned by those: the n-th applied entry of the log stands against the
/// n-th of the trace, whatever lies between. Everything that a state and an event log are follows from that sequence: of an event its
/// id, of a STORE besides whether its content was there, of a control entry what it asks for.
package struct EntryAlignment {
  /// The place at which the sides part.
  package struct Parting: Sendable {
    /// The ordinals at which they stand there; behind the last entry where a side has none any more.
    package let logOrdinal: Ordinal
    package let goldenOrdinal: Ordinal
    /// What became of the log's entry there; nil behind the last one.
    package let logOutcome: EntryOutcome?
  }

  private var golden: TraceEntries
  /// The first event, by its place in the event log, whose id is another one; nil where all so far have the same ids.
  var eventDifference: UInt64?
  /// Whether a STORE with content is told from one without: not where nobody computed a state from the trace's entries.
  private let comparesContent: Bool
  /// Whether entries without effect are aligned too, one by one; then by their outcomes alone.
  private let comparesEveryOutcome: Bool
  /// Outcomes since the last applied entries that were the same, and the ordinals of the first of them.
  private var logGap: [EntryOutcome] = []
  private var goldenGap: [EntryOutcome] = []
  private var logStart: UInt64 = 0
  private var goldenStart: UInt64 = 0
  private var eventCount: UInt64 = 0

  /// - Parameter trace: says what became of every entry.
  init(_ trace: TraceReader, comparesEveryOutcome: Bool = false) {
    golden = TraceEntries(trace, readsCalls: !comparesEveryOutcome)
    comparesContent = !trace.header.isRecorded
    self.comparesEveryOutcome = comparesEveryOutcome
  }

  /// Takes the next entry of the log; returns where the sides part, if they do at it.
  ///
  /// - Parameter call: of an applied control entry.
  /// - Throws: a trace that can no longer be read.
  mutating func append(_ outcome: EntryOutcome, call: ControlCall?) throws(TraceError) -> Parting? {
    if isSame(outcome) { return nil }
    logGap.append(outcome)
    guard isAligned(outcome) else { return nil }
    let index = outcome.emitsEvent ? eventCount : nil
    eventCount += outcome.emitsEvent ? 1 : 0
    guard let entry = try nextAligned() else { return parting() }
    guard areEqual(outcome, entry.outcome), comparesEveryOutcome || call == entry.call,
      index == nil || index != eventDifference
    else { return parting() }
    logStart += UInt64(logGap.count)
    goldenStart += UInt64(goldenGap.count)
    logGap.removeAll(keepingCapacity: true)
    goldenGap.removeAll(keepingCapacity: true)
    return nil
  }

  /// Passes over an entry, as nearly all are: with the same outcome on both sides, and nothing left over before it.
  private mutating func isSame(_ outcome: EntryOutcome) -> Bool {
    guard logGap.isEmpty, goldenGap.isEmpty, !outcome.emitsEvent || eventCount != eventDifference,
      golden.skip(outcome)
    else { return false }
    logStart += 1
    goldenStart += 1
    if outcome.emitsEvent { eventCount += 1 }
    return true
  }

  /// Says that the log has no more entries; returns where the sides part, if the trace has more.
  ///
  /// - Throws: a trace that can no longer be read.
  mutating func end() throws(TraceError) -> Parting? {
    try nextAligned() == nil ? nil : parting()
  }

  private mutating func nextAligned() throws(TraceError) -> TraceEntries.Entry? {
    while let entry = try golden.next() {
      goldenGap.append(entry.outcome)
      if isAligned(entry.outcome) { return entry }
    }
    return nil
  }

  private func isAligned(_ outcome: EntryOutcome) -> Bool { outcome.isApplied || comparesEveryOutcome }

  private func areEqual(_ ours: EntryOutcome, _ theirs: EntryOutcome) -> Bool {
    ours.isSame(as: theirs, comparingContent: comparesContent)
  }

  /// In the gaps, the first entries of which something else became; else the applied ones at their ends.
  private func parting() -> Parting {
    let shorter = min(logGap.count, goldenGap.count)
    let place =
      zip(logGap, goldenGap).enumerated().first { !areEqual($0.element.0, $0.element.1) }?.offset
      ?? (logGap.count == goldenGap.count ? shorter - 1 : shorter)
    return Parting(
      logOrdinal: Ordinal(logStart + UInt64(place)), goldenOrdinal: Ordinal(goldenStart + UInt64(place)),
      logOutcome: place < logGap.count ? logGap[place] : nil)
  }
}
