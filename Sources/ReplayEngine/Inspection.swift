internal import GoldenRun
internal import LogReading
internal import StorageProtocol

/// The verb `inspect --stats`: what a log holds, without replaying it.
public struct Inspection: Sendable {
  private let options: ReplayOptions
  private let services: Services

  public init(_ options: ReplayOptions, services: Services) {
    self.options = options
    self.services = services
  }

  /// - Throws: `.log`.
  public func run() throws(ReplayFailure) -> Report {
    let statistics = try options.fitted(services).statistics(services)
    let json = Inspection.json(statistics)
    return Report(status: .done, json: json, text: Inspection.lines(json))
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
      let name = String(decoding: JSONFormat.line.encode(.string(member.key)).dropFirst().dropLast(), as: UTF8.self)
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
