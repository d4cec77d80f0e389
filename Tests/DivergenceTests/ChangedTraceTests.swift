import LogGeneration
import ReplayEngine
import ReplayTestSupport
import StorageProtocol
import Testing

/// `bisect` against a trace that somebody changed and sealed again: no entry of the log is at fault, and none is accused.
@Suite struct ChangedTraceTests {
  /// Records the trace of a generated log into `folder`.
  private func record(_ folder: TemporaryFolder) throws -> (log: String, trace: [UInt8]) {
    var traits = GeneratorTraits()
    traits.entryCount = 80
    traits.contentSizes = [0, 1, 40]
    let entries = LogGenerator.run(seed: 11, traits: traits).entries
    let log = try folder.write(Array(entries.map { $0 + [UInt8(ascii: "\n")] }.joined()), "log.jsonl")
    _ = try GoldenRecording(
      ReplayOptions(ReplayArguments(log: log)), path: "\(folder.path)/trace", detail: "full", replaces: false,
      services: Services()
    ).run()
    return (log, try folder.read("trace"))
  }

  private func divergence(_ log: String, _ trace: String) async throws -> JSONObject {
    try await document(log, trace, reproduction: nil).object("divergence")
  }

  private func document(_ log: String, _ trace: String, reproduction: String?) async throws -> JSONObject {
    let report = try await Bisection(
      ReplayOptions(ReplayArguments(log: log)), golden: trace, reproduction: reproduction, replaces: false,
      services: Services()
    ).run()
    return try #require(try JSONText.value(report.json).objectValue)
  }

  @Test func `a value of a checkpoint is found at the checkpoint`() async throws {
    let folder = try TemporaryFolder()
    let (log, trace) = try record(folder)
    var text = TraceFileText(trace)
    let place = try #require(text.sections.firstIndex { $0.name == "CHKP" })
    let checkpoint = try #require(try JSONText.value(text.sections[place].payload).objectValue)
    let root = try checkpoint.text("nodes_root")
    text.replace(root, by: String(repeating: "0", count: 64), in: "CHKP")
    let changed = try folder.write(text.sealed, "changed")
    let document = try await document(log, changed, reproduction: "\(folder.path)/prefix")
    let divergence = try document.object("divergence")
    let reproduction = try document.object("reproduction")
    #expect(reproduction["whole_prefix"] == .boolean(true))
    #expect(reproduction["shows_the_same"] == .boolean(true))
    #expect(try divergence.text("precision") == "checkpoint")
    #expect(divergence["ordinal"] == checkpoint["ordinal"])
    let shows = try divergence.object("shows_at")
    #expect(try shows.text("field") == "checkpoint.nodes_root")
    #expect(try shows.text("actual") == root)
    // The log up to there is the reproduction.
    let again = try await self.divergence("\(folder.path)/prefix", changed)
    #expect(again["shows_at"] == divergence["shows_at"])
  }

  @Test func `an event id is found at its event, of which no field differs`() async throws {
    let folder = try TemporaryFolder()
    let (log, trace) = try record(folder)
    var text = TraceFileText(trace)
    let place = try #require(text.sections.firstIndex { $0.name == "EVID" })
    text.sections[place].payload[0] ^= 1
    let divergence = try await divergence(log, try folder.write(text.sealed, "changed"))
    #expect(divergence["event_index"] == .integer(0))
    #expect(divergence["fields"] == .array([]))
    let shows = try divergence.object("shows_at")
    #expect(shows["expected"] != shows["actual"])
  }

  @Test func `a value of the end is found at the end`() async throws {
    let folder = try TemporaryFolder()
    let (log, trace) = try record(folder)
    var text = TraceFileText(trace)
    let end = try #require(text.sections.last)
    let result = try #require(try JSONText.value(end.payload).objectValue)
    let root = try result.object("commitment").text("objects_root")
    text.replace(root, by: String(repeating: "0", count: 64), in: "RSLT")
    let divergence = try await divergence(log, try folder.write(text.sealed, "changed"))
    #expect(try divergence.text("precision") == "end")
    #expect(divergence["ordinal"] == .null)
    #expect(try divergence.object("shows_at").text("field") == "commitment.objects_root")
  }

  @Test func `what a trace of a replay leaves out is not taken for equal`() async throws {
    let folder = try TemporaryFolder()
    let (log, trace) = try record(folder)
    var text = TraceFileText(trace)
    text.sections.removeAll { $0.name == "CHKP" }
    let divergence = try await divergence(log, try folder.write(text.sealed, "without checkpoints"))
    #expect(try divergence.object("shows_at").text("field") == "checkpoints")
    text = TraceFileText(trace)
    text.sections[text.sections.count - 1].payload = Array("{}".utf8)
    let empty = try folder.write(text.sealed, "without an end")
    await #expect(throws: ReplayFailure.self) { _ = try await self.divergence(log, empty) }
    text = TraceFileText(trace)
    text.sections.append(("BLKR", Array(repeating: 0, count: 64)))
    text.sections.swapAt(text.sections.count - 1, text.sections.count - 2)
    let roots = try folder.write(text.sealed, "with roots of no blocks")
    await #expect(throws: ReplayFailure.self) { _ = try await self.divergence(log, roots) }
  }

  /// What a file holds where a section's letters are to be reaches no terminal as it is.
  @Test func `names of sections are escaped`() async throws {
    let folder = try TemporaryFolder()
    let (log, trace) = try record(folder)
    var text = TraceFileText(trace)
    text.sections[0].name = "\u{1B}[2J"
    let changed = try folder.write(text.sealed, "changed")
    let failure = await #expect(throws: ReplayFailure.self) { _ = try await self.divergence(log, changed) }
    #expect(failure?.description.contains("\u{1B}") == false)
  }

  /// Sections that are packed hold what they say, or the trace is refused.
  @Test(arguments: ["OUTC", "CTRL", "EVNT"])
  func `a packed section that is not what it says is refused`(section: String) async throws {
    let folder = try TemporaryFolder()
    let (log, trace) = try record(folder)
    var text = TraceFileText(trace)
    let place = try #require(text.sections.firstIndex { $0.name == section })
    // Far more text than its frame can hold.
    text.sections[place].payload.replaceSubrange(4..<12, with: [0, 0, 1, 0, 0, 0, 0, 0])
    let changed = try folder.write(text.sealed, "changed")
    await #expect(throws: ReplayFailure.self) { _ = try await self.divergence(log, changed) }
    text = TraceFileText(trace)
    text.sections[place].payload[20] ^= 0xFF
    // Another event: so that every section is read.
    let other = try #require(text.sections.firstIndex { $0.name == "EVID" })
    text.sections[other].payload[0] ^= 1
    let damaged = try folder.write(text.sealed, "damaged")
    await #expect(throws: ReplayFailure.self) { _ = try await self.divergence(log, damaged) }
  }
}
