internal import LogReading
internal import StateCommitment
package import StorageProtocol

/// Reads a golden trace: header, checkpoints, roots and end at once, everything else as it is asked for.
///
/// The whole file is read once when it is opened, so that a trace that is cut, changed or of another format is refused before
/// any work. Memory is bounded by the checkpoints, the roots of blocks, and one section of each kind.
package final class TraceReader: @unchecked Sendable {
  // Sendable: the replay that compares with it hands it from one job to the next, one at a time.
  package let header: TraceHeader
  /// As JSON objects, in order.
  package let checkpoints: [JSONObject]
  package let result: TraceResult
  /// Events whose ids the trace has; 0 where it has none.
  package let eventCount: UInt64
  /// Of complete blocks of ``blockEvents`` events.
  package let blockRoots: [Digest]
  /// SHA-256 of everything before the seal: the trace's identity.
  package let sealDigest: Digest

  package static let blockEvents = TraceSection.blockEvents

  let file: TraceFile
  let contents: TraceContents
  private var nextSection = 0
  private var ids: [Digest] = []
  private var nextID = 0

  /// - Parameter name: what people know it by; nil for its path.
  /// - Throws: a trace that cannot be read or is none.
  package init(path: String, name: String? = nil) throws(TraceError) {
    file = try TraceFile(path, name: name ?? path)
    var contents = TraceContents()
    sealDigest = try file.forEachSection { (section, payload) throws(TraceError) in try contents.add(section, payload) }
    guard let header = contents.header else { throw TraceError(.missing("HEAD"), path) }
    guard let result = contents.result else { throw TraceError(.missing("RSLT"), path) }
    self.header = TraceHeader(json: header)
    self.result = TraceResult(json: result)
    checkpoints = contents.checkpoints
    eventCount = contents.eventIDs.reduce(0) { $0 + UInt64($1.count) }
    let events =
      self.header.detail == .roots
      ? self.result.part("state")?["event_log_count"]?.integer(as: UInt64.self) ?? 0 : eventCount
    blockRoots = try contents.blockRoots(of: events, file)
    self.contents = contents
    if !self.header.isRecorded { try checkCompleteness() }
  }

  /// A trace of a replay says all that a replay is compared with: what is left out would count as equal.
  private func checkCompleteness() throws(TraceError) {
    for name in ["entries", "stores", "proofs", "state", "commitment"] where result.part(name) == nil {
      throw file.error(.malformed(TraceSection.result.rawValue), nil)
    }
    let members = [
      "ordinal", "epoch", "event_count", "log_root", "nodes_root", "node_count", "object_count", "shard_count",
      "total_atr_fees", "total_nod_rewards",
    ]
    for checkpoint in checkpoints where !members.allSatisfy({ checkpoint[$0] != nil }) {
      throw file.error(.malformed(TraceSection.checkpoint.rawValue), nil)
    }
  }

  /// Whether the trace names events by their ids.
  package var hasEventIDs: Bool { header.detail != .roots }

  /// Whether the trace says what became of every entry.
  package var hasEntries: Bool { header.detail == .full }

  /// The id of the next event; nil at the end.
  ///
  /// - Throws: a file that can no longer be read; what it holds is not checked against the seal a second time.
  package func nextEventID() throws(TraceError) -> Digest? {
    if nextID == ids.count {
      guard nextSection < contents.eventIDs.count else { return nil }
      let part = contents.eventIDs[nextSection]
      ids = Digest.digests(in: try file.read(at: part.offset, part.bytes))
      nextSection += 1
      nextID = 0
    }
    defer { nextID += 1 }
    return ids[nextID]
  }

  /// The id of the event at a place of the log; nil where the trace has none.
  ///
  /// - Throws: a file that can no longer be read.
  package func eventID(at index: UInt64) throws(TraceError) -> Digest? {
    guard let (part, place) = contents.eventIDs.part(of: index) else { return nil }
    return Digest(bytes: try file.read(at: part.offset + UInt64(place * Digest.byteCount), Digest.byteCount)[...])
  }

  /// The ids of all events from a place of the log on.
  ///
  /// - Throws: a file that can no longer be read.
  package func eventIDs(from start: UInt64) throws(TraceError) -> [Digest] {
    var ids: [Digest] = []
    var first: UInt64 = 0
    for part in contents.eventIDs {
      let end = first + UInt64(part.count)
      if end > start {
        let dropped = Int(start > first ? start - first : 0)
        ids += Digest.digests(in: try file.read(at: part.offset, part.bytes)).dropFirst(dropped)
      }
      first = end
    }
    return ids
  }

  /// Checks that the roots of blocks are those of the events.
  ///
  /// - Throws: roots of other events; a file that can no longer be read.
  package func checkBlocks() throws(TraceError) {
    let ids = try eventIDs(from: 0)
    for (block, root) in blockRoots.enumerated() {
      let events = ids[block * TraceReader.blockEvents..<(block + 1) * TraceReader.blockEvents]
      guard LogTree.subtrees(of: events, from: 0)[0].root == root else {
        throw file.error(.malformed(TraceSection.blockRoots.rawValue), nil)
      }
    }
  }

  /// The event at a place of the log; nil where the trace does not have it, or has one with another id than it says.
  ///
  /// - Throws: a file that can no longer be read; a section of another form.
  package func event(at index: UInt64) throws(TraceError) -> StorageEvent? {
    guard let (part, place) = contents.eventLines.part(of: index) else { return nil }
    let lines = try file.lines(part, .eventLines)
    guard place < lines.count, let event = TracedEvent.event(Array(lines[place])) else {
      throw file.error(.malformed(TraceSection.eventLines.rawValue), part.offset)
    }
    // Where somebody changed one of both, the id counts: it is what was compared.
    return try event.id == eventID(at: index) ? event : nil
  }
}

/// Where the parts of a trace are.
struct TraceContents {
  /// A section, and how many items it has.
  struct Part {
    let offset: UInt64
    let bytes: Int
    let count: Int
  }

  private(set) var header: JSONObject?
  private(set) var result: JSONObject?
  private(set) var checkpoints: [JSONObject] = []
  private var blockRoots: [Part] = []
  private(set) var eventIDs: [Part] = []
  private(set) var eventLines: [Part] = []
  private(set) var outcomes: [Part] = []
  private(set) var controls: [Part] = []

  mutating func add(_ section: TraceFile.Section, _ file: TraceFile) throws(TraceError) {
    let kind = TraceSection(rawValue: section.name)
    guard (header == nil) == (kind == .header), kind == nil || result == nil else {
      throw file.error(.misplaced(section.name), section.offset)
    }
    switch kind {
    case .header: header = try file.object(section)
    case .result: result = try file.object(section)
    case .checkpoint: checkpoints.append(try file.object(section))
    case .events: eventIDs += try digests(section, file)
    case .blockRoots: blockRoots += try digests(section, file)
    case .eventLines: eventLines.append(try packed(section, file))
    case .outcomes: outcomes.append(try packed(section, file))
    case .controls: controls.append(try packed(section, file))
    case .seal, nil: break
    }
  }

  /// The roots of the complete blocks of so many events; none where the trace has none at all, as earlier versions wrote it.
  ///
  /// - Throws: another number of them.
  func blockRoots(of eventCount: UInt64, _ file: TraceFile) throws(TraceError) -> [Digest] {
    guard let first = blockRoots.first else { return [] }
    let count = blockRoots.reduce(0) { $0 + UInt64($1.count) }
    guard count == eventCount / UInt64(TraceSection.blockEvents) else {
      throw file.error(.malformed(TraceSection.blockRoots.rawValue), first.offset)
    }
    var roots: [Digest] = []
    for part in blockRoots { roots += Digest.digests(in: try file.read(at: part.offset, part.bytes)) }
    return roots
  }

  private func digests(_ section: TraceFile.Section, _ file: TraceFile) throws(TraceError) -> [Part] {
    guard section.count % Digest.byteCount == 0,
      section.name != TraceSection.events.rawValue || section.count <= TraceSection.eventsMax * Digest.byteCount
    else { throw file.error(.malformed(section.name), section.offset) }
    guard section.count > 0 else { return [] }
    return [Part(offset: section.offset, bytes: section.count, count: section.count / Digest.byteCount)]
  }

  private func packed(_ section: TraceFile.Section, _ file: TraceFile) throws(TraceError) -> Part {
    let head = try file.read(at: section.offset, min(section.count, PackedItems.headBytes))
    guard let (count, _) = PackedItems.extent(head, payloadBytes: section.count) else {
      throw file.error(.malformed(section.name), section.offset)
    }
    return Part(offset: section.offset, bytes: section.count, count: count)
  }
}

extension [TraceContents.Part] {
  /// The part that holds the item at `index` of all, and the item's place in it; nil behind the last.
  func part(of index: UInt64) -> (part: TraceContents.Part, place: Int)? {
    var first: UInt64 = 0
    for part in self {
      if index < first + UInt64(part.count) { return (part, Int(index - first)) }
      first += UInt64(part.count)
    }
    return nil
  }
}

extension TraceFile {
  /// The text of a packed section.
  func text(_ part: TraceContents.Part, _ section: TraceSection) throws(TraceError) -> [UInt8] {
    let payload = try read(at: part.offset, part.bytes)
    guard let context = try? FrameContext(), let text = PackedItems.text(of: payload, context) else {
      throw error(.malformed(section.rawValue), part.offset)
    }
    return text
  }

  /// The lines of a packed section.
  func lines(_ part: TraceContents.Part, _ section: TraceSection) throws(TraceError) -> [ArraySlice<UInt8>] {
    let lines = try text(part, section).split(separator: UInt8(ascii: "\n"))
    guard lines.count == part.count else { throw error(.malformed(section.rawValue), part.offset) }
    return lines
  }
}
