import Foundation
import ReplayTestSupport
import Testing

/// What verbs say of themselves while they run, as `--progress json` has it.
@Suite struct ProgressPlanTests {
  private let small = Fixture.path("runbook-small.json")
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private struct Line {
    let step: String?
    let number: Int?
    let count: Int?
    let fraction: Int?

    init?(_ text: Substring) {
      guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return nil }
      step = object["step"] as? String
      number = object["step_number"] as? Int
      count = object["step_count"] as? Int
      fraction = object["fraction_millionths"] as? Int
    }
  }

  private func lines(_ arguments: [String], input: [UInt8] = []) throws -> [Line] {
    let run = try CommandLineRun(arguments + ["--progress", "json"], input: input)
    // A runbook log has no content that could be restored.
    #expect(run.status == (arguments[0] == "restore" ? 3 : 0), "\(arguments): \(run.errors)")
    let news = run.errors.split(separator: "\n").filter { $0.hasPrefix("{") }
    return try news.map { try #require(Line($0), "\($0)") }
  }

  @Test func `a drill tells of every step and of the end, from a file and from a pipe`() throws {
    let steps = ["prepare", "load", "replay", "verify", "evidence", "evidence"]
    let piped = Array(try Data(contentsOf: URL(fileURLWithPath: small)))
    for (log, input) in [(small, []), ("-", piped)] {
      let lines = try lines(["drill", log, "--out", scratch.path, "--force"], input: input)
      #expect(lines.map(\.step) == steps)
      #expect(lines.last?.fraction == 1_000_000)
      let fractions = lines.compactMap(\.fraction)
      #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(fractions.dropLast().allSatisfy { $0 < 1_000_000 })
    }
  }

  /// A step that was not announced would have no place, and a percentage that counts other steps would be wrong.
  @Test func `every verb goes through the steps that it announced, in their order`() throws {
    let path = { (name: String) in "\(scratch.path)/\(name)" }
    let runs: [[String]] = [
      ["replay", small], ["replay", small, "--verify", "sequential"], ["replay", small, "--sequential"],
      ["golden", small, "-o", path("trace")], ["verify", small, "--golden", path("trace")],
      ["bisect", small, "--golden", path("trace")], ["inspect", small], ["inspect", small, "--entries", "0"],
      ["stress", small, "--workers", "1,2", "--partitions", "1", "--seeds", "2"],
      ["export", small, "--to", "jsonl", "-o", path("lines")],
      ["export", small, "--to", "sqlite", "-o", path("state")],
      ["export", small, "--to", "postgres", "-o", path("mirror")], ["pack", small, "-o", path("archive")],
      ["unpack", path("archive"), "-o", path("log.jsonl")], ["check", small], ["check", path("archive")],
      ["prove", small, "--event", "0", "-o", path("proof")], ["restore", path("archive"), "-o", path("restored")],
      ["drill", path("archive"), "--out", path("evidence")],
    ]
    for arguments in runs {
      let lines = try lines(arguments)
      let numbers = lines.compactMap(\.number)
      #expect(!lines.isEmpty && numbers.count == lines.count, "\(arguments): \(lines)")
      #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 }, "\(arguments): \(lines)")
      #expect(lines.last?.fraction == 1_000_000, "\(arguments)")
    }
  }
}
