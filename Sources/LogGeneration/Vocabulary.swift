internal import StorageProtocol

/// The calls that generated logs are made of.
enum Vocabulary {
  /// Ids that a careless engine would confuse or sort wrongly.
  private static let nodeIDs = [
    "n1", "n2", "Z", "\u{E000}a", "\u{FB01}b", "\u{1F600}c", "caf\u{E9}", "cafe\u{301}", "",
  ]
  private static let objectIDs = [
    "a", "a:1", "b\u{0}", "caf\u{E9}", "cafe\u{301}", "\u{2028}", "\u{1F600}", "\"\\", "", "o7", "o8",
  ]
  private static let chunk = 262_144
  private static let sizes = [
    0, 0, 1, 2, 1023, 1024, 1025, 4095, 4096, 4097, chunk - 1, chunk, chunk + 1, 2 * chunk + 5,
  ]

  /// Entries that are rejected or of unknown type, whatever the state.
  static let faults = [
    "null", "5", "{}", #"{"event_type":"STORE","version":1,"content_size":1}"#,
    #"{"event_type":"STORE","object_id":"a","version":-1,"content_size":1}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"payload":{"metadata":{},"content":"Q"}}"#,
    #"{"event_type":"NODE_STATUS","node_id":"n1","status":"asleep"}"#, #"{"event_type":"AEGIS_CONTEXT"}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1.0}"#, #"{"event_type":"SOMETHING_ELSE"}"#,
    #"{"event_type":"NODE_UPTIME","node_id":"n1","uptime_bucket":340282366920938463464}"#,
    #"{"event_type":"NODE_REGISTRATION","node_id":"n1","a":1,"a":2}"#,
  ]

  static func store(_ random: inout SeededGenerator, isPlaceholder: Bool) -> JSONValue {
    let size = random.happens(percent: 80) ? random.choice(sizes) : random.index(below: 3000)
    var call = JSONObject([
      "event_type": .text("STORE"), "object_id": .text(random.choice(objectIDs)),
      "version": .number(Array(random.choice(["1", "1", "2", "18446744073709551615"]).utf8)),
    ])
    if isPlaceholder {
      call.add("content_size", .integer(size))
      call.add("timestamp", .integer(random.index(below: 1000) - 500))
    } else {
      call.add("timestamp_tick", .integer(random.index(below: 1000) - 500))
      call.add("payload", .members(["metadata": metadata(&random), "content": .string(content(size, &random))]))
    }
    return .object(call)
  }

  private static func metadata(_ random: inout SeededGenerator) -> JSONValue {
    let keys =
      (0..<random.index(below: 4)).map { "k\($0)" } + (random.happens(percent: 5) ? (0..<120).map { "x\($0)" } : [])
    let tokens = ["1", "1.0", "-0.0", "1e+16", "12345678901234567890123456789012345678901"]
    return .object(JSONObject(keys.map { (Array($0.utf8), .number(Array(random.choice(tokens).utf8))) }))
  }

  /// Base64 of `size` bytes of a pattern.
  private static func content(_ size: Int, _ random: inout SeededGenerator) -> [UInt8] {
    let groups = Array("ABCDabcd0189+/xy".utf8)
    var text = (0..<(size + 2) / 3 * 4).map { groups[($0 &* 7 &+ $0 / 64 &+ size) % groups.count] }
    text[text.indices].withContiguousMutableStorageIfAvailable { letters in
      if let first = letters.indices.first { letters[first] = groups[random.index(below: groups.count)] }
    }
    let padding = (3 - size % 3) % 3
    text.replaceSubrange(text.count - padding..<text.count, with: Array(repeating: UInt8(ascii: "="), count: padding))
    return text
  }

  static func registration(_ random: inout SeededGenerator) -> KeyValuePairs<String, JSONValue> {
    [
      "event_type": .text("NODE_REGISTRATION"), "node_id": .text(random.choice(nodeIDs)), "host": .text("h"),
      "port": .integer(random.choice([1, 8080, 65535])),
    ]
  }

  /// A call of the control plane, and whether a live engine logs an event for it.
  static func control(_ random: inout SeededGenerator) -> (entry: JSONValue, isEvent: Bool) {
    let node = JSONValue.text(random.choice(nodeIDs + ["nobody"]))
    switch random.index(below: 8) {
    case 0, 1: return (.members(registration(&random)), true)
    case 2: return (.members(["event_type": .text("NODE_UNREGISTRATION"), "node_id": node]), false)
    case 3:
      let status = random.choice(NodeStatus.allCases)
      return (.members(["event_type": .text("NODE_STATUS"), "node_id": node, "status": .text(status.rawValue)]), false)
    case 4:
      let bucket = random.choice(["0", "3", "1000", "340282366920938463463"])
      return (
        .members(["event_type": .text("NODE_UPTIME"), "node_id": node, "uptime_bucket": .number(Array(bucket.utf8))]),
        false
      )
    case 5: return (.members(["event_type": .text("AEGIS_CONTEXT"), "payload": snapshots(&random)]), false)
    case 6: return (.members(["event_type": .text("NOD_REWARDS"), "epoch": .integer(random.index(below: 4))]), false)
    default:
      var entry = JSONObject(["event_type": .text("EPOCH_ADVANCEMENT"), "epoch": .integer(random.index(below: 4))])
      if random.happens(percent: 40) { entry.add("payload", snapshots(&random)) }
      return (.object(entry), true)
    }
  }

  private static func snapshots(_ random: inout SeededGenerator) -> JSONValue {
    let listed = nodeIDs.filter { _ in random.happens(percent: 70) }
    let registry = listed.map { id -> (key: [UInt8], value: JSONValue) in
      (
        Array(id.utf8),
        .members([
          "pqc_public_key": .text("0x1"), "pqc_scheme": .text("Dilithium5"),
          "revoked": .boolean(random.happens(percent: 10)),
        ])
      )
    }
    let telemetry = nodeIDs.map { id -> (key: [UInt8], value: JSONValue) in
      (
        Array(id.utf8),
        .members([
          "uptime_ratio": .text(random.choice(["0.95", "0.90", "0.899999999999999999"])), "health_score": .text("0.80"),
        ])
      )
    }
    return .members([
      "registry_snapshot": .members(["nodes": .object(JSONObject(registry))]),
      "telemetry_snapshot": .members([
        "schema_version": .text("v1.0"), "telemetry_hash": .text(String(repeating: "0", count: 64)),
        "nodes": .object(JSONObject(telemetry)),
      ]),
    ])
  }
}
