internal import StorageProtocol

/// Records changed after the fact.
extension JSONObject {
  typealias Pair = (key: [UInt8], value: JSONValue)

  /// The object with `value` under `key`, in the old place or at the end.
  func replacing(_ key: String, with value: JSONValue) -> JSONObject {
    let name = Array(key.utf8)
    guard self[key] != nil else { return JSONObject(members.map { ($0.key, $0.value) } + [(name, value)]) }
    return JSONObject(members.map { ($0.key, $0.key == name ? value : $0.value) })
  }

  /// The object without the members named.
  func removing(_ keys: [String]) -> JSONObject {
    let names = keys.map { Array($0.utf8) }
    return JSONObject(members.filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
  }

  /// The object with the event_id that its 13 fields hash to; without one where a field is missing.
  var rehashed: JSONObject {
    let fields = EventFields(recordedIn: self)
    guard fields.isComplete else { return removing(["event_id"]) }
    return replacing("event_id", with: .hexadecimal(StorageEvent(fields).id))
  }

  /// The name of an event type, as text.
  var eventType: String { self["event_type"]?.stringBytes.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
