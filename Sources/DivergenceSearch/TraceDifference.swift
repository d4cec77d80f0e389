internal import GoldenRun
package import GoldenTrace
package import StorageProtocol

/// What two golden traces say differently: found by their checkpoints and the roots of their blocks, and then by the events of those
/// blocks only that differ.
package struct TraceDifference: Sendable {
  /// An event that one side has more often than the other.
  package struct Event: Sendable {
    /// In its side's event log.
    package let index: UInt64
    package let id: Digest
    /// Nil where the trace has ids only.
    package let event: StorageEvent?
  }

  /// Members of the header that decide a result, and differ.
  package private(set) var options: [String] = []
  /// The first checkpoint that differs, counted from 0; nil where all that both have are the same.
  package private(set) var firstCheckpoint: Int?
  /// The first block of events that differs, counted from 0; nil where all complete ones are the same.
  package private(set) var firstBlock: Int?
  /// Events that only the first or only the second has, in their order: the first of them.
  package private(set) var onlyInFirst: [Event] = []
  package private(set) var onlyInSecond: [Event] = []
  /// How many there are.
  package private(set) var eventCounts: (first: Int, second: Int) = (0, 0)
  /// Fields of nodes, and the epoch, at the end, as control entries alone give them.
  package private(set) var state: [JSONObject] = []
  /// The first entry, by its place, of which something else became, or that asks for something else; nil where all are the same, or a
  /// trace does not say.
  package private(set) var firstEntry: Ordinal?
  /// Parts of the end by their names: what the first has and what the second.
  package private(set) var end: [(field: String, first: JSONValue, second: JSONValue)] = []

  /// Events listed on each side, at most.
  package static let eventsMax = 100

  /// - Throws: a trace that can no longer be read.
  package init(_ first: TraceReader, _ second: TraceReader) throws(TraceError) {
    options = ["constants", "profile", "max_content_size"].filter { first.header.json[$0] != second.header.json[$0] }
    firstCheckpoint = TraceDifference.firstDifference(
      first.checkpoints.map(\.withoutPlace), second.checkpoints.map(\.withoutPlace))
    firstBlock = TraceDifference.firstDifference(first.blockRoots, second.blockRoots)
    compareEnds(first, second)
    if first.hasEventIDs, second.hasEventIDs { try compareEvents(first, second) }
    if first.hasEntries, second.hasEntries {
      firstEntry = try TraceDifference.firstEntry(first, second)
      state = try ControlState(of: second).differences(from: ControlState(of: first))
    }
  }

  private static func firstDifference<Item: Equatable>(_ first: [Item], _ second: [Item]) -> Int? {
    zip(first, second).enumerated().first { $0.element.0 != $0.element.1 }?.offset
  }

  /// Whether the traces say the same of state and event log, and of what became of entries.
  package var isEmpty: Bool {
    options.isEmpty && firstCheckpoint == nil && firstBlock == nil && eventCounts == (0, 0) && state.isEmpty
      && end.isEmpty && firstEntry == nil
  }

  private static func firstEntry(_ first: TraceReader, _ second: TraceReader) throws(TraceError) -> Ordinal? {
    // What brought its content cannot be told where nobody replayed it.
    let comparesContent = !first.header.isRecorded && !second.header.isRecorded
    var (ours, theirs) = (TraceEntries(first), TraceEntries(second))
    var ordinal: UInt64 = 0
    while true {
      let (our, their) = (try ours.next(), try theirs.next())
      if our == nil, their == nil { return nil }
      guard let our, let their, our.call == their.call,
        our.outcome.isSame(as: their.outcome, comparingContent: comparesContent)
      else { return Ordinal(ordinal) }
      ordinal += 1
    }
  }

  private mutating func compareEnds(_ first: TraceReader, _ second: TraceReader) {
    let areReplayed = !first.header.isRecorded && !second.header.isRecorded
    if areReplayed, first.checkpoints.count != second.checkpoints.count {
      end.append(("checkpoints", .integer(first.checkpoints.count), .integer(second.checkpoints.count)))
    }
    for name in ["entries", "stores", "proofs", "state", "commitment"] {
      guard let ours = first.result.part(name), let theirs = second.result.part(name) else { continue }
      for member in ours.members {
        let field = String(decoding: member.key, as: UTF8.self)
        let other = theirs[field] ?? .null
        if member.value != other { end.append(("\(name).\(field)", member.value, other)) }
      }
    }
  }

  private mutating func compareEvents(_ first: TraceReader, _ second: TraceReader) throws(TraceError) {
    for trace in [first, second] { try trace.checkBlocks() }
    let start = UInt64(TraceReader.blockEvents * (firstBlock ?? min(first.blockRoots.count, second.blockRoots.count)))
    let (ours, theirs) = TraceDifference.unpaired(
      try first.eventIDs(from: start), try second.eventIDs(from: start))
    eventCounts = (ours.count, theirs.count)
    onlyInFirst = try TraceDifference.events(ours, from: start, first)
    onlyInSecond = try TraceDifference.events(theirs, from: start, second)
  }

  /// The places of ids that one list has more often than the other, each in order: of equal ids the last ones.
  private static func unpaired(_ first: [Digest], _ second: [Digest]) -> (first: [Int], second: [Int]) {
    var (ours, theirs) = (sortedPlaces(first)[...], sortedPlaces(second)[...])
    var (onlyFirst, onlySecond): ([Int], [Int]) = ([], [])
    while let our = ours.first, let their = theirs.first {
      if first[our] == second[their] {
        ours.removeFirst()
        theirs.removeFirst()
      } else if first[our] < second[their] {
        onlyFirst.append(ours.removeFirst())
      } else {
        onlySecond.append(theirs.removeFirst())
      }
    }
    return ((onlyFirst + ours).sorted(), (onlySecond + theirs).sorted())
  }

  private static func sortedPlaces(_ ids: [Digest]) -> [Int] {
    ids.indices.sorted { (ids[$0], $0) < (ids[$1], $1) }
  }

  private static func events(
    _ places: [Int], from start: UInt64, _ trace: TraceReader
  ) throws(TraceError) -> [Event] {
    var events: [Event] = []
    for place in places.prefix(eventsMax) {
      let index = start + UInt64(place)
      guard let id = try trace.eventID(at: index) else { continue }
      events.append(Event(index: index, id: id, event: try trace.event(at: index)))
    }
    return events
  }
}

extension ControlState {
  /// The nodes and the epoch at the end of a trace.
  fileprivate init(of trace: TraceReader) throws(TraceError) {
    var controls = ControlReplay()
    var entries = TraceEntries(trace)
    while let entry = try entries.next() {
      if let call = entry.call { controls.apply(call) }
    }
    self.init(controls)
  }
}

extension JSONObject {
  /// A checkpoint without its place in the log, which is no part of the state.
  fileprivate var withoutPlace: JSONObject {
    JSONObject(members.filter { $0.key != Array("ordinal".utf8) }.map { ($0.key, $0.value) })
  }
}
