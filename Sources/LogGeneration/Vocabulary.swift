internal import StorageProtocol

/// The calls that generated logs are made of.
enum Vocabulary {
  /// Ids that a careless engine would confuse or sort wrongly.
  static let nodeIDs = [
    "n1", "n2", "Z", "\u{E000}a", "\u{FB01}b", "\u{1F600}c", "caf\u{E9}", "cafe\u{301}", "",
  ]
  private static let objectIDs = [
    "a", "a:1", "b\u{0}", "caf\u{E9}", "cafe\u{301}", "\u{2028}", "\u{1F600}", "\"\\", "", "o7", "o8",
  ]

  /// The ids of the nodes of a log.
  static func nodeIDs(_ traits: GeneratorTraits) -> [String] {
    nodeIDs + (0..<traits.extraNodeCount).map { "node-\($0)" }
  }

  /// The ids of the objects of a log.
  static func objectIDs(_ traits: GeneratorTraits) -> [String] { Array(objectIDs.prefix(traits.objectCount)) }

  static let versions = ["1", "1", "2", "0", "18446744073709551615"]

  // MARK: STOREs

  static func store(_ random: inout SeededGenerator, _ traits: GeneratorTraits, isPlaceholder: Bool) -> JSONValue {
    store(&random, traits, size: size(&random, traits), isPlaceholder: isPlaceholder)
  }

  static func store(
    _ random: inout SeededGenerator, _ traits: GeneratorTraits, size: Int, isPlaceholder: Bool
  ) -> JSONValue {
    var call = JSONObject([
      "event_type": .text("STORE"), "object_id": .text(random.choice(objectIDs(traits))),
      "version": .number(Array(random.choice(versions).utf8)),
    ])
    let ticks = [Int64.min, .max, 0]
    let tick = random.happens(percent: 5) ? random.choice(ticks) : Int64(random.index(below: 1000)) - 500
    if isPlaceholder {
      call.add("content_size", .integer(size))
      if random.happens(percent: 90) { call.add("timestamp", .integer(tick)) }
    } else {
      call.add("timestamp_tick", .integer(tick))
      call.add("payload", .members(["metadata": metadata(&random), "content": .string(content(size, &random))]))
    }
    return .object(call)
  }

  /// A STORE whose content nobody holds: what a carried one needs, its cost legal if it can be computed at all.
  static func hugeStore(_ random: inout SeededGenerator, _ traits: GeneratorTraits) -> JSONValue {
    let constants = traits.configuration.constants
    let sizes: [UInt64] = [
      1 << 63, 1 << 63, 1 << 63, (1 << 63) - 1, 1 << 62, (1 << 61) + 1, 1 << 60, (1 << 60) + 1, 5, 0,
    ]
    let size = random.choice(sizes)
    let cost = try? AtrCost.cost(
      contentBytes: size, metadataKeyCount: random.index(below: 120), constants: constants)
    return .members([
      "event_type": .text("STORE"), "object_id": .text(random.choice(objectIDs(traits))),
      "version": .number(Array(random.choice(versions).utf8)),
      "hash_commit": .hexadecimal(Digest.sha3([UInt8(random.index(below: 9))])),
      "content_size": .integer(size), "atr_cost": cost.map(JSONValue.decimal) ?? .text("1.000000000000000000"),
    ])
  }

  /// A size around the bounds of chunks, blocks and costs; now and then one too many.
  static func size(_ random: inout SeededGenerator, _ traits: GeneratorTraits) -> Int {
    if let sizes = traits.contentSizes { return random.choice(sizes) }
    let chunk = Int(traits.configuration.constants.chunkBytes)
    let block = traits.configuration.constants.merkleBlockBytes
    if chunk > 1 << 17 {
      let sizes = [
        0, 0, 1, 2, 1023, 1024, 1025, block - 1, block, block + 1, 3 * block, chunk - 1, chunk, chunk + 1,
        2 * chunk + 5,
      ]
      return random.happens(percent: 80) ? random.choice(sizes) : random.index(below: 3000)
    }
    let bytesMax = Int(traits.configuration.contentBytesMax)
    if random.happens(percent: 3) { return bytesMax + 1 }
    if random.happens(percent: 10) { return 0 }
    let around = random.choice([chunk, block]) * random.index(below: 7) + random.index(below: 3) - 1
    return random.happens(percent: 60) ? min(max(0, around), bytesMax) : random.index(below: bytesMax + 1)
  }

  private static func metadata(_ random: inout SeededGenerator) -> JSONValue {
    var keys =
      (0..<random.index(below: 4)).map { "k\($0)" } + (random.happens(percent: 5) ? (0..<120).map { "x\($0)" } : [])
    let odd = ["\u{FB01}", "\u{1F600}", "", "e\u{301}", "\u{E9}", "\u{7F}", "\n", "\"", "K"]
    keys += odd.filter { _ in random.happens(percent: 8) }
    let tokens = ["1", "1.0", "-0.0", "-0", "0", "1e+16", "1E5", "12345678901234567890123456789012345678901"]
    let values: [JSONValue] = [
      .null, .boolean(true), .boolean(false), .text(""), .text("\u{1F600}\u{7F}\u{1}\n\t\\\"/"), .array([]),
      .members([:]),
      .array([.members(["b": .number(Array("-0".utf8)), "a": .array([.null])]), .text("x")]),
    ]
    let members = keys.map { key -> JSONObject.Pair in
      let number = JSONValue.number(Array(random.choice(tokens).utf8))
      return (Array(key.utf8), random.happens(percent: 60) ? number : random.choice(values))
    }
    return .object(JSONObject(random.happens(percent: 30) ? members.shuffled(using: &random) : members))
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

  // MARK: The control plane

  static func registration(_ random: inout SeededGenerator, _ traits: GeneratorTraits) -> KeyValuePairs<
    String, JSONValue
  > {
    [
      "event_type": .text("NODE_REGISTRATION"), "node_id": .text(random.choice(nodeIDs(traits))),
      "host": .text(random.choice(["h", "h", "", "h\u{F6}st"])),
      "port": .integer(random.choice([1, 8080, 65535, 0, -1, Int64.max, .min])),
    ]
  }

  private static let epochs: [Int64] = [0, 1, 2, 3]

  static func epoch(_ random: inout SeededGenerator) -> Int64 {
    random.happens(percent: 5) ? random.choice([Int64.min, .max, -1]) : random.choice(epochs)
  }

  /// A call of the control plane, and whether a live engine logs an event for it.
  static func control(
    _ random: inout SeededGenerator, _ traits: GeneratorTraits, allowsContext: Bool
  ) -> (entry: JSONValue, isEvent: Bool) {
    let node = JSONValue.text(random.choice(nodeIDs(traits) + ["nobody"]))
    let kinds = allowsContext ? 8 : 7
    switch (random.index(below: kinds) + (traits.extraNodeCount > 0 && random.happens(percent: 40) ? 8 : 0)) {
    case 0, 1, 8...: return (.members(registration(&random, traits)), true)
    case 2: return (.members(["event_type": .text("NODE_UNREGISTRATION"), "node_id": node]), false)
    case 3:
      let status = random.choice(NodeStatus.allCases)
      return (.members(["event_type": .text("NODE_STATUS"), "node_id": node, "status": .text(status.rawValue)]), false)
    case 4:
      let bucket = random.choice(["0", "-0", "3", "1000", "340282366920938463463", "340282366920938463464"])
      return (
        .members(["event_type": .text("NODE_UPTIME"), "node_id": node, "uptime_bucket": .number(Array(bucket.utf8))]),
        false
      )
    case 5: return (.members(["event_type": .text("NOD_REWARDS"), "epoch": .integer(epoch(&random))]), false)
    case 6:
      var entry = JSONObject(["event_type": .text("EPOCH_ADVANCEMENT"), "epoch": .integer(epoch(&random))])
      if random.happens(percent: 40) { entry.add("payload", snapshots(&random, traits, lacksSome: true)) }
      return (.object(entry), true)
    default: return (context(&random, traits), false)
    }
  }

  static func context(_ random: inout SeededGenerator, _ traits: GeneratorTraits) -> JSONValue {
    .members(["event_type": .text("AEGIS_CONTEXT"), "payload": snapshots(&random, traits)])
  }
}
