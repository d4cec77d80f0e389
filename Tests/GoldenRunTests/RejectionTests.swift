import GoldenRun
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Every way an entry can be bad: the state stays as it was, to the eligible-node cache, and code and ordinal are right.
@Suite struct RejectionTests {
  /// A log that leaves nodes, a context, objects, an orphan and a filled cache behind; the bad entry comes after it.
  private static let before = [
    #"{"event_type":"NODE_REGISTRATION","node_id":"n1","host":"h","port":1}"#,
    #"{"event_type":"NODE_REGISTRATION","node_id":"n2"}"#,
    #"{"event_type":"NODE_UPTIME","node_id":"n1","uptime_bucket":340282366920938463463}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"content_size":262145}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"content_size":5,"timestamp":-7}"#,
    #"{"event_type":"READ"}"#,
  ]

  /// A carried STORE of 5 bytes, complete but without event_id, `changes` made to it (`nil` removes a field).
  private static func carried(_ changes: [String: String?]) -> String {
    var fields: [String: String?] = [
      "event_type": #""STORE""#, "object_id": #""c""#, "version": "1", "content_size": "5", "epoch": "1",
      "hash_commit": #""\#(String(repeating: "a", count: 64))""#, "atr_cost": #""101.000000000000000000""#,
      "timestamp_tick": "3",
    ]
    for (name, value) in changes { fields.updateValue(value, forKey: name) }
    let members = fields.sorted { $0.key < $1.key }.compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }
    return "{\(members.joined(separator: ","))}"
  }

  /// The same with a payload of the bytes "hello" and the metadata {"k":1}.
  private static func payload(_ changes: [String: String?]) -> String {
    let base: [String: String?] = [
      "payload": #"{"metadata":{"k":1},"content":"aGVsbG8="}"#, "hash_commit": nil,
    ]
    return carried(base.merging(changes) { $1 })
  }

  private static func proof(_ changes: [String: String?]) -> String {
    let base: [String: String?] = [
      "event_type": #""PROOF_GENERATED""#, "object_id": #""0123456789abcdef""#, "replica_sets": #"{"s":["n1"]}"#,
      "shard_ids": "[]", "content_size": "0", "atr_cost": #""0""#, "timestamp_tick": "0",
    ]
    return carried(base.merging(changes) { $1 })
  }

  private static func flat(_ type: String, _ fields: String) -> String {
    fields.isEmpty ? #"{"event_type":"\#(type)"}"# : #"{"event_type":"\#(type)",\#(fields)}"#
  }

  private static func context(_ registry: String, _ telemetry: String = "{}") -> String {
    flat("AEGIS_CONTEXT", #""payload":{"registry_snapshot":\#(registry),"telemetry_snapshot":\#(telemetry)}"#)
  }

  private static let invalid: [String] =
    [
      // JSON faults, wherever they are.
      #"{"event_type":"READ","note":"\ud800"}"#, #"{"event_type":"READ","note":{"a":[{"b":1,"b":2}]}}"#,
      #"{"event_type":"NOBODY","x":1,"\u0078":2}"#,
      #"{"event_type":"READ","x":\#(String(repeating: "[", count: 512) + String(repeating: "]", count: 512))}"#,
      "null", "5", "[]", #""STORE""#, "true", "{}", #"{"event_type":null}"#, #"{"event_type":5}"#,
      // Runbook STOREs.
      flat("STORE", #""version":1,"content_size":1"#), flat("STORE", #""object_id":5,"version":1,"content_size":1"#),
      flat("STORE", #""object_id":null,"version":"x","content_size":1"#),
      flat("STORE", #""object_id":"a","version":1"#),
    ]
    + ["-1", "1.0", "1e3", "true", "\"1\"", "null", "1073741825", "18446744073709551616"].map {
      flat("STORE", #""object_id":"a","version":1,"content_size":\#($0)"#)
    }
    + ["1.5", "null", "\"1\"", "9223372036854775808", "-9223372036854775809"].map {
      flat("STORE", #""object_id":"a","version":1,"content_size":1,"timestamp":\#($0)"#)
    }
    + [
      // Event dialect without payload.
      carried(["content_size": nil]), carried(["content_size": "null"]), carried(["content_size": "1073741825"]),
      carried(["atr_cost": nil]), carried(["atr_cost": "101"]), carried(["hash_commit": "\"abc\""]),
      carried(["hash_commit": "\"\(String(repeating: "A", count: 64))\""]), carried(["hash_commit": "5"]),
      carried(["epoch": "null"]), carried(["epoch": "1.0"]), carried(["epoch": "9223372036854775808"]),
      carried(["timestamp_tick": "\"3\""]), carried(["shard_ids": "{}"]), carried(["shard_ids": "[5]"]),
      carried(["replica_sets": "[]"]), carried(["replica_sets": #"{"x":"n1"}"#]),
      carried(["replica_sets": #"{"x":[1]}"#]),
      // Event dialect with payload.
      payload(["payload": "5"]), payload(["payload": "[]"]), payload(["payload": "{}"]),
      payload(["payload": #"{"metadata":{}}"#]), payload(["payload": #"{"metadata":[],"content":""}"#]),
      payload(["payload": #"{"metadata":{},"content":5}"#]), payload(["payload": #"{"metadata":{},"content":"QQ"}"#]),
      payload(["payload": #"{"metadata":{},"content":"Q*=="}"#]),
      payload(["payload": #"{"metadata":{},"content":"="}"#]), payload(["payload": #"{"metadata":{},"content":"=="}"#]),
      payload(["hash_commit": "null"]),
      payload(["content_size": "5.0"]),
      // Proofs.
      proof(["object_id": "null"]), proof(["replica_sets": nil]), proof(["replica_sets": "{}"]),
      proof(["replica_sets": #"{"a":[],"b":[]}"#]), proof(["replica_sets": #"{"a":5}"#]), proof(["epoch": "1.0"]),
      proof(["shard_ids": "5"]), proof(["hash_commit": "\"x\""]),
      proof(["event_type": "\"PROOF_FAILED\"", "object_id": "[]"]),
      proof(["event_type": "\"PROOF_FAILED\"", "epoch": "\"1\""]),
      // The control plane.
      flat("NODE_REGISTRATION", ""), flat("NODE_REGISTRATION", #""node_id":5"#),
      flat("NODE_REGISTRATION", #""node_id":"n","host":null"#),
      flat("NODE_REGISTRATION", #""node_id":"n","port":null"#),
      flat("NODE_REGISTRATION", #""node_id":"n","port":1.0"#), flat("NODE_REGISTRATION", #""replica_sets":null"#),
      flat("NODE_REGISTRATION", #""replica_sets":{"host":"h"}"#), flat("NODE_UNREGISTRATION", ""),
      flat("NODE_UNREGISTRATION", #""node_id":null"#), flat("NODE_STATUS", #""node_id":"n1""#),
      flat("NODE_STATUS", #""node_id":"n1","status":"ACTIVE""#), flat("NODE_STATUS", #""node_id":"n1","status":null"#),
      flat("NODE_UPTIME", #""node_id":"n1""#), flat("NODE_UPTIME", #""node_id":"n1","uptime_bucket":-1"#),
      flat("NODE_UPTIME", #""node_id":"n1","uptime_bucket":1.0"#), flat("NODE_UPTIME", #""uptime_bucket":1"#),
      flat("EPOCH_ADVANCEMENT", ""), flat("EPOCH_ADVANCEMENT", #""epoch":"1""#),
      flat("EPOCH_ADVANCEMENT", #""epoch":1,"payload":5"#),
      flat("EPOCH_ADVANCEMENT", #""epoch":1,"payload":{"registry_snapshot":[]}"#),
      flat("NOD_REWARDS", ""), flat("NOD_REWARDS", #""epoch":1.5"#), flat("AEGIS_CONTEXT", #""payload":"x""#),
      // Malformed snapshots.
      context("5"), context("{}", "[]"), context(#"{"nodes":[]}"#), context(#"{"nodes":null}"#),
      context(#"{"nodes":{"n1":5}}"#), context(#"{"nodes":{"n1":{"revoked":"no"}}}"#),
      context(#"{"nodes":{"n1":{"pqc_public_key":5}}}"#), context(#"{"nodes":{"n1":{"pqc_scheme":[]}}}"#),
      context("{}", #"{"nodes":{"n1":{"uptime_ratio":0.9}}}"#),
      context("{}", #"{"nodes":{"n1":{"uptime_ratio":"-1"}}}"#),
      context("{}", #"{"nodes":{"n1":{"health_score":"340282366920938463464"}}}"#),
      context("{}", #"{"nodes":{"n1":{"conflict_detected":1}}}"#),
    ]

  private static let invalidVersion: [String] =
    ["null", "-1", "1.0", "\"1\"", "18446744073709551616", "true"].flatMap { (version: String) in
      [
        flat("STORE", #""object_id":"a","version":\#(version),"content_size":"bad""#), payload(["version": version]),
        proof(["version": version]),
      ]
    } + [flat("STORE", #""object_id":"a","content_size":1"#), carried(["version": nil])]

  private static let mismatch: [String] = [
    carried(["atr_cost": "\"99.000000000000000000\""]), carried(["atr_cost": "\"101\""]),
    carried(["shard_ids": "[]"]), carried(["shard_ids": #"["x"]"#]), carried(["replica_sets": "{}"]),
    carried(["replica_sets": #"{"x":["n1"]}"#]), carried(["event_id": "\"\(String(repeating: "0", count: 64))\""]),
    carried(["event_id": "null"]), carried(["event_id": "5"]), payload(["content_size": "4"]),
    payload(["hash_commit": "\"\(String(repeating: "a", count: 64))\""]),
    payload(["atr_cost": "\"100.000000000000000000\""]),
    payload(["event_id": "\"\(String(repeating: "0", count: 64))\""]), proof(["event_id": "\"\""]),
    flat("NODE_REGISTRATION", #""replica_sets":{"node_id":"n1","host":"h","port":1},"event_id":"x""#),
    flat("EPOCH_ADVANCEMENT", #""epoch":7,"replica_sets":{},"event_id":"x""#),
  ]

  private static let contextMissing: [String] = [
    flat("AEGIS_CONTEXT", ""), flat("AEGIS_CONTEXT", #""payload":null"#), flat("AEGIS_CONTEXT", #""payload":{}"#),
    flat("AEGIS_CONTEXT", #""payload":{"registry_snapshot":{}}"#),
    flat("AEGIS_CONTEXT", #""payload":{"telemetry_snapshot":{}}"#), context("null"),
  ]

  /// Overflows: of a bucket, and of rewards (bytes × bucket).
  private static let overflow: [String] = [
    flat("NODE_UPTIME", #""node_id":"n1","uptime_bucket":340282366920938463464"#),
    flat("NODE_UPTIME", #""node_id":"n1","uptime_bucket":\#(String(repeating: "9", count: 400))"#),
    flat("NOD_REWARDS", #""epoch":1"#),
  ]

  private static let all: [(code: ErrorCode, entries: [String])] = [
    (.invalidInput, invalid), (.invalidVersion, invalidVersion), (.integrityMismatch, mismatch),
    (.aegisContextMissing, contextMissing), (.internal, overflow),
  ]

  @Test func `each bad entry is rejected with its code and leaves no trace`() throws {
    for (code, entries) in RejectionTests.all {
      for entry in entries { try expectRejected(entry, code) }
    }
  }

  private func expectRejected(_ entry: String, _ code: ErrorCode) throws {
    var engine = try LogText.replay(RejectionTests.before)
    let state = engine.state
    let result = engine.result
    let event = try engine.replay(RawEntry(Array(entry.utf8), ordinal: 41_207, byteOffset: 9_112_004)).event
    #expect(event == nil, "\(entry)")
    #expect(engine.state == state, "\(entry)")
    #expect(engine.result.roots == result.roots, "\(entry)")
    #expect(engine.result.checkpoints == result.checkpoints)
    let rejection = try #require(engine.result.rejects.items.first, "\(entry)")
    #expect(rejection.code == code, "\(entry): \(rejection.message)")
    #expect(rejection.ordinal.value == 41_207)
    #expect(rejection.byteOffset == 9_112_004)
    #expect(!rejection.message.isEmpty)
    expectSum(engine.result.entries)
    #expect(engine.result.entries.rejected == 1)
  }

  private func expectSum(_ entries: EntryCounts) {
    let parts = entries.applied + entries.acknowledged + entries.rejected + entries.unsupported
    #expect(entries.total == parts)
    #expect(entries.total == UInt64(RejectionTests.before.count + 1))
  }

  @Test func `the entries that the bad ones are made from are good`() throws {
    for entry in [RejectionTests.carried([:]), RejectionTests.payload([:]), RejectionTests.proof([:])] {
      let result = try LogText.replay(RejectionTests.before + [entry]).result
      #expect(result.entries.rejected == 0, "\(entry): \(result.rejects.items.map(\.message))")
      #expect(result.entries.applied == UInt64(RejectionTests.before.count))
    }
  }

  @Test func `an unknown type is counted by name and changes nothing`() throws {
    var engine = try LogText.replay(RejectionTests.before)
    let state = engine.state
    for type in ["store", "STORE ", "caf\u{E9}", "cafe\u{301}"] {
      _ = try engine.replay(RawEntry(Array(RejectionTests.flat(type, #""version":-1"#).utf8), ordinal: 0))
    }
    #expect(engine.state == state)
    #expect(engine.result.entries.unsupported == 4)
    #expect(engine.result.entries.unsupportedTypes.count == 4, "names are bytes")
  }

  @Test func `fees and node counters that would overflow reject the STORE`() throws {
    // Constants under which one chunk holds any content: the only way to such sums in a test's time.
    var configuration = ReplayConfiguration()
    configuration.constants.chunkBytes = 1 << 62
    configuration.contentBytesMax = 1 << 62
    let size = UInt64(1) << 62
    let cost = try AtrCost.cost(contentBytes: size, metadataKeyCount: 99, constants: configuration.constants)
    let store = RejectionTests.carried([
      "content_size": String(size), "atr_cost": "\"\(cost.decimalString)\"", "epoch": nil,
    ])
    for (nodes, appliedMax) in [(0, 379), (1, 24)] {
      let registrations = Array(repeating: RejectionTests.flat("NODE_REGISTRATION", #""node_id":"n""#), count: nodes)
      var engine = try LogText.replay(
        registrations + Array(repeating: store, count: appliedMax), configuration: configuration)
      #expect(engine.result.entries.rejected == 0)
      let state = engine.state
      _ = try engine.replay(RawEntry(Array(store.utf8), ordinal: 1))
      #expect(engine.result.rejects.items.map(\.code) == [.internal])
      #expect(engine.state == state)
    }
  }

  @Test func `a rejected STORE leaves an empty cache empty`() throws {
    var configuration = ReplayConfiguration()
    configuration.constants.chunkBytes = 1 << 62
    configuration.contentBytesMax = 1 << 62
    // The node's counter overflows at the first of these; had the cache been filled on the way, n2 would not be seen.
    let huge = RejectionTests.carried([
      "content_size": String(UInt64(1) << 62), "epoch": nil,
      "atr_cost":
        "\"\(try AtrCost.cost(contentBytes: 1 << 62, metadataKeyCount: 0, constants: configuration.constants).decimalString)\"",
    ])
    let node = RejectionTests.flat("NODE_REGISTRATION", #""node_id":"n""#)
    let clear = RejectionTests.flat("NODE_STATUS", #""node_id":"n","status":"active""#)
    var engine = try LogText.replay(
      [node] + Array(repeating: huge, count: 24) + [clear], configuration: configuration)
    let state = engine.state
    _ = try engine.replay(RawEntry(Array(huge.utf8), ordinal: 1))
    #expect(engine.result.entries.rejected == 1)
    #expect(engine.state == state)
  }

  @Test func `what is not JSON damages the log, at the offending byte`() throws {
    var engine = GoldenEngine(ReplayConfiguration())
    do throws(LogError) {
      _ = try engine.replay(RawEntry(Array("{\"a\": NaN}".utf8), ordinal: 3, byteOffset: 100))
      Issue.record("NaN is not JSON")
    } catch {
      #expect(error == LogError(.notJSON(.unexpectedByte), ordinal: 3, byteOffset: 106))
    }
  }
}
