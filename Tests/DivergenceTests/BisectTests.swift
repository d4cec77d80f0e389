import GoldenRun
import LogGeneration
import LogReading
import ReplayEngine
import ReplayTestSupport
import StateCommitment
import StorageProtocol
import Testing

/// `bisect` against corruptions planted by seed: every one with an effect is named by its ordinal, and its reproduction shows it
/// again; one without effect is said to have none.
@Suite struct BisectTests {
  private static var traits: GeneratorTraits {
    var traits = GeneratorTraits()
    traits.entryCount = 110
    traits.controlPercent = 25
    traits.unloggedPercent = 8
    traits.faultPercent = 4
    traits.idlePercent = 5
    traits.strangeProofPercent = 10
    traits.extraNodeCount = 6
    traits.contentSizes = [0, 1, 40, 300, 1024, 1025, 3000, 5000, 262_145]
    return traits
  }

  /// 125 seeds, 250 where tests are heavy.
  @Test(arguments: 0..<25)
  func `planted corruptions are named`(block: UInt64) async throws {
    let first = block * 10
    for seed in first..<first + (TestEffort.isHeavy ? 10 : 5) {
      try await Planted(seed: seed, BisectTests.traits)?.check()
    }
  }

  /// Without them the search would say so of everything.
  @Test func `most corruptions have an effect, and every kind has some`() throws {
    var counts: [String: Int] = [:]
    var effective = 0
    for seed in UInt64(0)..<100 {
      guard let planted = try Planted(seed: seed, BisectTests.traits), planted.hasEffect else { continue }
      effective += 1
      counts["\(planted.corruption.kind)", default: 0] += 1
    }
    #expect(effective > 50)
    #expect(counts.count == Corruption.Kind.allCases.count, "\(counts)")
  }
}

/// A log, the same with one corruption, and which of both is the golden one.
private struct Planted {
  let seed: UInt64
  let corruption: Corruption
  private let log: [[UInt8]]
  private let golden: [[UInt8]]
  private let logTrail: Trail
  private let goldenTrail: Trail

  /// Nil where the seed's kind of corruption cannot be done to its log.
  init?(seed: UInt64, _ traits: GeneratorTraits) throws {
    let generated = LogGenerator.run(seed: seed, traits: traits)
    var random = SeededGenerator(seed: seed ^ 0x5EED)
    let kind = Corruption.Kind.allCases[Int(seed % UInt64(Corruption.Kind.allCases.count))]
    // An entry that is no line of JSON would damage the log, not diverge from it.
    guard let corruption = CorruptibleLog(generated.entries).corruption(kind, seed: random.next()) else { return nil }
    self.seed = seed
    self.corruption = corruption
    let isGoldenCorrupted = random.happens(percent: 40)
    log = isGoldenCorrupted ? generated.entries : corruption.entries
    golden = isGoldenCorrupted ? corruption.entries : generated.entries
    logTrail = try Trail(log)
    goldenTrail = try Trail(golden)
  }

  /// Whether event log, checkpoints or final state are others.
  var hasEffect: Bool { !logTrail.isEqual(to: goldenTrail) }

  func check() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text(log), "log.jsonl")
    let goldenLog = try folder.write(text(golden), "golden.jsonl")
    let trace = "\(folder.path)/trace"
    _ = try GoldenRecording(
      ReplayOptions(ReplayArguments(log: goldenLog)), path: trace, detail: "full", replaces: false,
      services: Services()
    ).run()
    let report = try await bisect(path, trace, reproduction: "\(folder.path)/reproduction")
    let label = "seed \(seed): \(corruption)"
    guard hasEffect else {
      #expect(report.status == .done, "\(label)")
      #expect(try report.document["divergence"] == .null, "\(label)")
      #expect(try report.document.object("log_digests")["equal"] == .boolean(false), "\(label)")
      #expect(report.text.contains("no divergence"), "\(label)")
      return
    }
    #expect(report.status == .diverged, "\(label)")
    let divergence = try report.document.object("divergence")
    try checkPlace(divergence, label)
    try checkValues(divergence, label)
    try await checkReproduction(report, divergence, "\(folder.path)/reproduction", trace, label)
  }

  private func text(_ entries: [[UInt8]]) -> [UInt8] { Array(entries.map { $0 + [UInt8(ascii: "\n")] }.joined()) }

  private func bisect(_ log: String, _ trace: String, reproduction: String?) async throws -> Report {
    try await Bisection(
      ReplayOptions(ReplayArguments(log: log)), golden: trace, reproduction: reproduction, replaces: false,
      services: Services()
    ).run()
  }

  /// The ordinal is the planted one, or the first behind which the states are others, or that of the first event that is
  /// another one: of two equal events in a row, nobody can say which one is missing.
  private func checkPlace(_ divergence: JSONObject, _ label: String) throws {
    #expect(try divergence.text("precision") == "entry", "\(label)")
    let ordinal = divergence["ordinal"]?.integer(as: Int.self)
    let observable = logTrail.firstDifference(from: goldenTrail)
    #expect(
      [corruption.ordinal, observable, logTrail.firstEventDifference(from: goldenTrail)].contains(ordinal),
      "\(label): \(ordinal ?? -1), \(observable ?? -1)")
  }

  /// Where both sides have an event there, the fields that are named are those that differ.
  private func checkValues(_ divergence: JSONObject, _ label: String) throws {
    guard let ordinal = divergence["ordinal"]?.integer(as: Int.self),
      let goldenOrdinal = divergence["golden_ordinal"]?.integer(as: Int.self), ordinal < logTrail.events.count,
      goldenOrdinal < goldenTrail.events.count, let ours = logTrail.events[ordinal],
      let theirs = goldenTrail.events[goldenOrdinal]
    else { return }
    let fields = try divergence.elements("fields").compactMap(\.objectValue)
    let expected = StorageEvent.Field.allCases.filter {
      JSONFormat.canonical.encode(ours[$0]) != JSONFormat.canonical.encode(theirs[$0])
    }
    let names = try fields.map { try $0.text("field") }
    // Of a control entry there is also what it asks for, by other names.
    #expect(
      logTrail.isControl[ordinal]
        ? expected.allSatisfy { names.contains($0.rawValue) } : names == expected.map(\.rawValue),
      "\(label): \(names)")
    for field in expected {
      guard let place = names.firstIndex(of: field.rawValue) else { continue }
      let item = fields[place]
      #expect(item["expected"]?.canonicalText == theirs[field].canonicalText, "\(label)")
      #expect(item["actual"]?.canonicalText == ours[field].canonicalText, "\(label)")
    }
  }

  private func checkReproduction(
    _ report: Report, _ divergence: JSONObject, _ path: String, _ trace: String, _ label: String
  ) async throws {
    let reproduction = try report.document.object("reproduction")
    #expect(reproduction["shows_the_same"] == .boolean(true), "\(label)")
    let again = try await bisect(path, trace, reproduction: nil)
    #expect(again.status == .diverged, "\(label)")
    let shown = try again.document.object("divergence")
    for member in divergence.members where member.key != Array("byte_offset".utf8) {
      let name = String(decoding: member.key, as: UTF8.self)
      #expect(shown[name] == member.value, "\(label): \(name)")
    }
  }
}

extension Report {
  fileprivate var document: JSONObject {
    get throws {
      guard let object = try JSONText.value(json).objectValue else {
        throw Fixture.FixtureError.unexpectedForm("the report")
      }
      return object
    }
  }
}

/// What a log does to a state, entry by entry, as the golden engine sees it.
private struct Trail {
  /// What each entry emitted.
  private(set) var events: [StorageEvent?] = []
  private(set) var isControl: [Bool] = []
  /// The state behind each entry.
  private var states: [GoldenState] = []
  private let result: ReplayResult

  init(_ entries: [[UInt8]]) throws {
    var engine = GoldenEngine(ReplayConfiguration())
    for (ordinal, entry) in entries.enumerated() {
      let replayed = try engine.replay(RawEntry(entry, ordinal: UInt64(ordinal)))
      events.append(replayed.event)
      isControl.append(replayed.controlCall != nil)
      states.append(engine.state)
    }
    result = engine.result
  }

  func isEqual(to other: Trail) -> Bool {
    result.roots == other.result.roots && events.compactMap { $0?.id } == other.events.compactMap { $0?.id }
      && result.checkpoints.map(\.nodesRoot) == other.result.checkpoints.map(\.nodesRoot)
      && result.checkpoints.map(\.summary) == other.result.checkpoints.map(\.summary)
  }

  /// The first ordinal behind which the states are others.
  func firstDifference(from other: Trail) -> Int? {
    let shorter = min(states.count, other.states.count)
    return (0..<shorter).first { states[$0] != other.states[$0] }
      ?? (states.count == other.states.count ? nil : shorter)
  }

  /// The ordinal of the first event that is another one in the other log's place.
  func firstEventDifference(from other: Trail) -> Int? {
    let ours = events.enumerated().filter { $0.element != nil }
    let theirs = other.events.compactMap { $0 }
    return ours.enumerated().first { index, event in
      index >= theirs.count || theirs[index].id != event.element?.id
    }?.element.offset
  }
}
