package import GoldenTrace
package import ReplayPipeline
package import StorageProtocol
internal import Synchronization

/// What a comparison with a golden trace has seen so far, beside the replay.
package struct SeenDifference: Sendable {
  /// The first event whose id is another one, by its place in the event log; nil where none is.
  package var eventIndex: UInt64?
  /// The ordinal of the entry at which a difference showed first: of an event, or of a checkpoint; nil where none did yet.
  package var ordinal: Ordinal?

  package init() {}
}

/// Watches a replay, finds where its log parts from a golden trace, and keeps what decides its entries up to there.
package final class DivergenceSurvey: LogSurvey {
  /// What was found.
  package struct Finding: Sendable {
    /// Nil where the sides do not part, or the trace does not say what became of entries.
    package fileprivate(set) var parting: EntryAlignment.Parting?
    /// Up to the entry at which the difference showed.
    package fileprivate(set) var context = LogContext()
    /// STOREs of the objects that this entry and the one at the parting touch.
    package fileprivate(set) var objectStores: [Ordinal] = []
    package fileprivate(set) var entryCount: UInt64 = 0
    /// The first entry of which something else became, whether that changed anything or not.
    package fileprivate(set) var firstOutcome: EntryAlignment.Parting?
  }

  fileprivate struct State {
    var alignment: EntryAlignment?
    var outcomes: EntryAlignment?
    var finding = Finding()
    var stores = StoreTable()
    /// The objects that entries of interest touch.
    var objects: [(key: Digest, ordinal: Ordinal)] = []
    var isComplete = false
  }

  private let seen: @Sendable () -> SeenDifference
  private let state: Mutex<State>

  /// - Parameter seen: asked behind every batch, which was compared before.
  package init(_ trace: TraceReader, seen: @escaping @Sendable () -> SeenDifference) {
    self.seen = seen
    state = Mutex(
      State(
        alignment: trace.hasEntries ? EntryAlignment(trace) : nil,
        outcomes: trace.hasEntries ? EntryAlignment(trace, comparesEveryOutcome: true) : nil))
  }

  package func prepare(_ batch: SurveyedBatch) -> any Sendable { SearchedBatch(batch) }

  package func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let batch = prepared as? SearchedBatch else { preconditionFailure("a batch was prepared before") }
    let seen = seen()
    do throws(TraceError) {
      try state.withLock { (state) throws(TraceError) in
        state.finding.entryCount += UInt64(batch.outcomes.count)
        guard !state.isComplete else { return }
        if let parting = try state.alignment.walk(batch, eventDifference: seen.eventIndex) {
          state.finding.parting = parting
          state.note(parting.logOrdinal, batch)
        }
        if let parting = try state.outcomes.walk(batch, eventDifference: nil) { state.finding.firstOutcome = parting }
        let place = seen.ordinal.flatMap(batch.place)
        state.keep(batch, before: place.map { $0 + 1 } ?? batch.outcomes.count)
        guard let place else { return }
        state.note(batch.ordinal(of: place), batch)
        state.isComplete = true
      }
    } catch {
      throw .output(error)
    }
  }

  /// What was found, once the replay has ended.
  ///
  /// - Throws: a trace that can no longer be read.
  package func finding() throws(TraceError) -> Finding {
    try state.withLock { (state) throws(TraceError) in
      state.finding.objectStores = state.objects.flatMap { state.stores.stores(of: $0.key, before: $0.ordinal) }
      guard !state.isComplete else { return state.finding }
      if let parting = try state.alignment?.end() { state.finding.parting = parting }
      if let parting = try state.outcomes?.end() { state.finding.firstOutcome = parting }
      return state.finding
    }
  }
}

extension DivergenceSurvey.State {
  /// Notes which object an entry touches. One of an earlier batch touches none: it was not applied.
  fileprivate mutating func note(_ ordinal: Ordinal, _ batch: SearchedBatch) {
    guard let key = batch.place(of: ordinal).flatMap(batch.key) else { return }
    objects.append((key, ordinal))
  }

  /// Keeps what entries before a place of a batch decide.
  fileprivate mutating func keep(_ batch: SearchedBatch, before end: Int) {
    finding.context.append(batch, before: end)
    for object in batch.touched where object.place < end && batch.outcomes[object.place].isStore {
      stores.append(batch.ordinal(of: object.place), key: object.key, chunkCount: object.chunkCount)
    }
  }
}

extension EntryAlignment? {
  /// Walks over a batch, and returns where the sides part in it; nothing is aligned any more then.
  fileprivate mutating func walk(
    _ batch: SearchedBatch, eventDifference: UInt64?
  ) throws(TraceError) -> EntryAlignment.Parting? {
    guard var alignment = self else { return nil }
    alignment.eventDifference = eventDifference
    var controls = batch.controls[...]
    for (place, outcome) in batch.outcomes.enumerated() {
      let call = controls.first?.place == place ? controls.removeFirst().call : nil
      guard let parting = try alignment.append(outcome, call: call) else { continue }
      self = nil
      return parting
    }
    self = alignment
    return nil
  }
}
