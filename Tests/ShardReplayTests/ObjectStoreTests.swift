import GoldenRun
import LogDecoding
import LogReading
import ReplayTestSupport
import ShardReplay
import StateCommitment
import StorageProtocol
import Testing

/// Objects written and written over, against the golden engine: chunks are 16 bytes, so that small contents have many.
@Suite struct ObjectStoreTests {
  private static let configuration = {
    var configuration = ReplayConfiguration()
    configuration.constants.chunkBytes = 16
    configuration.constants.merkleBlockBytes = 4
    return configuration
  }()

  /// STOREs of every dialect on few objects, so that contents shrink and grow; placements as derived, as recorded, and on
  /// nodes nobody registered; nodes that come and go; proofs.
  private struct Log {
    var random: SeededGenerator

    mutating func entry() -> String {
      switch random.index(below: 20) {
      case 0: #"{"event_type":"NODE_REGISTRATION","node_id":"\#(node())"}"#
      case 1: #"{"event_type":"NODE_UNREGISTRATION","node_id":"\#(node())"}"#
      case 2:
        #"{"event_type":"NODE_STATUS","node_id":"\#(node())","status":"\#(random.choice(["active", "inactive"]))"}"#
      case 3: #"{"event_type":"EPOCH_ADVANCEMENT","epoch":\#(random.index(below: 5))}"#
      default: store()
      }
    }

    private mutating func node() -> String { "n\(random.index(below: 6))" }

    private mutating func store() -> String {
      let (id, version) = ("o\(random.index(below: 12))", UInt64(random.index(below: 3)))
      let byteCount = random.choice([0, 1, 15, 16, 17, 32, 33, 48, 80, 100])
      let head = #""event_type":"STORE","object_id":"\#(id)","version":\#(version)"#
      let sets = random.happens(percent: 50) ? #","replica_sets":{\#(replicaSets(id, version, byteCount))}"# : ""
      switch random.index(below: 3) {
      case 0: return #"{\#(head),"content_size":\#(byteCount),"timestamp":\#(random.index(below: 100))}"#
      case 1:
        let content = Array(repeating: UInt8(ascii: "A"), count: byteCount / 3 * 4)
        let tail = ["", "QQ==", "QkI="][byteCount % 3]
        let metadata = random.choice(["{}", #"{"k":1}"#, #"{"b":[1.50],"a":"\u00e9"}"#])
        let payload =
          #""payload":{"metadata":\#(metadata),"content":"\#(String(decoding: content, as: UTF8.self))\#(tail)"}"#
        return "{\(head),\(payload)\(sets)}"
      default:
        let hash = String(repeating: random.choice(["a", "b"]), count: 64)
        let cost = byteCount == 0 ? "0.000000000000000000" : "101.000000000000000000"
        return #"{\#(head),"hash_commit":"\#(hash)","content_size":\#(byteCount),"atr_cost":"\#(cost)"\#(sets)}"#
      }
    }

    private mutating func replicaSets(_ id: String, _ version: UInt64, _ byteCount: Int) -> String {
      let shards = (0..<(byteCount + 15) / 16).map { index in
        ObjectNaming.shardID(object: Identifier(id), version: ObjectVersion(version), index: UInt64(index)).hexadecimal
      }
      return shards.shuffled(using: &random).map { shard in
        let nodes = (0..<random.choice([0, 1, 2, 3, 3, 3, 4, 7])).map { _ in
          random.happens(percent: 30) ? "\"stranger\(random.index(below: 3))\"" : "\"\(node())\""
        }
        return "\"\(shard)\":[\(nodes.joined(separator: ","))]"
      }.joined(separator: ",")
    }
  }

  /// An object whose metadata is in canonical order: partitions keep metadata as canonical text.
  private static func canonical(_ object: StoredObject) -> StoredObject {
    var object = object
    object.metadata = object.metadata.flatMap { JSONValue.object($0).withSortedKeys.objectValue }
    return object
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `objects, orphans and placements are those of the golden engine after every batch`(seed: UInt64) throws {
    var log = Log(random: SeededGenerator(seed: seed))
    var configuration = ObjectStoreTests.configuration
    configuration.constants.replicationFactor = [3, 1, 2, 5][Int(seed % 4)]
    let staged = try StagedLog(partitionCount: [1, 3, 16, 256][Int(seed / 4 % 4)], configuration)
    var golden = GoldenEngine(configuration)
    var ordinal: UInt64 = 0
    for round in 0..<25 {
      let entries = (0..<1 + log.random.index(below: 60)).map { _ in log.entry() }
      try staged.apply(entries)
      for entry in entries {
        _ = try golden.replay(RawEntry(Array(entry.utf8), ordinal: ordinal))
        ordinal += 1
      }
      let result = golden.result
      #expect(result.entries.rejected == 0, "seed \(seed): \(result.rejects.items.first?.message ?? "")")
      let expected = golden.sortedObjects.sorted { $0.key < $1.key }.map(ObjectStoreTests.canonical)
      let difference = zip(staged.storedObjects, expected).first { $0 != $1 }
      #expect(difference == nil, "seed \(seed), batch \(round)")
      #expect(staged.storedObjects.count == expected.count, "seed \(seed), batch \(round)")
      #expect(staged.objectCount == expected.count, "seed \(seed), batch \(round)")
      #expect(UInt64(staged.shardCount) == result.state.shardCount, "seed \(seed), batch \(round)")
      #expect(staged.objectsRoot == result.roots.objects, "seed \(seed), batch \(round)")
    }
  }

  @Test func `a batch of no entries changes nothing, as the first one too`() throws {
    let staged = try StagedLog(partitionCount: 3)
    try staged.apply([])
    #expect(staged.storedObjects.isEmpty)
    try staged.apply([#"{"event_type":"STORE","object_id":"o","version":1,"content_size":5}"#])
    try staged.apply([])
    #expect(staged.storedObjects.count == 1)
    #expect(staged.objectCount == 1)
  }
}
