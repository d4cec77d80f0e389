import GoldenRun
import LogDecoding
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// The form of entries: the same codes and sentences as the golden engine's, in the order of tests (protocol.md 10).
@Suite struct EntryFormTests {
  private static let integers = [
    "0", "-0", "1", "-1", "7", "9223372036854775806", "9223372036854775807", "9223372036854775808",
    "-9223372036854775807", "-9223372036854775808", "-9223372036854775809", "18446744073709551614",
    "18446744073709551615", "18446744073709551616", "184467440737095516149", "184467440737095516150",
    "184467440737095516159", "184467440737095516160", "92233720368547758070", "-92233720368547758080",
    "340282366920938463463", "340282366920938463464", "340282366920938463463374607431768211455",
    "340282366920938463463374607431768211456", "99999999999999999999999999999999999999999999", "65535", "65536",
    "65537",
    "1.0", "0.0", "1e0", "1E2", "-0.0", "-0e0", "0e-1", "null", "true", "\"1\"", "[]", "{}",
  ]

  private static func entries(_ value: String) -> [String] {
    let digest = String(repeating: "a", count: 64)
    let carried =
      #""event_type":"STORE","object_id":"c","hash_commit":"\#(digest)","atr_cost":"101.000000000000000000""#
    let proof = #""event_type":"PROOF_GENERATED","object_id":"0123456789abcdef","replica_sets":{"s":["n"]}"#
    return [
      #"{"event_type":"STORE","object_id":"o","version":\#(value),"content_size":1}"#,
      #"{"event_type":"STORE","object_id":"o","version":1,"content_size":\#(value)}"#,
      #"{"event_type":"STORE","object_id":"o","version":1,"content_size":1,"timestamp":\#(value)}"#,
      #"{\#(carried),"version":\#(value),"content_size":5}"#, #"{\#(carried),"version":1,"content_size":\#(value)}"#,
      #"{\#(carried),"version":1,"content_size":5,"epoch":\#(value)}"#,
      #"{\#(carried),"version":1,"content_size":5,"timestamp_tick":\#(value)}"#,
      #"{"event_type":"STORE","object_id":"o","version":1,"content_size":\#(value),"payload":{"metadata":{},"content":""}}"#,
      #"{\#(proof),"version":\#(value)}"#, #"{\#(proof),"version":1,"epoch":\#(value)}"#,
      #"{"event_type":"PROOF_FAILED","object_id":"0123456789abcdef","version":\#(value)}"#,
      #"{"event_type":"PROOF_FAILED","object_id":"0123456789abcdef","version":1,"epoch":\#(value)}"#,
      #"{"event_type":"NODE_REGISTRATION","node_id":"n","port":\#(value)}"#,
      #"{"event_type":"NODE_REGISTRATION","replica_sets":{"node_id":"n","host":"h","port":\#(value)}}"#,
      #"{"event_type":"NODE_REGISTRATION","replica_sets":{"node_id":"n"},"epoch":\#(value)}"#,
      #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":\#(value)}"#,
      #"{"event_type":"EPOCH_ADVANCEMENT","epoch":\#(value)}"#, #"{"event_type":"NOD_REWARDS","epoch":\#(value)}"#,
    ]
  }

  @Test(arguments: integers)
  func `integers at the borders are taken and refused as the golden engine does`(value: String) throws {
    let difference = try DecodedLines().difference(EntryFormTests.entries(value).map { Array($0.utf8) })
    #expect(difference == nil)
  }

  @Test func `integers become the columns they are`() throws {
    let decoded = try DecodedLines()
    let digest = String(repeating: "a", count: 64)
    let entry = #"""
      {"event_type":"STORE","object_id":"c","hash_commit":"\#(digest)","atr_cost":"1","content_size":65536,
      """#.filter { $0 != "\n" }
    let log = [
      entry + #""version":18446744073709551615,"epoch":-9223372036854775808,"timestamp_tick":9223372036854775807}"#,
      entry + #""version":-0,"epoch":-0,"timestamp_tick":-9223372036854775808}"#,
    ]
    #expect(try decoded.decode(LogText.lines(log)) == nil)
    let records = Array(decoded.batch.records[..<2])
    #expect(records.map(\.version) == [.max, 0])
    #expect(records.map(\.epoch) == [.min, 0])
    #expect(records.map(\.tick) == [.max, .min])
    #expect(records.map(\.contentBytes) == [65536, 65536])
    #expect(records.allSatisfy { $0.source == .carried && $0.flags.contains(.hasTick) })
  }

  /// Every field of an event, and every value that might stand in it.
  @Test func `a value of every kind in every field is judged as the golden engine does`() throws {
    let digest = String(repeating: "a", count: 64)
    let values =
      EntryFormTests.integers.suffix(12) + [
        "\"\"", "\"\(digest)\"", "\"\(digest.uppercased())\"", "\"\(digest)a\"", #""\u0061\#(digest.dropLast())""#,
        "[1]",
        "[\"\(digest)\"]", "[\"x\",\"\(digest)\"]", "[[]]", "{\"\(digest)\":[]}", "{\"\(digest)\":[\"n\",\"m\"]}",
        "{\"s\":[1]}", "{\"s\":{}}", "{\"s\":null}", "{\"s\":[],\"t\":[]}", "\"active\"", "\"Active\"",
        #"{"metadata":{},"content":"aGVsbG8="}"#, #"{"metadata":null,"content":""}"#, #"{"metadata":{}}"#,
        #"{"metadata":{},"content":5}"#, #"{"metadata":{},"content":"x"}"#,
        #"{"registry_snapshot":{},"telemetry_snapshot":{}}"#,
        #"{"registry_snapshot":{"nodes":[]},"telemetry_snapshot":{}}"#,
        #"{"registry_snapshot":{},"telemetry_snapshot":5}"#,
        #"{"registry_snapshot":{"nodes":{"n":{"revoked":1}}},"telemetry_snapshot":{}}"#,
        #"{"registry_snapshot":{},"telemetry_snapshot":{"nodes":{"n":{"uptime_ratio":"x"}}}}"#,
      ]
    var texts: [[UInt8]] = []
    for type in EventType.allCases {
      for (name, _) in EntryFormTests.fields {
        for value in values {
          let members = EntryFormTests.fields.map { "\"\($0.name)\":\($0.name == name ? value : $0.value)" }
          texts.append(Array("{\"event_type\":\"\(type.rawValue)\",\(members.joined(separator: ","))}".utf8))
          let few = EntryFormTests.fields.filter { ["object_id", "version", "node_id", name].contains($0.name) }
            .map { "\"\($0.name)\":\($0.name == name ? value : $0.value)" }
          texts.append(Array("{\(few.joined(separator: ",")),\"event_type\":\"\(type.rawValue)\"}".utf8))
        }
      }
    }
    let difference = try DecodedLines().difference(texts)
    #expect(difference == nil)
  }

  private static let fields: [(name: String, value: String)] = [
    ("object_id", "\"o\""), ("version", "1"), ("content_size", "5"), ("atr_cost", "\"101.000000000000000000\""),
    ("hash_commit", "\"\(String(repeating: "b", count: 64))\""), ("shard_ids", "[]"),
    ("replica_sets", "{\"s\":[\"n\"]}"),
    ("epoch", "0"), ("timestamp_tick", "1"), ("pqc_signature", "null"), ("error_code", "null"),
    ("error_detail", "null"),
    ("payload", "null"), ("timestamp", "1"), ("node_id", "\"n\""), ("host", "\"h\""), ("port", "1"),
    ("status", "\"active\""), ("uptime_bucket", "1"), ("event_id", "\"\(String(repeating: "c", count: 64))\""),
  ]

  // MARK: Bad entries

  @Test func `every bad entry of the fixture is rejected with the golden code and sentence, or left to derivation`()
    throws
  {
    let text = try Fixture.bytes(of: "bad-entries.jsonl.lz4")
    let decoded = try DecodedLines(ReplayConfiguration())
    #expect(try decoded.decode(text) == nil)
    let golden = try GoldenReplay.replay(
      .file(path: Fixture.path("bad-entries.jsonl.lz4")), configuration: ReplayConfiguration(),
      reading: LogReadingOptions()
    ).result.rejects.items
    let expected = try Fixture.expected("bad-entries.jsonl.lz4").elements("rejects")
    #expect(golden.count == expected.count && golden.count == 62)
    var byEntry: [Int: EntryFault] = [:]
    for rejection in decoded.batch.rejections { byEntry[rejection.entry] = rejection.fault }
    #expect(decoded.batch.rejections.map(\.entry) == byEntry.keys.sorted(), "in the order of the entries")
    for (rejection, listed) in zip(golden, expected) {
      let entry = Int(rejection.ordinal.value)
      #expect(listed.objectValue?["ordinal"]?.integer(as: Int.self) == entry)
      #expect(try listed.objectValue?.text("code") == rejection.code.rawValue)
      if let fault = byEntry.removeValue(forKey: entry) {
        #expect(fault.code == rejection.code && fault.message == rejection.message, "entry \(entry)")
      } else {
        #expect(rejection.code == .integrityMismatch, "entry \(entry): \(rejection.message)")
      }
    }
    #expect(byEntry.isEmpty, "rejected by decoding only: \(byEntry)")
  }
}
