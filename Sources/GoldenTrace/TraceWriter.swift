package import LogReading
package import StorageProtocol
package import SystemFiles

/// Writes a golden trace while a log is replayed; the file appears when it is complete.
package struct TraceWriter: ~Copyable {
  private var file: TemporaryFile
  private var hasher = SHA256Hasher()
  private var pending: [UInt8] = []

  /// Creates an unpublished trace in `folder`.
  ///
  /// - Throws: ``FileError``.
  package init(in folder: String, header: TraceHeader) throws(FileError) {
    var file = try TemporaryFile(in: folder, prefix: "eqm-replay-golden")
    let json = JSONFormat.line.encode(.object(header.json))
    let start = TraceSection.firstLine + TraceWriter.head(.header, byteCount: json.count) + json
    try file.write(start)
    hasher.update(start)
    self.file = file
  }

  /// Appends the id of the next event of the log.
  package mutating func append(_ eventID: Digest) throws(FileError) {
    pending += eventID.bytes
    if pending.count >= TraceSection.eventsMax * Digest.byteCount { try flushEvents() }
  }

  /// Appends a checkpoint, after the events before it.
  package mutating func append(_ checkpoint: Checkpoint) throws(FileError) {
    try flushEvents()
    try write(.checkpoint, JSONFormat.line.encode(.object(checkpoint.json)))
  }

  /// Completes the trace and gives it its name.
  ///
  /// - Returns: false if a file of that name exists and must stay.
  package mutating func publish(
    _ result: ReplayResult, of log: LogExtent, as name: String, replaces: Bool
  ) throws(FileError) -> Bool {
    try flushEvents()
    try write(.result, JSONFormat.line.encode(.object(TraceResult(result, log).json)))
    let digest = hasher.finalize()
    try write(.seal, digest.bytes)
    return try file.publish(as: name, replaces: replaces)
  }

  private mutating func flushEvents() throws(FileError) {
    guard !pending.isEmpty else { return }
    try write(.events, pending)
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func write(_ section: TraceSection, _ payload: [UInt8]) throws(FileError) {
    try write(TraceWriter.head(section, byteCount: payload.count))
    try write(payload)
  }

  private static func head(_ section: TraceSection, byteCount: Int) -> [UInt8] {
    Array(section.rawValue.utf8) + (0..<8).map { UInt8(truncatingIfNeeded: UInt64(byteCount) >> (56 - 8 * $0)) }
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
    var json = JSONObject([
      "log": .members([
        "sha256": log.sha256.map(JSONValue.hexadecimal) ?? .null, "stored_bytes": .integer(log.storedBytes),
        "raw_bytes": .integer(log.rawBytes), "entries": .integer(log.entries),
      ])
    ])
    for part in result.comparedParts { json.add(part.name, .object(part.json)) }
    self.json = json
  }

  init(json: JSONObject) { self.json = json }

  /// A part of the result by its name in a result document; empty where the trace does not have it.
  package func part(_ name: String) -> JSONObject { json[name]?.objectValue ?? JSONObject([:]) }

  /// The state root; nil where the trace does not say.
  package var stateRoot: Digest? {
    part("commitment")["state_root"]?.stringBytes.flatMap(Digest.init(hexadecimal:))
  }
}
