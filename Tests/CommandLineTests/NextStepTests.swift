import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// What the program says of its exit statuses, and of what to do next.
@Suite struct NextStepTests {
  private let small = Fixture.path("runbook-small.json")
  private let scratch: TemporaryFolder
  private let statuses: [Int] = [0, 1, 2, 3, 4, 5, 6, 64, 130, 143]

  init() throws { scratch = try TemporaryFolder() }

  /// The line of the error stream that says what to do.
  private func next(_ run: CommandLineRun) -> String? {
    let lines = run.errors.split(separator: "\n").filter { $0.hasPrefix("next: ") }
    return lines.count == 1 ? lines.first.map { String($0.dropFirst("next: ".count)) } : nil
  }

  private func text(_ run: CommandLineRun) -> String { String(decoding: run.output, as: UTF8.self) }

  // MARK: What comes next

  @Test func `damage is followed by check, and check by something else`() throws {
    let log = try scratch.write("[{\"event_type\":", "a log.json")
    for options in [[], ["-q"], ["--json"]] {
      let run = try CommandLineRun(["replay", log] + options)
      #expect(run.status == 4)
      #expect(next(run) == "eqm-replay check '\(log)' (eqm-replay explain 4)", "\(run.errors)")
    }
    #expect(try next(CommandLineRun(["check", log]))?.contains("eqm-replay check") == false)
    let drill = try CommandLineRun(["drill", log, "--out", scratch.path])
    #expect(drill.status == 4)
    #expect(next(drill) == "eqm-replay check '\(log)' (eqm-replay explain 4)", "\(drill.errors)")
  }

  @Test func `a name that steers a terminal is not repeated`() throws {
    let log = try scratch.write("[", "a\u{1B}[31m\nb.json")
    let run = try CommandLineRun(["replay", log])
    #expect(next(run) == "eqm-replay check LOG (eqm-replay explain 4)", "\(run.errors)")
    // Nor is it by what went wrong, be that the parser's to say or ours.
    for arguments in [
      ["replay", "\(scratch.path)/\u{1B}[31m/log.json", "--state-out", "\(scratch.path)/\u{1B}[31m/state"],
      ["replay", "a", "b\u{1B}[31m"],
    ] {
      let refused = try CommandLineRun(arguments)
      #expect(refused.status != 0)
      #expect(!refused.errors.contains("\u{1B}") && refused.errors.contains("\\u{1b}[31m"), "\(refused.errors)")
    }
    let quoted = try scratch.write("[", "it's.json")
    #expect(try next(CommandLineRun(["replay", quoted]))?.contains(#"it'\''s.json' "#) == true)
  }

  @Test func `a divergence is followed by the command that shows more of it`() throws {
    let trace = "\(scratch.path)/trace"
    #expect(try CommandLineRun(["golden", Fixture.path("runbook-quirks.json"), "-o", trace]).status != 2)
    let golden = try CommandLineRun(["verify", small, "--golden", trace])
    #expect(golden.status == 1)
    #expect(next(golden) == "eqm-replay bisect \(small) --golden \(trace) (eqm-replay explain 1)", "\(golden.errors)")
    let root = String(repeating: "0", count: 64)
    let expected = try CommandLineRun(["drill", small, "--out", scratch.path, "--expect-state-root", root])
    #expect(expected.status == 1)
    #expect(next(expected)?.contains("eqm-replay check \(small)") == true, "\(expected.errors)")
  }

  @Test func `what is advised is about the same entries`() throws {
    let trace = "\(scratch.path)/trace"
    let other = Fixture.path("runbook-quirks.json")
    #expect(try CommandLineRun(["golden", other, "-o", trace, "--profile", "drill"]).status != 2)
    let golden = try CommandLineRun(["verify", small, "--golden", trace, "--profile", "drill"])
    #expect(golden.status == 1)
    let advice = String(try #require(next(golden)?.split(separator: " (").first))
    #expect(advice.contains("--profile drill"))
    let bisected = try CommandLineRun(shell: advice.replacing("eqm-replay", with: "$EQM", maxReplacements: 1))
    #expect(bisected.status == 1, "\(bisected.errors)")
    let partly = try CommandLineRun([
      "replay", Fixture.path("bad-entries.jsonl.lz4"), "--until-ordinal", "20", "--max-content-size", "1MiB",
    ])
    #expect(partly.status == 3)
    #expect(
      next(partly)?.contains("--max-content-size 1048576 --until-ordinal 20 --rejects") == true, "\(partly.errors)")
  }

  @Test func `what was not applied is followed by a list of it`() throws {
    let log = Fixture.path("bad-entries.jsonl.lz4")
    for verb in ["replay", "check"] {
      let run = try CommandLineRun([verb, log, "--json"])
      #expect(run.status == 3)
      #expect(
        next(run) == "eqm-replay replay \(log) --rejects rejects.jsonl (eqm-replay explain 3)", "\(run.errors)")
      #expect(throws: Never.self) { try run.json }
    }
    let quiet = try CommandLineRun(["replay", log, "-q"])
    #expect(quiet.status == 3 && quiet.errors.isEmpty)
  }

  @Test func `whatever ends with an error names its status`() throws {
    let failures: [([String], Int32)] = [
      (["replay", "\(scratch.path)/nowhere"], 2), (["bench", "run", "other"], 64),
      (["replay", small, "--until-epoch", "77"], 4),
      (["replay", small, "--workers", "0"], 64), (["golden", small, "-o", "\(scratch.path)/no/where"], 6),
      (["evidence", "show", "\(scratch.path)/nowhere"], 2), (["diff", small, "\(scratch.path)/nowhere"], 6),
    ]
    for (arguments, status) in failures {
      let run = try CommandLineRun(arguments)
      #expect(run.status == status, "\(run.errors)")
      #expect(
        next(run)?.hasSuffix("eqm-replay explain \(status))") == true || next(run) == "eqm-replay explain \(status)")
      #expect(run.errors.hasPrefix("error: "))
    }
    let usage = try CommandLineRun(["evidence", "verify", small, "--workers", "0", "--archive", small])
    #expect([1, 64].contains(usage.status))
  }

  @Test func `a clean result is followed by nothing`() throws {
    #expect(try CommandLineRun(["replay", small]).errors.isEmpty)
  }

  // MARK: Explain

  @Test func `every status is explained, as text and as JSON`() throws {
    let all = try CommandLineRun(["explain", "--json"]).json.elements("statuses")
    #expect(try all.map { try #require($0.objectValue?["status"]) } == statuses.map(JSONValue.integer))
    for (status, listed) in zip(statuses, all) {
      let json = try CommandLineRun(["explain", "\(status)", "--json"]).json
      #expect(try json.text("schema") == "eqm-replay/explain/1")
      #expect(try json.elements("statuses") == [listed])
      let object = try #require(listed.objectValue)
      let run = try CommandLineRun(["explain", "\(status)"])
      #expect(run.status == 0 && run.errors.isEmpty)
      #expect(try text(run).contains(object.text("meaning")))
      #expect(try status == 0 || !object.elements("actions").isEmpty)
      #expect(try !object.elements("verbs").isEmpty)
    }
    let list = try text(CommandLineRun(["explain"]))
    for status in statuses { #expect(list.contains("\n\(status) ") || list.hasPrefix("\(status) ")) }
  }

  @Test func `the runbook's alarms are those of a mismatch and of a partial replay`() throws {
    let mismatch = try text(CommandLineRun(["explain", "1"]))
    #expect(mismatch.contains("critical, if a replay diverged: page SRE/Infra and Backend, #qfs-critical-alerts"))
    #expect(mismatch.contains("eqm-replay bisect LOG --golden"))
    let partial = try text(CommandLineRun(["explain", "3"]))
    #expect(partial.contains("warning, if entries were not applied: page Backend, #qfs-backend-alerts"))
    #expect(try text(CommandLineRun(["explain", "5"])).contains("a drill has failed in step 5"))
  }

  /// A command that is advised must be one that the program takes.
  @Test func `every command of an explanation is understood`() throws {
    let trace = "\(scratch.path)/TRACE"
    #expect(try CommandLineRun(["golden", small, "-o", trace]).status == 0)
    #expect(try CommandLineRun(["pack", small, "-o", "\(scratch.path)/ARCHIVE"]).status == 0)
    for status in statuses {
      for action in try CommandLineRun(["explain", "\(status)", "--json"]).json.elements("statuses")
        .flatMap({ try #require($0.objectValue).elements("actions") })
      {
        guard let command = action.objectValue?["command"]?.stringBytes else { continue }
        let words = String(decoding: command, as: UTF8.self).split(separator: " ").map(String.init)
        guard words[0] == "eqm-replay" else { continue }
        let places = [
          "LOG": small, "TRACE": trace, "ARCHIVE": "\(scratch.path)/ARCHIVE", "ORDINAL": "0", "VERB": "drill",
          "FOLDER": "\(scratch.path)/out", "known.jsonl": "/dev/null",
        ]
        var arguments = words.dropFirst().map { places[$0] ?? $0 }
        if arguments[0] == "stress" { arguments += ["--workers", "1", "--partitions", "1", "--seeds", "1"] }
        let run = try CommandLineRun(arguments, folder: scratch.path)
        #expect(run.status != 64, "\(words): \(run.errors)")
      }
    }
  }

  @Test func `an unknown status is refused with those that are known`() throws {
    for status in ["7", "-1", "x", "99999999999"] {
      let run = try CommandLineRun(["explain", "--", status])
      #expect(run.status == 64)
      #expect(run.errors.contains("0, 1, 2, 3, 4, 5, 6, 64, 130, 143"), "\(run.errors)")
    }
  }
}
