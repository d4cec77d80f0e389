package import LogReading
internal import StateCommitment
package import StorageProtocol
package import SystemFiles

/// Writes a golden trace entry by entry; the file appears when it is complete.
package struct TraceWriter: ~Copyable {
  private var file: SealedFile
  private let detail: TraceDetail
  private var ids: [UInt8] = []
  private var block: [Digest] = []
  private var blockRoots: [UInt8] = []
  private var outcomes = PackedItems()
  private var controls = PackedItems()
  private var events = PackedItems()

  /// Creates an unpublished trace in `folder`.
  ///
  /// - Throws: ``FileError``.
  package init(in folder: String, header: TraceHeader) throws(FileError) {
    var file = try SealedFile(in: folder)
    try file.write(.header, JSONFormat.line.encode(.object(header.json)))
    self.file = file
    detail = header.detail
  }

  /// Appends what became of the next entry of the log.
  ///
  /// - Throws: ``FileError``.
  package mutating func append(_ entry: TracedEntry) throws(FileError) {
    if let event = entry.event { try append(event) }
    if detail == .full {
      outcomes.append(entry.outcome.rawValue)
      if outcomes.isFull { try file.write(.outcomes, outcomes.take()) }
      if let call = entry.call {
        controls.append(line: TracedControl(ordinal: entry.ordinal, call: call).line)
        if controls.isFull { try file.write(.controls, controls.take()) }
      }
    }
    guard let checkpoint = entry.checkpoint else { return }
    try flushIDs()
    try file.write(.checkpoint, JSONFormat.line.encode(.object(checkpoint.json)))
  }

  private mutating func append(_ event: StorageEvent) throws(FileError) {
    block.append(event.id)
    if block.count == TraceSection.blockEvents {
      blockRoots += LogTree.subtrees(of: block[...], from: 0)[0].root.bytes
      block.removeAll(keepingCapacity: true)
    }
    guard detail != .roots else { return }
    ids += event.id.bytes
    if ids.count >= TraceSection.eventsMax * Digest.byteCount { try flushIDs() }
    guard detail == .full else { return }
    events.append(line: TracedEvent.line(event))
    if events.isFull { try file.write(.eventLines, events.take()) }
  }

  private mutating func flushIDs() throws(FileError) {
    guard !ids.isEmpty else { return }
    try file.write(.events, ids)
    ids.removeAll(keepingCapacity: true)
  }

  /// Completes the trace and gives it its name.
  ///
  /// - Returns: false if a file of that name exists and must stay.
  /// - Throws: ``FileError``.
  package mutating func publish(_ result: TraceResult, as name: String, replaces: Bool) throws(FileError) -> Bool {
    _ = try finish(result)
    return try file.publish(as: name, replaces: replaces)
  }

  /// Completes the trace without giving it a name, and returns the path at which it lies as long as this value lives.
  ///
  /// - Throws: ``FileError``.
  package mutating func finish(_ result: TraceResult) throws(FileError) -> String {
    try flushIDs()
    if !outcomes.isEmpty { try file.write(.outcomes, outcomes.take()) }
    if !controls.isEmpty { try file.write(.controls, controls.take()) }
    if !events.isEmpty { try file.write(.eventLines, events.take()) }
    if !blockRoots.isEmpty { try file.write(.blockRoots, blockRoots) }
    try file.write(.result, JSONFormat.line.encode(.object(result.json)))
    return try file.seal()
  }
}

/// A file of sections, hashed as it is written.
private struct SealedFile: ~Copyable {
  private var file: TemporaryFile
  private var hasher = SHA256Hasher()

  init(in folder: String) throws(FileError) {
    var file = try TemporaryFile(in: folder, prefix: "eqm-replay-golden")
    try file.write(TraceSection.firstLine)
    hasher.update(TraceSection.firstLine)
    self.file = file
  }

  mutating func write(_ section: TraceSection, _ payload: [UInt8]) throws(FileError) {
    try write(Array(section.rawValue.utf8) + PackedItems.bigEndian(UInt64(payload.count), byteCount: 8))
    try write(payload)
  }

  mutating func seal() throws(FileError) -> String {
    try write(.seal, hasher.finalize().bytes)
    try file.flush()
    return file.path
  }

  mutating func publish(as name: String, replaces: Bool) throws(FileError) -> Bool {
    try file.publish(as: name, replaces: replaces)
  }

  private mutating func write(_ bytes: [UInt8]) throws(FileError) {
    hasher.update(bytes)
    try file.write(bytes)
  }
}

/// The end of a replay as a golden trace records it.
package struct TraceResult: Equatable, Sendable {
  package let json: JSONObject

  package init(_ result: ReplayResult, _ log: LogExtent) {
    var json = JSONObject(["log": TraceResult.json(log)])
    for part in result.comparedParts { json.add(part.name, .object(part.json)) }
    self.json = json
  }

  /// The end of a log that was recorded, not replayed: nobody computed a state.
  package init(recorded log: LogExtent) {
    json = JSONObject(["log": TraceResult.json(log)])
  }

  init(json: JSONObject) { self.json = json }

  private static func json(_ log: LogExtent) -> JSONValue {
    .members([
      "sha256": log.sha256.map(JSONValue.hexadecimal) ?? .null, "stored_bytes": .integer(log.storedBytes),
      "raw_bytes": .integer(log.rawBytes), "entries": .integer(log.entries),
    ])
  }

  /// A part of the result by its name in a result document; nil where the trace does not have it.
  package func part(_ name: String) -> JSONObject? { json[name]?.objectValue }

  /// The state root; nil where the trace does not say.
  package var stateRoot: Digest? {
    part("commitment")?["state_root"]?.stringBytes.flatMap(Digest.init(hexadecimal:))
  }

  /// The digest of the log's file, or of an archive's manifest; nil where the trace does not say.
  package var logSHA256: Digest? {
    part("log")?["sha256"]?.stringBytes.flatMap(Digest.init(hexadecimal:))
  }
}
