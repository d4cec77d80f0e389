/// The metadata that stands for what the runbook dialect does not log (protocol.md 9).
public enum PlaceholderProfile: String, CaseIterable, Sendable {
  case runbook, drill

  /// The byte that placeholder content repeats.
  package static let contentByte = UInt8(ascii: "A")

  /// The metadata of an object stored at `timestamp`.
  package func metadata(timestamp: Int64) -> JSONObject {
    var members: [(key: [UInt8], value: JSONValue)] = [(Array("replay".utf8), .boolean(true))]
    if self == .drill { members.append((Array("source".utf8), .text("replay_drill"))) }
    members.append((Array("timestamp".utf8), .integer(timestamp)))
    return JSONObject(members)
  }
}
