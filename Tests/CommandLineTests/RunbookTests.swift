import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// The runbook's commands, run in the order of the page.
@Suite struct RunbookTests {
  /// A block of commands, and the lines that must be in its output, in this order.
  private struct Step {
    var commands = ""
    var expected: [String] = []
  }

  private func steps(of page: String) -> [Step] {
    var steps: [Step] = []
    var language: Substring?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        language = language == nil ? line.dropFirst(3) : nil
        if language == "sh" { steps.append(Step()) }
      } else if language == "sh" {
        steps[steps.count - 1].commands += line + "\n"
      } else if language == "text" {
        steps[steps.count - 1].expected.append(String(line))
      }
    }
    return steps
  }

  /// Whether `line` is `pattern`, in which … stands for anything.
  private func matches(_ line: Substring, _ pattern: String) -> Bool {
    var rest = line
    let parts = pattern.components(separatedBy: "…")
    guard rest.hasPrefix(parts[0]) else { return false }
    rest = rest.dropFirst(parts[0].count)
    for part in parts.dropFirst() where !part.isEmpty {
      guard let range = rest.range(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return pattern.hasSuffix("…") || rest.isEmpty
  }

  private var page: String {
    get throws {
      try String(
        contentsOfFile: "\(Fixture.projectFolder)/Sources/ReplayEngine/Documentation.docc/Runbook.md", encoding: .utf8)
    }
  }

  @Test func `the runbook and explain say the same of every exit status`() throws {
    var rows: [Substring: Substring] = [:]
    for row in try page.split(separator: "\n") where row.hasPrefix("| ") {
      for number in row.split(separator: "|")[0].split(whereSeparator: { " ,".contains($0) }) where Int(number) != nil {
        rows[number] = row
      }
    }
    let statuses = try CommandLineRun(["explain", "--json"]).json.elements("statuses").compactMap(\.objectValue)
    for status in statuses where status["status"]?.canonicalText != "0" {
      let number = try status.required("status").canonicalText
      // 64 is none of a drill that was begun.
      guard number != "64" else { continue }
      let row = try #require(rows[number[...]], "\(number)")
      for step in 3...5 where row.contains("#If-step-\(step)-fails") {
        #expect(try status.elements("runbook_steps").map(\.canonicalText).contains("\(step)"), "\(row)")
      }
      let severity = try status["escalation"]?.objectValue?.text("severity")
      for word in ["warning", "critical"] { #expect(row.contains(word) == (severity == word), "\(row)") }
    }
  }

  @Test func `every command of the runbook says what the page shows`() throws {
    let folder = try TemporaryFolder()
    for (fixture, name) in [("runbook-small.json", "log.json"), ("bad-entries.jsonl.lz4", "bad.jsonl.lz4")] {
      try FileManager.default.copyItem(atPath: Fixture.path(fixture), toPath: "\(folder.path)/\(name)")
    }
    let steps = steps(of: try page)
    #expect(steps.count > 10)
    for step in steps {
      let run = try CommandLineRun(shell: "eqm-replay() { \"$EQM\" \"$@\"; }\n\(step.commands)", folder: folder.path)
      #expect(run.status == 0, "\(step.commands)\(run.errors)")
      #expect(!step.expected.isEmpty, "\(step.commands)")
      var lines = String(decoding: run.output, as: UTF8.self).split(separator: "\n")[...]
      for expected in step.expected {
        let place = lines.firstIndex { matches($0, expected) }
        #expect(place != nil, "\(step.commands)has no line \(expected) in:\n\(lines.joined(separator: "\n"))")
        if let place { lines = lines[(place + 1)...] }
      }
    }
  }
}
