import GoldenRun
import ReplayTestSupport
import StorageProtocol

/// The lines of an export, in the form of the expected files.
struct ExportedState {
  private(set) var nodes = JSONObject([:])
  private(set) var objects = JSONObject([:])
  private(set) var shards = JSONObject([:])
  private(set) var eventIDs: [[UInt8]] = []

  init(_ text: [UInt8]) throws {
    var rows: [[UInt8]: [(key: [UInt8], value: JSONValue)]] = [:]
    var kinds: [[UInt8]] = []
    for line in text.split(separator: UInt8(ascii: "\n")) {
      guard let row = try JSONReader.read(Array(line)).value.objectValue, let kind = row["kind"]?.stringBytes else {
        throw Fixture.FixtureError.unexpectedForm("a line of the export")
      }
      if kinds.last != kind { kinds.append(kind) }
      if kind == Array("event".utf8) {
        eventIDs.append(try row.required("event_id").stringBytes ?? [])
      } else {
        rows[kind, default: []].append(try ExportedState.named(row, kind))
      }
    }
    let order = ["node", "object", "shard", "event"].map { Array($0.utf8) }
    guard kinds == order.filter(kinds.contains) else { throw Fixture.FixtureError.unexpectedForm("order of kinds") }
    nodes = JSONObject(rows[order[0]] ?? [])
    objects = JSONObject(rows[order[1]] ?? [])
    shards = JSONObject(rows[order[2]] ?? [])
  }

  /// The row under its name in the expected files: node id, `id:version`, shard id.
  private static func named(_ row: JSONObject, _ kind: [UInt8]) throws -> (key: [UInt8], value: JSONValue) {
    var dropped = ["kind"]
    let name: [UInt8]
    switch String(decoding: kind, as: UTF8.self) {
    case "node":
      dropped.append("node_id")
      name = try row.required("node_id").stringBytes ?? []
    case "shard":
      dropped.append("shard_id")
      name = try row.required("shard_id").stringBytes ?? []
    default:
      let version = try row.required("version").canonicalText
      name = (try row.required("object_id").stringBytes ?? []) + Array(":\(version)".utf8)
    }
    let hidden = dropped.map { Array($0.utf8) }
    let members = row.members.filter { !hidden.contains($0.key) }
    return (name, .object(JSONObject(members.map { ($0.key, $0.value) })))
  }

  /// SHA-256 of the ids joined by line feeds.
  var eventIDsDigest: String { Digest.sha256(eventIDs.joined(separator: [UInt8(ascii: "\n")])).hexadecimal }

  /// SHA-256 of the rows as JSON with sorted keys and no blanks, as Python writes it.
  static func digest(_ rows: JSONObject) -> String {
    Digest.sha256(JSONFormat.canonical.encode(.object(rows))).hexadecimal
  }
}
