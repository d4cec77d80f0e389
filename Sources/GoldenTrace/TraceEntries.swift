internal import GoldenRun
package import StorageProtocol

/// The entries of a trace's log, one after the other: what became of each.
package struct TraceEntries {
  /// An entry.
  package struct Entry: Equatable, Sendable {
    package let ordinal: Ordinal
    package let outcome: EntryOutcome
    /// The place of its event in the event log, if it emitted one.
    package let eventIndex: UInt64?
    /// Of an applied control entry.
    package let call: ControlCall?
  }

  private let trace: TraceReader
  private let readsCalls: Bool
  private var outcomes: [UInt8] = []
  private var nextOutcome = 0
  private var nextOutcomes = 0
  private var controls: [TracedControl] = []
  private var nextControl = 0
  private var nextControls = 0
  private var ordinal: UInt64 = 0
  private var eventCount: UInt64 = 0

  /// - Parameters:
  ///   - trace: has entries.
  ///   - readsCalls: whether what control entries ask for is wanted; without it no entry has a call.
  package init(_ trace: TraceReader, readsCalls: Bool = true) {
    precondition(trace.hasEntries, "the trace says what became of every entry")
    self.trace = trace
    self.readsCalls = readsCalls
  }

  /// The next entry; nil at the end.
  ///
  /// - Throws: a file that can no longer be read; a section of another form.
  package mutating func next() throws(TraceError) -> Entry? {
    guard let outcome = try nextOutcomeByte() else { return nil }
    guard let outcome = EntryOutcome(rawValue: outcome) else { throw malformed(.outcomes) }
    defer { ordinal += 1 }
    var index: UInt64?
    if outcome.emitsEvent {
      index = eventCount
      eventCount += 1
    }
    return Entry(
      ordinal: Ordinal(ordinal), outcome: outcome, eventIndex: index,
      call: readsCalls && outcome.isControl ? try nextCall(outcome) : nil)
  }

  /// Passes over the next entry if that became of it and it is no control entry; where it returns false, ``next()`` has to be asked.
  package mutating func skip(_ outcome: EntryOutcome) -> Bool {
    guard nextOutcome < outcomes.count, outcomes[nextOutcome] == outcome.rawValue, !readsCalls || !outcome.isControl
    else {
      return false
    }
    nextOutcome += 1
    ordinal += 1
    if outcome.emitsEvent { eventCount += 1 }
    return true
  }

  private mutating func nextOutcomeByte() throws(TraceError) -> UInt8? {
    if nextOutcome == outcomes.count {
      guard nextOutcomes < trace.contents.outcomes.count else { return nil }
      outcomes = try trace.file.text(trace.contents.outcomes[nextOutcomes], .outcomes)
      nextOutcomes += 1
      nextOutcome = 0
    }
    defer { nextOutcome += 1 }
    return outcomes[nextOutcome]
  }

  private mutating func nextCall(_ outcome: EntryOutcome) throws(TraceError) -> ControlCall {
    if nextControl == controls.count {
      guard nextControls < trace.contents.controls.count else { throw malformed(.controls) }
      controls = []
      for line in try trace.file.lines(trace.contents.controls[nextControls], .controls) {
        guard let control = TracedControl(line: Array(line)) else { throw malformed(.controls) }
        controls.append(control)
      }
      nextControls += 1
      nextControl = 0
    }
    let control = controls[nextControl]
    guard control.ordinal.value == ordinal, ControlReplay.isNormal(control.call, outcome) else {
      throw malformed(.controls)
    }
    nextControl += 1
    return control.call
  }

  private func malformed(_ section: TraceSection) -> TraceError {
    trace.file.error(.malformed(section.rawValue), nil)
  }
}
