internal import GoldenRun
internal import LogReading
package import StorageProtocol

/// The files under `fixtures/`.
package enum Fixture {
  /// The project's folder.
  package static let projectFolder = String(#filePath.dropLast("/Tests/ReplayTestSupport/Fixture.swift".count))

  /// Logs with an expected file, by name, and the profile they were recorded under.
  package static let logs = [
    "bad-entries.jsonl.lz4", "live-aegis.jsonl.lz4", "live-content.jsonl.lz4", "live-control.jsonl.lz4",
    "live-mixed.jsonl.lz4", "live-unlogged.jsonl.lz4", "recorded-events.json.lz4", "runbook-20k.json.lz4",
    "runbook-drill-profile.json", "runbook-no-nodes.json", "runbook-one-node.json", "runbook-quirks.json",
    "runbook-small.json", "runbook-two-nodes.json", "runbook-utf8-raw.json", "vm-trace.jsonl.lz4",
  ]

  package static func path(_ name: String) -> String { "\(projectFolder)/fixtures/\(name)" }

  /// The JSON of a compressed vector file, number tokens and key bytes kept.
  package static func json(_ name: String) throws -> JSONObject {
    let (value, fault) = try JSONReader.read(bytes(of: "\(name).json.lz4"))
    guard fault == nil, let object = value.objectValue else { throw FixtureError.unexpectedForm(name) }
    return object
  }

  /// What the live engine gave for a log.
  package static func expected(_ log: String) throws -> JSONObject { try json("\(stem(log)).expected") }

  /// `live-mixed` for `live-mixed.jsonl.lz4`.
  package static func stem(_ log: String) -> String { String(log.prefix { $0 != "." }) }

  /// The decompressed text of a file, without the white space around its lines.
  package static func bytes(of name: String) throws -> [UInt8] {
    // Read as lines whatever it holds: only the bytes matter.
    let form = name.hasSuffix(".lz4") ? "text.jsonl.lz4" : "text.jsonl"
    var reader = try LogReader(.copy(path: path(name), name: form), options: LogReadingOptions())
    var text: [UInt8] = []
    while let entry = try reader.next() { text += entry.bytes + [UInt8(ascii: "\n")] }
    return text
  }

  package enum FixtureError: Error {
    case unexpectedForm(String)
  }
}

extension JSONObject {
  /// The member `name`, which must be there.
  package func required(_ name: String) throws -> JSONValue {
    guard let value = self[name] else { throw Fixture.FixtureError.unexpectedForm(name) }
    return value
  }

  package func text(_ name: String) throws -> String {
    guard let bytes = try required(name).stringBytes else { throw Fixture.FixtureError.unexpectedForm(name) }
    return String(decoding: bytes, as: UTF8.self)
  }

  package func elements(_ name: String) throws -> [JSONValue] {
    guard let elements = try required(name).elements else { throw Fixture.FixtureError.unexpectedForm(name) }
    return elements
  }

  package func object(_ name: String) throws -> JSONObject {
    guard let object = try required(name).objectValue else { throw Fixture.FixtureError.unexpectedForm(name) }
    return object
  }
}

extension JSONValue {
  /// Canonical JSON as text: for comparing values whose members may be in another order.
  package var canonicalText: String { String(decoding: JSONFormat.canonical.encode(self), as: UTF8.self) }
}
