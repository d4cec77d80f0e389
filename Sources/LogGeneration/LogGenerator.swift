internal import GoldenRun
internal import LogReading
package import StorageProtocol

/// Makes logs from a seed, by doing what a live engine does: calls are applied to an engine, and what it emits is logged.
///
/// The same seed and traits give the same log. Uses the golden engine as the live one, so a generated log says nothing of
/// whether that engine is right; recorded logs do.
package struct LogGenerator {
  /// With the configuration of this log.
  let traits: GeneratorTraits
  var random: SeededGenerator
  private(set) var engine: GoldenEngine
  /// The log so far, an entry each.
  package private(set) var entries: [[UInt8]] = []
  private var lastGood: [UInt8] = []
  /// The events the engine emitted for what is in the log, in order, the runbook dialect's included.
  package private(set) var events: [StorageEvent] = []

  /// What was done to entries and how often.
  package private(set) var alterations: [Alteration: Int] = [:]
  package internal(set) var strangeProofs: [StrangeProof: Int] = [:]
  /// How the first AEGIS_CONTEXT was staged; nil where it was not.
  package internal(set) var staging: ContextStaging?
  /// Entries before the first AEGIS_CONTEXT is staged.
  private let stagedAt: Int

  /// Calls so far that the engine rejected: overflows, and contents over the limit.
  package var rejectedCount: UInt64 { engine.entries.rejected }

  /// What the log is to be replayed under.
  package var configuration: ReplayConfiguration { traits.configuration }

  private init(seed: UInt64, traits: GeneratorTraits) {
    var random = SeededGenerator(seed: seed)
    var traits = traits
    if traits.drawsConfiguration { traits.configuration = .small(&random) }
    stagedAt = 3 + random.index(below: max(1, traits.entryCount / 2))
    engine = GoldenEngine(traits.configuration)
    self.random = random
    self.traits = traits
  }

  /// Returns a finished generator.
  package static func run(seed: UInt64, traits: GeneratorTraits) -> LogGenerator {
    var generator = LogGenerator(seed: seed, traits: traits)
    for _ in 0..<(3 + traits.extraNodeCount / 3) {
      generator.log(.members(Vocabulary.registration(&generator.random, traits)))
    }
    while generator.entries.count < traits.entryCount { generator.step() }
    return generator
  }

  private mutating func step() {
    if traits.stagesFirstContext, staging == nil, entries.count >= stagedAt { return stageFirstContext() }
    if random.happens(percent: traits.faultPercent) { logFault() }
    if random.happens(percent: traits.idlePercent) { logIdle() }
    if random.happens(percent: traits.controlPercent) { return control() }
    if random.happens(percent: 30), let proof = proof() { return log(proof) }
    store()
  }

  // MARK: Calls

  private mutating func control() {
    let allowsContext = !traits.stagesFirstContext || staging != nil
    let call = Vocabulary.control(&random, traits, allowsContext: allowsContext)
    if !call.isEvent, random.happens(percent: traits.unloggedPercent) {
      _ = emit(call.entry)
    } else {
      log(call.entry)
    }
  }

  private mutating func store() {
    if random.happens(percent: traits.hugePercent) { return log(Vocabulary.hugeStore(&random, traits)) }
    store(size: Vocabulary.size(&random, traits))
  }

  /// A STORE of content of `size` bytes, in either dialect. One that overflows is logged as the call it was.
  mutating func store(size: Int) {
    let isPlaceholder = random.happens(percent: traits.placeholderPercent)
    let call = Vocabulary.store(&random, traits, size: size, isPlaceholder: isPlaceholder)
    guard let event = emit(call) else { return append(call) }
    events.append(event)
    guard !isPlaceholder else { return append(call) }
    append(.object(recorded(event, of: call)))
  }

  /// The entry of the event dialect for a STORE: its event, with its payload unless it is carried.
  func recorded(_ event: StorageEvent, of call: JSONValue, isCarried: Bool) -> JSONObject {
    var entry = event.json
    if !isCarried, let payload = call.objectValue?["payload"] { entry.add("payload", payload) }
    return entry
  }

  private mutating func recorded(_ event: StorageEvent, of call: JSONValue) -> JSONObject {
    recorded(event, of: call, isCarried: random.happens(percent: traits.carriedPercent))
  }

  // MARK: The log

  /// Applies a call, and logs its event, or the call where it emits none. An EPOCH_ADVANCEMENT keeps its payload.
  mutating func log(_ call: JSONValue) {
    guard let event = emit(call) else { return append(call) }
    events.append(event)
    guard !random.happens(percent: 30) || call.isRecordedOnly else { return append(call) }
    append(.object(recorded(event, of: call, isCarried: false)))
  }

  /// What the engine emits for a call.
  mutating func emit(_ call: JSONValue) -> StorageEvent? {
    let raw = RawEntry(ordinal: Ordinal(0), byteOffset: 0, bytes: JSONFormat.line.encode(call))
    do {
      return try engine.replay(raw).event
    } catch {
      preconditionFailure("a generated call is JSON: \(error)")
    }
  }

  /// Logs an entry, altered and spelled as the traits ask.
  mutating func append(_ entry: JSONValue) {
    guard var object = entry.objectValue else { preconditionFailure("a generated entry is an object") }
    if random.happens(percent: traits.alteredPercent) { object = altered(object) }
    lastGood =
      random.happens(percent: traits.respelledPercent)
      ? Respelling.encode(object, &random) : JSONFormat.line.encode(.object(object))
    entries.append(lastGood)
  }

  private mutating func altered(_ entry: JSONObject) -> JSONObject {
    let alteration = random.choice(Alteration.allCases)
    guard let altered = alteration.apply(to: entry, keepsContent: traits.hugePercent > 0, &random) else { return entry }
    alterations[alteration, default: 0] += 1
    return altered
  }

  /// Logs an entry of the log in exactly this form, whatever the traits ask.
  mutating func append(exactly entry: JSONObject) { entries.append(JSONFormat.line.encode(.object(entry))) }

  /// A good entry of the log made bad in one place, or one that never was good.
  private mutating func logFault() {
    guard lastGood.last == UInt8(ascii: "}"), lastGood.count > 2, random.happens(percent: 60) else {
      return entries.append(Array(random.choice(Vocabulary.faults).utf8))
    }
    entries.append(Vocabulary.spoiled(lastGood, &random))
  }

  mutating func logIdle() { entries.append(Array(random.choice(Vocabulary.idle).utf8)) }
}

extension JSONValue {
  /// Whether an entry of this type exists in the event dialect only.
  fileprivate var isRecordedOnly: Bool {
    objectValue?["event_type"]?.stringBytes?.starts(with: Array("PROOF".utf8)) == true
  }
}
