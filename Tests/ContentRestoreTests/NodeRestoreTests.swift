import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `restore --node`: just the shards that the state places on a node.
@Suite struct NodeRestoreTests {
  /// What a node holds by the golden engine: shard, positions, whether it is an orphan.
  private static func shards(of node: Identifier, _ expected: ExpectedContents) -> [(
    object: StoredObject, index: Int, shard: StoredObject.Shard, positions: [Int]
  )] {
    expected.objects.flatMap { object in
      object.shards.enumerated().compactMap { index, shard in
        let positions = shard.assignedNodes.indices.filter { shard.assignedNodes[$0] == node }
        return positions.isEmpty ? nil : (object, index, shard, positions)
      }
    }
  }

  @Test(arguments: [
    "live-content.jsonl.lz4", "live-control.jsonl.lz4", "live-mixed.jsonl.lz4", "live-unlogged.jsonl.lz4",
  ])
  func `every node gets its shards, orphans included, each with its Merkle root`(log: String) throws {
    let expected = try ExpectedContents(of: Fixture.path(log))
    let folder = try TemporaryFolder()
    let nodes = Set(expected.objects.flatMap { $0.shards.flatMap(\.assignedNodes) }).sorted()
    #expect(nodes.count > 1)
    for (number, node) in nodes.enumerated() {
      let target = RestoredFolder(folder, "\(number)")
      let held = Self.shards(of: node, expected)
      let isKnown = held.allSatisfy { expected.shards[$0.shard.id] != .some(nil) }
      let report = try target.restore(
        Fixture.path(log), ["--node-hex", Hexadecimal.encode(node.bytes).map { String(UnicodeScalar($0)) }.joined()],
        status: isKnown && !expected.hasRejects ? 0 : 3)
      #expect(try report.text("kind") == "shards")
      let lines = try target.manifest
      #expect(lines.count == held.count, "\(node.text)")
      for (line, item) in zip(lines, held) { try check(line, item, expected, target) }
    }
  }

  private func check(
    _ line: JSONObject, _ item: (object: StoredObject, index: Int, shard: StoredObject.Shard, positions: [Int]),
    _ expected: ExpectedContents, _ target: RestoredFolder
  ) throws {
    #expect(line["shard_id"] == .hexadecimal(item.shard.id))
    #expect(line["object_id"] == .string(item.object.id.bytes))
    #expect(line["version"] == .integer(item.object.version.value))
    #expect(line["shard_index"] == .integer(item.index))
    #expect(line["replica_positions"] == .array(item.positions.map(JSONValue.integer)))
    #expect(line["is_orphan"] == .boolean(item.index >= item.object.currentShardCount))
    #expect(line["size"] == .integer(item.shard.chunkBytes))
    guard case .some(.some(let bytes)) = expected.shards[item.shard.id] else {
      #expect(try line.text("status") == "unrecoverable")
      return
    }
    #expect(line["merkle_root"] == item.shard.merkleRoot.map(JSONValue.hexadecimal))
    #expect(try target.read(line.text("file")) == bytes)
    #expect(try line.text("file").hasSuffix(item.shard.id.hexadecimal))
  }

  /// An object of three shards that is replaced by one, and by one more: the orphans stay those of who wrote them.
  @Test func `orphans come from the STORE that wrote them, and a node that is named twice holds one file`() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(Self.orphaning, "log.jsonl")
    let target = RestoredFolder(folder)
    try target.restore(log, ["--node", "n"], status: 0)
    let lines = try target.manifest
    #expect(lines.map { $0["ordinal"] } == [.integer(3), .integer(2), .integer(1)])
    #expect(lines.map { $0["is_orphan"] } == [.boolean(false), .boolean(true), .boolean(true)])
    #expect(lines.allSatisfy { $0["replica_positions"] == .array([0, 1, 2].map(JSONValue.integer)) })
    let bytes = try target.files.map { try target.read($0) }
    #expect(bytes[0] == Array(repeating: UInt8(ascii: "c"), count: 9))
    #expect(bytes[1] == Array(repeating: UInt8(ascii: "b"), count: 10))
    #expect(bytes[2] == Array(repeating: UInt8(ascii: "a"), count: 7))
    var changed = bytes[1]
    changed[5] ^= 1
    try target.write(changed, target.files[1])
    let again = try target.restore(log, ["--node", "n"], status: 0)
    #expect(try again.object("counts")["mended"] == .integer(1))
    #expect(try again.object("counts")["already_there"] == .integer(2))
    #expect(try target.read(target.files[1]) == bytes[1])
    let whole = RestoredFolder(folder, "whole")
    try whole.restore(log, status: 0)
    #expect(try whole.files.map { try whole.read($0) } == [bytes[0]])
  }

  private static var orphaning: [UInt8] {
    let store: (Character, Int) -> String = { letter, count in
      let content = Data(String(repeating: letter, count: count).utf8).base64EncodedString()
      return
        #"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"\#(content)"}}"#
    }
    return LogText.lines([
      #"{"event_type":"NODE_REGISTRATION","node_id":"n","host":"h","port":1}"#, store("a", 2 * 262_144 + 7),
      store("b", 262_144 + 10), store("c", 9),
    ])
  }

  @Test func `a node that nobody knows is answered by no, and nothing is written`() throws {
    let folder = try TemporaryFolder()
    let target = RestoredFolder(folder)
    let log = try folder.write(
      Self.orphaning + LogText.lines([#"{"event_type":"NODE_REGISTRATION","node_id":"idle","host":"h","port":1}"#]),
      "log.jsonl")
    let report = try target.restore(log, ["--node", "stranger"], status: 1)
    #expect(report["found"] == .boolean(false))
    #expect(!target.has(""))
    let idle = try target.restore(log, ["--node", "idle"], status: 0)
    #expect(idle["found"] == .boolean(true))
    #expect(try target.manifest.isEmpty)
  }
}
