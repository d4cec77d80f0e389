import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `bench gate`, with the program under test as its own baseline: valgrind counts it.
@Suite struct GateTests {
  private static let stages = ["decode", "derive", "apply", "commit"]

  /// A folder with a baseline of one small log.
  private struct Gate {
    private let folder: TemporaryFolder
    var baseline: String { "\(folder.path)/baseline.json" }

    init() throws {
      folder = try TemporaryFolder()
      let run = try run("--record")
      #expect(run.status == 0, "\(run.errors)")
    }

    /// Without ratios, which others who use the machine change.
    func run(_ options: String...) throws -> CommandLineRun {
      try CommandLineRun(
        [
          "bench", "gate", "--baseline", baseline, "--log", "recorded", "--log-entries", "3000", "--no-ratios",
          "--cache", "\(folder.path)/logs", "--json", "-q",
        ] + options)
    }

    /// Instructions of a stage for an entry, in the baseline.
    func instructions(_ stage: String) throws -> Double {
      let document = try CommandLineRun(shell: "cat '\(baseline)'").json
      let log = try #require(try document.elements("workloads").first?.objectValue)
      return try GateTests.number(log.object("instructions_per_entry"), stage)
    }
  }

  private static func number(_ object: JSONObject, _ name: String) throws -> Double {
    guard case .number(let token) = try object.required(name) else { throw Fixture.FixtureError.unexpectedForm(name) }
    return try #require(Double(String(decoding: token, as: UTF8.self)))
  }

  @Test func `the program passes its own baseline, and fails with a tenth more instructions in any stage`() throws {
    let gate = try Gate()
    let same = try gate.run()
    #expect(same.status == 0, "\(same.errors)")
    #expect(try same.json["passed"] == .boolean(true))
    for stage in GateTests.stages {
      let instructions = try gate.instructions(stage)
      #expect(instructions > 100)
      let run = try gate.run("--plant", "\(stage)=\(Int((instructions / 10).rounded(.up)))")
      #expect(run.status == 1, "\(stage): \(run.errors)")
      let figures = try run.json.elements("figures").compactMap(\.objectValue)
      let exceeded = try figures.filter { $0["exceeded"] == .boolean(true) }.map { try $0.text("stage") }
      // A stage that is more than half of the program takes the whole with it.
      #expect(exceeded.filter { $0 != "whole" } == [stage])
      #expect(run.errors.contains("recorded: \(stage): "), "\(run.errors)")
    }
  }

  @Test func `a data entry takes no memory from the heap in derive and apply`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun([
      "bench", "gate", "--baseline", "\(folder.path)/baseline.json", "--record", "--log", "data-entries",
      "--log-entries", "20000", "--no-ratios", "--cache", "\(folder.path)/logs", "--json", "-q",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let log = try #require(try run.json.elements("workloads").first?.objectValue)
    let allocations = try log.object("allocations_per_entry")
    for stage in ["derive", "apply"] {
      // What is left is of batches and of what grows, not of entries.
      let figure = try GateTests.number(allocations, stage)
      #expect(figure < 0.1, "\(stage)")
    }
  }

  @Test func `a baseline is not overwritten, and one that does not fit is told apart`() throws {
    let gate = try Gate()
    #expect(try gate.run("--record").status == 6)
    let text = try String(contentsOfFile: gate.baseline, encoding: .utf8)
    for (old, new, status) in [
      ("\"avx2\"", "\"other\"", 6), ("\"scalar\"", "\"other\"", 6), ("x86_64", "other", 6),
      ("\"recorded\"", "\"other\"", 6), ("bench-baseline/1", "bench-baseline/2", 4), ("{", "[", 4),
    ] as [(String, String, Int32)] where text.contains(old) {
      try text.replacing(old, with: new).write(toFile: gate.baseline, atomically: true, encoding: .utf8)
      let run = try gate.run()
      #expect(run.status == status, "\(old): \(run.errors)")
      #expect(run.output.isEmpty)
    }
    try FileManager.default.removeItem(atPath: gate.baseline)
    #expect(try gate.run().status == 2)
  }

  @Test func `a program without names of functions, and a machine without valgrind, are failures`() throws {
    let gate = try Gate()
    let folder = try TemporaryFolder()
    let stripped = "\(folder.path)/stripped"
    let strip = try CommandLineRun(shell: "strip -o '\(stripped)' \"$EQM\"")
    #expect(strip.status == 0, "\(strip.errors)")
    let nameless = try gate.run("--program", stripped)
    #expect(nameless.status == 2)
    #expect(nameless.errors.contains("read cannot be counted"), "\(nameless.errors)")
    let without = try CommandLineRun(
      shell: "PATH='\(folder.path)' \"$EQM\" bench gate --baseline '\(gate.baseline)' --log recorded --log-entries 3000"
    )
    #expect(without.status == 2)
    #expect(without.errors.contains("valgrind"), "\(without.errors)")
  }

  @Test func `a chart is written as github-action-benchmark reads it`() throws {
    let gate = try Gate()
    let folder = try TemporaryFolder()
    let run = try gate.run("--github", "\(folder.path)/chart.json")
    #expect(run.status == 0, "\(run.errors)")
    let wrapped = try CommandLineRun(shell: "echo '{\"items\":'; cat chart.json; echo '}'", folder: folder.path)
    let items = try wrapped.json.elements("items").compactMap(\.objectValue)
    #expect(items.count == 10)
    for item in items {
      #expect(try item.text("name").hasPrefix("recorded"))
      #expect(try item.text("unit").hasSuffix(" per entry"))
      #expect(item["value"] != nil)
    }
    #expect(Set(try items.map { try $0.text("name") }).count == items.count)
    #expect(try gate.run("--github", "\(folder.path)/chart.json").status == 6)
  }

  @Test(arguments: [
    ["--plant", "decode"], ["--plant", "read=5"], ["--plant", "apply=-1"], ["--threshold", "0.5"],
    ["--threshold", "x"], ["--log-entries", "10"], ["--log", "other"],
  ])
  func `an option that cannot be is a usage error`(options: [String]) throws {
    let run = try CommandLineRun(["bench", "gate", "--baseline", "/nonexistent"] + options)
    #expect(run.status == 64, "\(run.errors)")
  }

  @Test func `what is planted in a replay changes no result, and is for the parallel engine`() throws {
    let log = Fixture.path("runbook-small.json")
    let planted = ["decode=500", "derive=1", "apply=77", "commit=100000"].flatMap { ["--plant", $0] }
    let plain = try CommandLineRun(["replay", log, "--json"])
    let run = try CommandLineRun(["replay", log, "--json"] + planted)
    #expect(run.status == plain.status)
    #expect(try run.json.object("commitment") == plain.json.object("commitment"))
    #expect(try CommandLineRun(["replay", log, "--sequential", "--plant", "decode=1"]).status == 64)
    #expect(try CommandLineRun(["replay", log, "--plant", "merge=1"]).status == 64)
    #expect(!String(decoding: try CommandLineRun(["help", "replay"]).output, as: UTF8.self).contains("--plant"))
  }
}
