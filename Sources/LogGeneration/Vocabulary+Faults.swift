internal import StorageProtocol

/// Entries that are no good, and entries that do nothing.
extension Vocabulary {
  /// Entries that are rejected or of unknown type, whatever the state.
  static let faults = [
    "null", "5", "[]", "{}", #"{"event_type":null}"#, #"{"event_type":"STORE","version":1,"content_size":1}"#,
    #"{"event_type":"STORE","object_id":"a","version":-1,"content_size":1}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"payload":{"metadata":{},"content":"Q"}}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"content_size":18446744073709551615}"#,
    #"{"event_type":"NODE_STATUS","node_id":"n1","status":"asleep"}"#, #"{"event_type":"AEGIS_CONTEXT"}"#,
    #"{"event_type":"AEGIS_CONTEXT","payload":{"registry_snapshot":{"nodes":{"n1":5}},"telemetry_snapshot":{}}}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1.0}"#, #"{"event_type":"SOMETHING_ELSE"}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":7,"payload":{"telemetry_snapshot":[]}}"#,
    #"{"event_type":"NODE_UPTIME","node_id":"n1","uptime_bucket":340282366920938463464}"#,
    #"{"event_type":"NODE_REGISTRATION","node_id":"n1","a":1,"a":2}"#,
    #"{"event_type":"NODE_REGISTRATION","node_id":"n1","host":null}"#,
    #"{"event_type":"PROOF_GENERATED","object_id":"x","version":1,"replica_sets":{}}"#,
    #"{"event_type":"PROOF_FAILED","object_id":"x","version":1.5}"#,
  ]

  /// Entries that change nothing and are not rejected.
  static let idle = [
    #"{"event_type":"READ"}"#, #"{"event_type":"GET_PROOF","object_id":5,"version":"x"}"#,
    #"{"event_type":"LIST_OBJECTS","epoch":null,"event_id":"no digest"}"#, #"{"event_type":"store"}"#,
    #"{"event_type":"","x":[1e999]}"#, #"{"event_type":"\ud83d\ude00","version":-1}"#,
    #"{"event\u005ftype":"RE\u0041D","event-type":"STORE"}"#,
  ]

  /// The text of a good entry, made bad by a member at its end that nobody would look at.
  static func spoiled(_ entry: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    let depth = random.choice([510, 511, 512, 513, 600])
    let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let members = [
      #""note":"\ud800""#, #""note":"\udc00\ud800x""#, #""note":[{"\ud83d":1}]"#, #""note":{"a":1,"\u0061":2}"#,
      #""note":{"":{"b":[],"b":null}}"#, #""event\u005ftype":"READ""#, #""event_type":"READ""#, #""note":\#(deep)"#,
    ]
    return entry.dropLast() + Array(",\(random.choice(members))}".utf8)
  }
}
