internal import GoldenRun
internal import GoldenTrace
internal import StorageProtocol

/// What a golden trace says of the places of a case.
struct GoldenSide {
  /// The entry at the place where the sides part; nil where the trace has none there, or does not say.
  private(set) var named: TraceEntries.Entry?
  private(set) var namedEvent: StorageEvent?
  private(set) var namedEventID: Digest?
  /// The entries around that one.
  private(set) var previous: Neighbour?
  private(set) var next: Neighbour?
  /// The event with the place of the one that shows the difference first.
  private(set) var sightedEvent: StorageEvent?
  private(set) var sightedEventID: Digest?
  /// The nodes and the epoch behind the named entry, as the control entries alone give them.
  private(set) var controlState = ControlState()

  /// An entry of the trace's log, as far as it can be told from others.
  struct Neighbour {
    private let entry: TraceEntries.Entry
    private let eventID: Digest?

    init(_ entry: TraceEntries.Entry, _ trace: TraceReader) throws(TraceError) {
      self.entry = entry
      var id: Digest?
      if let index = entry.eventIndex { id = try trace.eventID(at: index) }
      eventID = id
    }

    /// Whether another entry did the same.
    func isEqual(to replayed: ReplayedEntry) -> Bool {
      entry.outcome == replayed.outcome && entry.call == replayed.controlCall && eventID == replayed.event?.id
    }
  }

  /// - Throws: a trace that can no longer be read.
  init(_ divergence: DivergenceCase, _ trace: TraceReader) throws(TraceError) {
    if case .event(let index, _) = divergence.sighting {
      sightedEventID = try trace.eventID(at: index)
      sightedEvent = try trace.event(at: index)
    }
    guard trace.hasEntries, let last = divergence.goldenOrdinal else { return }
    var controls = ControlReplay()
    var entries = TraceEntries(trace)
    while let entry = try entries.next() {
      if entry.ordinal.value + 1 == last.value { previous = try Neighbour(entry, trace) }
      guard entry.ordinal <= last else {
        next = try Neighbour(entry, trace)
        break
      }
      if let call = entry.call { controls.apply(call) }
      if entry.ordinal == last { named = entry }
    }
    controlState = ControlState(controls)
    if let index = named?.eventIndex {
      namedEvent = try trace.event(at: index)
      namedEventID = try trace.eventID(at: index)
    }
  }
}
