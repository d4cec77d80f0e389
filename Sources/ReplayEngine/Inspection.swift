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
    do {
      let statistics = try LogStatistics(
        of: options.source, configuration: options.configuration,
        reading: options.reading(services, step: .load))
      guard let extent = statistics.extent else { preconditionFailure("a log that was read has an extent") }
      let json = Inspection.json(statistics, extent)
      return Report(status: .done, json: json, text: Inspection.lines(json))
    } catch {
      throw ReplayFailure(error)
    }
  }

  private static func json(_ statistics: LogStatistics, _ extent: LogExtent) -> JSONValue {
    let stores = statistics.stores
    let epochs = statistics.epochs
    return .members([
      "schema": .text("eqm-replay/inspect/1"),
      "log": .members([
        "container": .text(extent.container.rawValue), "frames": extent.frames.map(JSONValue.integer) ?? .null,
        "stored_bytes": .integer(extent.storedBytes), "raw_bytes": .integer(extent.rawBytes),
        "sha256": .hexadecimal(extent.sha256),
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

  /// The document as lines of `part.name value`.
  private static func lines(_ document: JSONValue, path: String = "") -> [String] {
    guard let object = document.objectValue else {
      let value = document.stringBytes ?? JSONFormat.line.encode(document)
      return [path + String(repeating: " ", count: max(1, 32 - path.count)) + String(decoding: value, as: UTF8.self)]
    }
    return object.members.flatMap { member in
      let name = String(decoding: member.key, as: UTF8.self)
      return lines(member.value, path: path.isEmpty ? name : "\(path).\(name)")
    }
  }
}
