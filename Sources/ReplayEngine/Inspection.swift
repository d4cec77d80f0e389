internal import GoldenRun
internal import LogReading
internal import StorageProtocol

/// The verb `inspect`: what a log holds, without replaying it, or what a snapshot holds.
public struct Inspection: Sendable {
  private let options: ReplayOptions
  private let search: EntrySearch?
  private let services: Services

  /// - Parameters:
  ///   - object: the id whose entries are wanted.
  ///   - entries: ordinals `A..B`, both included, or one.
  /// - Throws: `.usage`.
  public init(
    _ options: ReplayOptions, object: String? = nil, entries: String? = nil, services: Services
  ) throws(ReplayFailure) {
    self.options = options
    self.services = services
    switch (object, entries) {
    case (nil, nil): search = nil
    case (let object?, nil): search = .object(Identifier(object))
    case (nil, let entries?): search = .ordinals(try Inspection.range(entries))
    default: throw .usage(UsageError(description: "--object or --entries: one view at a time"))
    }
  }

  private static func range(_ text: String) throws(ReplayFailure) -> ClosedRange<UInt64> {
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { UInt64($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last else {
      throw .usage(UsageError(description: "--entries is an ordinal, or two like 10..20, not \(text)"))
    }
    return first...last
  }

  /// - Throws: `.log`; `.snapshot`, `.input`; `.usage` for entries of a snapshot.
  public func run() throws(ReplayFailure) -> Report {
    if let path = SnapshotInput.path(of: options.source) { return try inspect(snapshot: path) }
    services.onPlan([PlannedStep(.load, readings: 1)])
    if let search { return try found(search) }
    let statistics = try options.fitted(services).statistics(services)
    let json = Inspection.json(statistics)
    return Report(status: .done, json: json, text: Inspection.lines(json))
  }

  private func inspect(snapshot path: String) throws(ReplayFailure) -> Report {
    switch search {
    case nil: return try SnapshotInspection(path: path, object: nil).run()
    case .object(let id): return try SnapshotInspection(path: path, object: id).run()
    case .ordinals, .listed: throw ReplayOptions.usage("a snapshot has objects and events, but no entries")
    }
  }

  /// The entries that are looked for, as written.
  private func found(_ search: EntrySearch) throws(ReplayFailure) -> Report {
    var entries: [RawEntry] = []
    let options = try options.fitted(services)
    try ReplayFailure.reading { () throws(LogError) in
      try search.forEach(in: options.source, reading: options.reading(services, step: .load)) { (entry) in
        entries.append(entry)
      }
    }
    var json: [JSONValue] = []
    for entry in entries {
      let (value, _) = try ReplayFailure.reading { () throws(LogError) in try entry.parsed() }
      json.append(
        .members([
          "ordinal": .integer(entry.ordinal.value), "byte_offset": .integer(entry.byteOffset), "entry": value,
        ]))
    }
    return Report(
      status: .done,
      json: .members([
        "schema": .text("eqm-replay/inspect-entries/1"), "entries": .array(json),
      ]),
      text: entries.map { "\($0.ordinal.value)\t" + String(decoding: $0.bytes, as: UTF8.self) })
  }

  private static func json(_ statistics: LogStatistics) -> JSONValue {
    let extent = statistics.extent
    let stores = statistics.stores
    let epochs = statistics.epochs
    return .members([
      "schema": .text("eqm-replay/inspect/1"),
      "log": .members([
        "container": .text(extent.container.rawValue), "frames": extent.frames.map(JSONValue.integer) ?? .null,
        "stored_bytes": .integer(extent.storedBytes), "raw_bytes": .integer(extent.rawBytes),
        "sha256": extent.sha256.map(JSONValue.hexadecimal) ?? .null,
      ]),
      "entries": .members([
        "total": .integer(extent.entries), "malformed": .integer(statistics.malformedCount),
        "largest_bytes": .integer(statistics.entryBytesMax),
        "by_type": .object(JSONObject(statistics.typeCounts.map { ($0.type.bytes, .integer($0.count)) })),
      ]),
      "stores": .members([
        "with_payload": .integer(stores.withPayload), "carried": .integer(stores.carried),
        "placeholder": .integer(stores.placeholder), "content_bytes": .integer(stores.contentBytes),
        "largest_content_bytes": .integer(stores.contentBytesMax),
      ]),
      "largest_objects": .array(
        statistics.largestObjects.map {
          .members([
            "object_id": .string($0.id.bytes), "version": .integer($0.version.value),
            "content_bytes": .integer($0.contentBytes), "ordinal": .integer($0.ordinal.value),
          ])
        }),
      "epochs": epochs.map {
        .members([
          "first": .integer($0.first), "last": .integer($0.last), "lowest": .integer($0.lowest),
          "highest": .integer($0.highest),
        ])
      } ?? .null,
    ])
  }

  /// The document as lines of `part.name value`, keys and values escaped as in JSON: a log's texts may hold anything.
  private static func lines(_ document: JSONValue, path: String = "") -> [String] {
    guard let object = document.objectValue else {
      let value = String(decoding: JSONFormat.line.encode(document), as: UTF8.self)
      return [path + String(repeating: " ", count: max(1, 32 - path.count)) + value]
    }
    return object.members.flatMap { member in
      let name = PrintableText.plain(member.key)
      return lines(member.value, path: path.isEmpty ? name : "\(path).\(name)")
    }
  }
}

extension ReplayOptions {
  /// What the log holds.
  ///
  /// - Throws: `.log`.
  func statistics(_ services: Services) throws(ReplayFailure) -> LogStatistics {
    try ReplayFailure.reading { () throws(LogError) in
      try LogStatistics(of: source, configuration: configuration, reading: reading(services, step: .load))
    }
  }
}
