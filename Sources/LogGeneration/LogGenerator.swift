internal import GoldenRun
internal import LogReading
package import StorageProtocol

/// Makes logs from a seed, by doing what a live engine does: calls are applied to an engine, and what it emits is logged.
///
/// The same seed and traits give the same log. Uses the golden engine as the live one, so a generated log says nothing of
/// whether that engine is right; recorded logs do.
package struct LogGenerator {
  private let traits: GeneratorTraits
  var random: SeededGenerator
  private var engine = GoldenEngine(ReplayConfiguration())
  /// The log so far, an entry each.
  package private(set) var entries: [[UInt8]] = []
  private var lastGood: [UInt8] = []
  /// The events the engine emitted for what is in the log, in order, the runbook dialect's included.
  package private(set) var events: [StorageEvent] = []

  /// Calls so far that the engine rejected: overflowing rewards.
  package var rejectedCount: UInt64 { engine.entries.rejected }

  private init(seed: UInt64, traits: GeneratorTraits) {
    random = SeededGenerator(seed: seed)
    self.traits = traits
  }

  /// Returns a finished generator.
  package static func run(seed: UInt64, traits: GeneratorTraits) -> LogGenerator {
    var generator = LogGenerator(seed: seed, traits: traits)
    for _ in 0..<3 { generator.log(.members(Vocabulary.registration(&generator.random))) }
    while generator.entries.count < traits.entryCount { generator.step() }
    return generator
  }

  private mutating func step() {
    if random.happens(percent: traits.faultPercent) { logFault() }
    if random.happens(percent: traits.controlPercent) { return control() }
    if random.happens(percent: 30), let proof = proof() { return log(proof) }
    store()
  }

  // MARK: Calls

  private mutating func control() {
    let call = Vocabulary.control(&random)
    if !call.isEvent, random.happens(percent: traits.unloggedPercent) {
      _ = emit(call.entry)
    } else {
      log(call.entry)
    }
  }

  private mutating func store() {
    let isPlaceholder = random.happens(percent: traits.placeholderPercent)
    let call = Vocabulary.store(&random, isPlaceholder: isPlaceholder)
    guard let event = emit(call) else { preconditionFailure("a generated STORE is good") }
    events.append(event)
    guard !isPlaceholder else { return append(call) }
    var entry = event.json
    if !random.happens(percent: traits.carriedPercent), let payload = call.objectValue?["payload"] {
      entry.add("payload", payload)
    }
    append(.object(entry))
  }

  /// A request for the proof of a shard of some object: its own, or anybody's.
  private mutating func proof() -> JSONValue? {
    let objects = engine.sortedObjects
    guard !objects.isEmpty else { return nil }
    let object = random.choice(objects)
    let owner = random.happens(percent: 80) ? object : random.choice(objects)
    guard !owner.shards.isEmpty, !random.happens(percent: 15) else {
      return .members([
        "event_type": .text("PROOF_FAILED"), "object_id": .string(ObjectNaming.redacted(object.id)),
        "version": .integer(object.version.value),
      ])
    }
    let shard = random.choice(owner.shards)
    return .members([
      "event_type": .text("PROOF_GENERATED"), "object_id": .string(ObjectNaming.redacted(object.id)),
      "version": .integer(object.version.value), "shard_ids": .array(object.shardIDs.map(JSONValue.hexadecimal)),
      "hash_commit": .hexadecimal(object.hashCommit),
      "replica_sets": .object(
        JSONObject([
          (shard.id.hexadecimalBytes, .array(shard.assignedNodes.map { .string($0.bytes) }))
        ])),
    ])
  }

  // MARK: The log

  /// Applies a call, and logs its event, or the call where it emits none. An EPOCH_ADVANCEMENT keeps its payload.
  private mutating func log(_ call: JSONValue) {
    guard let event = emit(call) else { return append(call) }
    events.append(event)
    guard !random.happens(percent: 30) || call.isRecordedOnly else { return append(call) }
    var entry = event.json
    if let payload = call.objectValue?["payload"] { entry.add("payload", payload) }
    append(.object(entry))
  }

  /// What the engine emits for a call.
  private mutating func emit(_ call: JSONValue) -> StorageEvent? {
    let raw = RawEntry(ordinal: Ordinal(0), byteOffset: 0, bytes: JSONFormat.line.encode(call))
    do {
      return try engine.replay(raw)
    } catch {
      preconditionFailure("a generated call is JSON: \(error)")
    }
  }

  private mutating func append(_ entry: JSONValue) {
    lastGood = JSONFormat.line.encode(entry)
    entries.append(lastGood)
  }

  /// A good entry of the log made bad in one place, or one that never was good.
  private mutating func logFault() {
    guard !lastGood.isEmpty, random.happens(percent: 70) else {
      return entries.append(Array(random.choice(Vocabulary.faults).utf8))
    }
    entries.append(lastGood.dropLast() + Array(#","note":"\ud800"}"#.utf8))
  }
}

extension JSONValue {
  /// Whether an entry of this type exists in the event dialect only.
  fileprivate var isRecordedOnly: Bool {
    objectValue?["event_type"]?.stringBytes?.starts(with: Array("PROOF".utf8)) == true
  }
}
