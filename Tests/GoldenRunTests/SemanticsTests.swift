import GoldenRun
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct SemanticsTests {
  private let node = #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#

  private func store(_ id: String, size: Int = 1) -> String {
    #"{"event_type":"STORE","object_id":\#(id),"version":1,"content_size":\#(size)}"#
  }

  @Test func `ids that are canonically equal stay two objects`() throws {
    let engine = try LogText.replay([store("\"caf\u{E9}\""), store("\"cafe\u{301}\"")])
    #expect(engine.result.state.objectCount == 2)
    #expect(engine.sortedObjects.map(\.id.bytes) == [Array("cafe\u{301}".utf8), Array("caf\u{E9}".utf8)])
  }

  @Test func `raw UTF-8 and escapes give the same root`() throws {
    let raw = [#"{"event_type":"NODE_REGISTRATION","node_id":"é😀"}"#, store("\"cafe\u{301} 😀 \u{2028}\"")]
    let escaped = [
      #"{"event_type":"NODE_REGISTRATION","node_id":"\u00e9\uD83D\ude00"}"#,
      store(#""cafe\u0301 \ud83d\uDE00 \u2028""#),
    ]
    #expect(try LogText.replay(raw).result.roots == LogText.replay(escaped).result.roots)
  }

  @Test func `metadata number tokens are kept as written`() throws {
    func result(_ token: String) throws -> ReplayResult {
      let payload = #""payload":{"metadata":{"a":\#(token)},"content":""}"#
      let entry = #"{"event_type":"STORE","object_id":"a","version":1,\#(payload)}"#
      return try LogText.replay([entry]).result
    }
    #expect(try result("1.0").roots.state != result("1").roots.state)
    #expect(try result("-0").roots.state != result("0").roots.state)
    #expect(try result("1").roots.state == result(" 1 ").roots.state)
  }

  @Test func `an intact event of a live engine comes back with its id, whatever the order of its fields`() throws {
    let log = try Fixture.bytes(of: "live-content.jsonl.lz4").split(separator: UInt8(ascii: "\n")).map(Array.init)
    var engine = GoldenEngine(ReplayConfiguration())
    for (ordinal, line) in log.enumerated() {
      let members = try #require(JSONReader.read(line).value.objectValue?.members)
      let reversed = JSONObject(members.reversed().map { ($0.key, $0.value) })
      let entry = RawEntry(JSONFormat.line.encode(.object(reversed)), ordinal: UInt64(ordinal))
      let event = try engine.replay(entry).event
      guard let id = reversed["event_id"] else { continue }
      #expect(event.map { .hexadecimal($0.id) } == id)
    }
    #expect(
      .hexadecimal(engine.result.roots.state)
        == (try Fixture.expected("live-content").object("commitment")["state_root"]))
  }

  @Test func `an event recorded under another epoch diverges, keeps its id, and does not move the epoch`() throws {
    var fields = EventFields(eventType: .nodeRegistration, epoch: Epoch(9))
    fields[.replicaSets] = .members(["node_id": .text("n"), "host": .text("h"), "port": .integer(1)])
    let recorded = StorageEvent(fields)
    var engine = GoldenEngine(ReplayConfiguration())
    let event = try engine.replay(RawEntry(JSONFormat.line.encode(.object(recorded.json)), ordinal: 5)).event
    #expect(event?.id == recorded.id)
    let result = engine.result
    #expect(result.entries.diverged == 1)
    #expect(result.state.currentEpoch == Epoch(0))
    #expect(result.divergences.items.map(\.field) == ["epoch"])
    #expect(result.divergences.items.first?.recorded == .integer(9))
    #expect(result.divergences.items.first?.derived == .integer(0))
  }

  @Test func `what no replay can derive is emitted as recorded where an id proves it, and is no divergence`() throws {
    var fields = EventFields(eventType: .epochAdvancement, epoch: Epoch(3))
    fields[.pqcSignature] = .text("signature")
    let signed = StorageEvent(fields)
    let plain = EventFields(eventType: .epochAdvancement, epoch: Epoch(3))
    var engine = GoldenEngine(ReplayConfiguration())
    let event = try engine.replay(RawEntry(JSONFormat.line.encode(.object(signed.json)), ordinal: 0)).event
    #expect(event?.id == signed.id)
    let withoutID = try engine.replay(RawEntry(JSONFormat.line.encode(fields.json), ordinal: 1)).event
    #expect(withoutID == StorageEvent(plain), "without an id nothing proves the field")
    #expect(engine.result.entries.diverged == 0)
  }

  @Test func `a proof of an object that nobody stored diverges, one without shard ids is carried`() throws {
    func proof(_ shardIDs: String) -> String {
      #"{"event_type":"PROOF_GENERATED","object_id":"x","version":1,"shard_ids":\#(shardIDs),"replica_sets":{"s":["n","m"]}}"#
    }
    let unknown = try LogText.replay([proof("[\"\(String(repeating: "0", count: 64))\"]")]).result
    #expect(unknown.entries.diverged == 1)
    #expect(unknown.divergences.items.map(\.field) == ["object"])
    #expect(unknown.proofs.carried == 0)
    let carried = try LogText.replay([proof("[]")]).result
    #expect(carried.entries.diverged == 0)
    #expect(carried.proofs == expected(generated: 2, carried: 1))
  }

  private func expected(generated: UInt64, carried: UInt64) -> ProofCounts {
    var counts = ProofCounts()
    counts.generated = generated
    counts.carried = carried
    return counts
  }

  @Test func `orphans stay when an object shrinks, and count`() throws {
    let engine = try LogText.replay([node, store("\"a\"", size: 262_145), store("\"a\"", size: 3)])
    #expect(engine.result.state.shardCount == 2)
    #expect(engine.sortedObjects.map(\.shardIDs.count) == [1])
  }

  @Test func `content at the size limit is stored, beyond it is not`() throws {
    var configuration = ReplayConfiguration()
    configuration.contentBytesMax = 10
    let result = try LogText.replay([store("\"a\"", size: 10), store("\"b\"", size: 11)], configuration: configuration)
      .result
    #expect(result.entries.applied == 1)
    #expect(result.rejects.items.map(\.ordinal.value) == [1])
  }

  @Test func `a success ratio is cut, not rounded, and zero for an empty log`() {
    var counts = EntryCounts()
    #expect(counts.successRatio == "0.000000")
    counts.applied = 2
    counts.countRejected(.invalidInput)
    #expect(counts.successRatio == "0.666666")
    counts = EntryCounts()
    counts.acknowledged = 1
    #expect(counts.successRatio == "1.000000")
  }
}
