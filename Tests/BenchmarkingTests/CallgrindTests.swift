import Benchmarking
import Foundation
import ReplayTestSupport
import Testing

/// Profiles of callgrind, written out here as it writes them.
@Suite struct CallgrindTests {
  private static let derive = "$s14ReplayPipeline0A4WorkC6deriveyAA10JobOutcomeOSi_AA0A6WorkerVztF"

  /// `main` calls a stage twice, which calls `hash` and what a compiler made of the stage; that calls `malloc`.
  private static let lines = """
    # callgrind format
    version: 1
    creator: callgrind-3.19.0
    cmd:  ./program replay log
    part: 1

    desc: I1 cache:
    positions: line
    events: Ir
    summary: 1234

    ob=(1) /tmp/program
    fl=(1) ???
    fn=(1) main
    0 4
    cob=(1)
    cfi=(1)
    cfn=(2) \(derive)
    calls=2 0
    0 1220
    +3

    fn=(2)
    10 100
    +1 20
    fi=(2) inlined.swift
    -4 80
    fe=(1)
    cfn=(3) hash
    calls=5 0
    * 500
    cfn=(4) \(derive)Tf4nn_n
    calls=2 0
    * 520

    fn=(4)
    0 120
    cob=(2) /usr/lib/libc.so.6
    cfn=(5) malloc
    calls=7 0
    0 400

    fn=(3)
    0 500
    ob=(2)
    fn=(5)
    0 410
    totals: 1234
    """

  private func profile(_ text: String) throws -> CallgrindProfile { try CallgrindProfile(Array(text.utf8)) }

  @Test func `a stage costs what it, its specialisations and what they call execute, each once`() throws {
    let profile = try profile(CallgrindTests.lines)
    #expect(profile.instructions == 1234)
    #expect(profile.names == ["main", CallgrindTests.derive, "hash", CallgrindTests.derive + "Tf4nn_n", "malloc"])
    #expect(profile.ownInstructions == [4, 200, 500, 120, 410])
    #expect(profile.calls.count == 4)
    let stage = profile.functions(beginningWith: ["$s14ReplayPipeline0A4WorkC6derivey"])
    #expect(stage == [1, 3])
    #expect(profile.inclusiveInstructions(of: stage) == 1220)
    #expect(profile.entrances(to: stage) == [1])
    #expect(try CountedStage.derive.entrances(in: profile) == [CallgrindTests.derive])
    #expect(profile.namesAllocators)
    #expect(profile.allocationCount == 0, "costs by lines say nothing of it")
  }

  @Test func `a stage that is not there, or that nothing calls, is an error and not nothing`() throws {
    let profile = try profile(CallgrindTests.lines)
    for stage in CountedStage.allCases where stage != .derive {
      #expect(throws: StageMissing.self) { try stage.functions(in: profile) }
    }
    // Inlined: only its specialisation's name is left, of another function.
    let inlined = CallgrindTests.lines.replacing("C6derivey", with: "C6driveey")
    #expect(throws: StageMissing.self) { try CountedStage.derive.functions(in: try self.profile(inlined)) }
    #expect(throws: StageMissing.self) { try GatedLog.instructions(profile, entryCount: 10) }
  }

  /// A job that is missing here would be work of no stage; one that is inlined is missed.
  @Test func `every job of the pipeline belongs to a stage, and is never inlined`() throws {
    let path = "\(Fixture.projectFolder)/Sources/ReplayPipeline/ReplayWork.swift"
    let lines = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
    var jobs: [String] = []
    for (line, before) in zip(lines.dropFirst(), lines) where line.contains("-> JobOutcome {") {
      #expect(before == "  @inline(never)", "\(line)")
      let name = try #require(line.components(separatedBy: "func ").last?.prefix { $0 != "(" })
      jobs.append(String(name))
    }
    #expect(jobs.sorted() == CountedStage.jobNames.sorted())
  }

  @Test func `allocations are executions of the first instruction of what hands out memory`() throws {
    let profile = try profile(
      """
      positions: instr line
      events: Ir
      fn=(1) malloc
      0x20 7 3
      0x10 5 4
      0x18 6 9
      cfn=(2) _int_malloc
      calls=2 0x90 0
      0x18 6 100
      0x10 5 1
      fn=(3) posix_memalign
      0x30 1 2
      fn=(2)
      0x90 1 100
      fn=(4) swift_allocObject
      0x50 1 50
      totals: 169
      """)
    #expect(profile.allocationCount == 7)
  }

  @Test(arguments: [
    ("totals: 1234", "totals: 1235"), ("totals: 1234\n", ""), ("+1 20", "+1 21"), ("events: Ir", "events: Dr"),
    ("positions: line", "positions: bb"), ("+1 20", "+1 x"), ("calls=5 0", "calls=x 0"), ("fn=(1) main", "fn=main"),
    ("cfn=(5) malloc", "cfn=(5)"), ("cfi=(1)", "jcnd=1/2 3"), ("version: 1", "version"), ("fn=(1) main\n", ""),
  ])
  func `a profile that was changed or cut is refused`(old: String, new: String) throws {
    let text = CallgrindTests.lines + "\n"
    let changed = text.replacing(old, with: new)
    #expect(changed != text)
    #expect(throws: CallgrindProfile.Fault.self) { try self.profile(changed) }
  }

  @Test func `a profile that ends anywhere before its end is refused`() throws {
    let text = Array((CallgrindTests.lines + "\n").utf8)
    for count in 0...(text.count - 2) {
      #expect(throws: CallgrindProfile.Fault.self) { try CallgrindProfile(Array(text.prefix(count))) }
    }
  }

  @Test func `addresses that are relative to others are refused`() throws {
    let text = "positions: instr line\nevents: Ir\nfn=(1) main\n0x10 1 1\n+3 1 1\ntotals: 2\n"
    #expect(throws: CallgrindProfile.Fault.unknownForm(line: 5)) { try self.profile(text) }
  }

  @Test func `the library is found in what ldd prints`() throws {
    let list = """
      \tlinux-vdso.so.1 (0x7ff)
      \tlibdispatch.so => /opt/swift/libdispatch.so (0x7f)
      \tlibc.so.6 => /lib/c (0x7)
      """
    #expect(CountedProgram.library(in: list) == "/opt/swift/libdispatch.so")
    #expect(CountedProgram.library(in: "\tstatically linked\n") == nil)
  }

  /// A header of 64 bytes, and two program headers of 56: one that is loaded, one that is not.
  @Test func `segments that are loaded may be written afterwards, and nothing else changes`() throws {
    var image = [UInt8](repeating: 0, count: 64 + 2 * 56)
    image.replaceSubrange(0..<6, with: [0x7F, 0x45, 0x4C, 0x46, 2, 1])
    image[32] = 64
    image[54] = 56
    image[56] = 2
    (image[64], image[68]) = (1, 5)
    (image[120], image[124]) = (2, 4)
    var changed = image
    #expect(ExecutableImage.makeWritable(&changed))
    var expected = image
    expected[68] = 7
    #expect(changed == expected)
    for count in 0..<image.count {
      var cut = Array(image.prefix(count))
      #expect(!ExecutableImage.makeWritable(&cut))
      #expect(cut == Array(image.prefix(count)))
    }
  }
}
