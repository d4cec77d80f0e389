import Derivation
import Glibc
import LogDecoding
import ReplayTestSupport
import ShardReplay
import StateCommitment
import StorageProtocol
import Testing

/// The index and the records of a partition, through what a partition offers: keys are what the tests say, not hashes.
///
/// Each object is decoded and derived with no content; key, chunks and roots are then set. What is compared is a dictionary.
@Suite(.serialized) struct KeyIndexTests {
  /// A STORE as the tests want it.
  private struct Write {
    let key: Digest
    /// Tells id and version: the same for every STORE of a key.
    let object: Int
    let chunkCount: Int
    let writer: Digest

    var entry: String { #"{"event_type":"STORE","object_id":"o\#(object)","version":\#(object % 3),"content_size":0}"# }
  }

  /// What is to be stored: of each key the writer and the count of current chunks, and each shard's root and writer.
  private struct Model {
    struct Object: Equatable {
      var writer: Digest
      var currentCount: Int
      var shards: [Shard] = []
    }

    struct Shard: Equatable {
      let root: Digest
      let writer: Digest
    }

    var objects: [Digest: Object] = [:]

    mutating func apply(_ write: Write) {
      let orphans = objects[write.key]?.shards.dropFirst(write.chunkCount) ?? []
      let shards = (0..<write.chunkCount).map { Shard(root: KeyIndexTests.root(write, $0), writer: write.writer) }
      objects[write.key] = Object(writer: write.writer, currentCount: write.chunkCount, shards: shards + orphans)
    }

    var shardCount: Int { objects.values.reduce(0) { $0 + $1.shards.count } }

    var root: Digest {
      SparseTree.root(
        of: objects.map { key, object in
          CommittedObject(
            key: key, writer: object.writer, currentShardCount: object.currentCount,
            shards: object.shards.map { CommittedObject.Shard(merkleRoot: $0.root, writer: $0.writer) }
          ).leaf
        })
    }
  }

  private static func root(_ write: Write, _ chunk: Int) -> Digest {
    Digest(words: (write.writer.prefix, UInt64(write.object), UInt64(chunk), 1))
  }

  private static func set(_ writes: [Write], _ log: StagedLog) {
    for (entry, write) in writes.enumerated() {
      let roots = log.derived.arena.allocate(Digest.self, max(1, write.chunkCount))
      for chunk in 0..<write.chunkCount { (roots + chunk).initialize(to: root(write, chunk)) }
      log.decoded.records[entry].contentBytes = UInt64(write.chunkCount) << 18
      log.derived.records[entry].key = write.key
      log.derived.records[entry].chunkCount = write.chunkCount
      log.derived.records[entry].eventID = write.writer
      log.derived.records[entry].merkleRoots = UnsafePointer(roots)
    }
  }

  private func apply(_ writes: [Write], to log: StagedLog, _ model: inout Model) throws {
    try log.apply(writes.map(\.entry)) { KeyIndexTests.set(writes, $0) }
    for write in writes { model.apply(write) }
  }

  private func compare(_ log: StagedLog, _ model: Model, _ comment: Comment) {
    let stored = log.storedObjects
    #expect(stored.map(\.key) == model.objects.keys.sorted(), comment)
    let wrong = stored.first { object in
      let shards = object.shards.map { Model.Shard(root: $0.merkleRoot ?? .zero, writer: $0.writer) }
      return model.objects[object.key]
        != Model.Object(writer: object.writer, currentCount: object.currentShardCount, shards: shards)
    }
    #expect(wrong == nil, comment)
    #expect(log.objectCount == model.objects.count, comment)
    #expect(log.shardCount == model.shardCount, comment)
    #expect(log.objectsRoot == model.root, comment)
  }

  private func writes(_ keys: [Digest], _ random: inout SeededGenerator, chunksMax: Int = 2) -> [Write] {
    keys.enumerated().map { object, key in
      Write(
        key: key, object: object, chunkCount: random.index(below: chunksMax + 1),
        writer: Digest(words: (random.next(), 2, 3, UInt64(object))))
    }
  }

  // MARK: Keys

  @Test func `tens of thousands of keys are found again, replaced, and come out in order`() throws {
    var random = SeededGenerator(seed: 1)
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    let keys = (0..<40_000).map { _ in Digest(words: (random.next(), random.next(), random.next(), random.next())) }
    for round in 0..<2 {
      let writes = writes(keys, &random).shuffled(using: &random)
      for start in stride(from: 0, to: writes.count, by: 4000) {
        try apply(Array(writes[start..<start + 4000]), to: log, &model)
      }
      compare(log, model, "round \(round)")
    }
  }

  @Test(arguments: [0, 1, 0x1234_5678_9ABC_DEF0, .max / 2, .max - (1 << 62)] as [UInt64])
  func `keys that share their first 64 bits are told apart`(prefix: UInt64) throws {
    var random = SeededGenerator(seed: prefix)
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    var keys: [Digest] = []
    // Keys of one tag too (the last 64 bits), of neighbouring prefixes, and of none of that.
    for count in 0..<600 {
      keys.append(Digest(words: (prefix, UInt64(count), 5, 6)))
      keys.append(Digest(words: (prefix, random.next(), random.next(), random.next())))
      keys.append(Digest(words: (prefix &+ UInt64(count), 7, 8, random.next())))
      keys.append(Digest(words: (random.next(), random.next(), random.next(), random.next())))
    }
    for round in 0..<3 {
      try apply(writes(keys, &random).shuffled(using: &random), to: log, &model)
      compare(log, model, "first 64 bits \(prefix), round \(round)")
    }
  }

  @Test func `the largest keys go to the tail behind the last home`() throws {
    var random = SeededGenerator(seed: 3)
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    let same = (0..<60).map { Digest(words: (.max, UInt64($0), 1, random.next())) }
    try apply(writes(same, &random), to: log, &model)
    compare(log, model, "one prefix, the largest")
    // Close to the end, but apart: the table grows until they find room.
    let close = (0..<2000).map { Digest(words: (.max - UInt64($0) << 40, 2, 2, UInt64($0))) }
    try apply(writes(same + close, &random), to: log, &model)
    compare(log, model, "prefixes close to the largest")
  }

  @Test(arguments: [2, 3, 16, 255])
  func `keys at both ends of the ranges of many partitions`(partitionCount: Int) throws {
    var random = SeededGenerator(seed: UInt64(partitionCount))
    let log = try StagedLog(partitionCount: partitionCount)
    var model = Model()
    let names = (0..<3000).map {
      ObjectNaming.shardID(object: Identifier("o\($0)"), version: ObjectVersion(UInt64($0 % 3)), index: 0)
    }
    // Entries are routed by their names: their granule stays, what is below it is all zeros, all ones, or one bit.
    let below: UInt64 = .max >> UInt64(KeyRanges.granuleBits)
    let keys = names.enumerated().map { object, name in
      let rest = random.choice([0, below, 1, below - 1, below / 2])
      return Digest(words: (name.prefix & ~below | rest, 0, UInt64(object), name.suffix))
    }
    for round in 0..<2 {
      try apply(writes(keys, &random), to: log, &model)
      compare(log, model, "\(partitionCount) partitions, round \(round)")
    }
  }

  // MARK: Records

  @Test func `contents that shrink and grow leave the right orphans with the right writers`() throws {
    var random = SeededGenerator(seed: 5)
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    let keys = (0..<40).map { Digest(words: (random.next(), 0, 0, UInt64($0))) }
    for round in 0..<60 {
      let all = writes(keys, &random, chunksMax: [2, 5, 12][round % 3]).shuffled(using: &random)
      try apply(Array(all.prefix(1 + random.index(below: 40))), to: log, &model)
      compare(log, model, "round \(round)")
    }
  }

  @Test func `records larger than a slab are kept whole`() throws {
    var random = SeededGenerator(seed: 6)
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    let keys = (0..<6).map { Digest(words: (random.next(), 0, 0, UInt64($0))) }
    for chunkCount in [1600, 1637, 1638, 1639, 1640, 3000, 10, 5000] {
      let writes = keys.enumerated().map { object, key in
        Write(key: key, object: object, chunkCount: chunkCount, writer: Digest(words: (random.next(), 0, 0, 1)))
      }
      try apply(writes, to: log, &model)
      compare(log, model, "\(chunkCount) chunks")
    }
  }

  /// Every object grows through the same 100 sizes, 40 KiB and more each: 400 MiB if nothing were used again.
  @Test func `memory that a grown object leaves is used for the next one of that size`() throws {
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    let before = KeyIndexTests.residentBytes
    for object in 0..<100 {
      let key = Digest(words: (UInt64(object) << 50, 0, 0, 1))
      let writes = (0..<100).map { size in
        Write(key: key, object: object, chunkCount: 1000 + size, writer: Digest(words: (UInt64(size), 0, 0, 1)))
      }
      try log.apply(writes.map(\.entry)) { KeyIndexTests.set(writes, $0) }
      if let last = writes.last { model.apply(last) }
    }
    let grown = KeyIndexTests.residentBytes - before
    #expect(grown < 150 << 20, "\(grown >> 20) MiB more for 100 objects of 44 KiB")
    compare(log, model, "after growing")
  }

  /// Objects that grow by turns: what each leaves has a size that nobody asks for again.
  @Test func `memory that objects leave which grow by turns goes back`() throws {
    let log = try StagedLog(partitionCount: 1)
    var model = Model()
    let before = KeyIndexTests.residentBytes
    for chunkCount in stride(from: 100, through: 1500, by: 20) {
      let writes = (0..<100).map { object in
        Write(
          key: Digest(words: (UInt64(object) << 50, 0, 0, 1)), object: object, chunkCount: chunkCount,
          writer: Digest(words: (UInt64(chunkCount), 0, 0, 1)))
      }
      try log.apply(writes.map(\.entry)) { KeyIndexTests.set(writes, $0) }
      for write in writes { model.apply(write) }
    }
    let grown = KeyIndexTests.residentBytes - before
    #expect(grown < 60 << 20, "\(grown >> 20) MiB more for 100 objects of 60 KiB")
    compare(log, model, "after growing by turns")
  }

  private static var residentBytes: Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return 0 }
    let fields = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
    return (Int(String(decoding: fields[1], as: UTF8.self)) ?? 0) * 4096
  }
}
