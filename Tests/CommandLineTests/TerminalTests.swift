import Foundation
import ReplayTestSupport
import Testing

/// The program at a terminal.
@Suite struct TerminalTests {
  private let small = Fixture.path("runbook-small.json")
  /// Entries that the sequential engine is given a few at a time.
  private let line = Array(#"{"event_type":"READ","object_id":"a"}"#.utf8) + [UInt8(ascii: "\n")]
  private let eraser = "\r\u{1B}[K"
  private let scratch: TemporaryFolder

  init() throws { scratch = try TemporaryFolder() }

  private func lines(_ count: Int) -> [UInt8] { (0..<count).flatMap { _ in line } }

  /// Feeds a run until its terminal shows something.
  private func feed(_ run: TerminalRun, until condition: (String) -> Bool) throws {
    try run.feed(lines(100))
    try run.wait(until: condition)
  }

  /// What a line that is drawn again and again showed, from one time to the next.
  private func frames(_ screen: String) -> [String] {
    screen.components(separatedBy: eraser).map { String($0.prefix { !$0.isNewline }) }.filter { !$0.isEmpty }
  }

  // MARK: Progress

  @Test func `a line is drawn on a terminal and erased in the end`() throws {
    let run = try TerminalRun(["replay", "-", "--sequential"])
    try feed(run) { $0.contains("replay 1 of 1  100 entries") }
    run.endInput()
    let (status, output) = try run.end()
    // Nothing was compared.
    #expect(status == 3 || status == 0)
    #expect(String(decoding: output, as: UTF8.self).contains("entries        100"))
    let rest = try #require(run.screen.components(separatedBy: eraser).last)
    #expect(!rest.contains(" of 1  100 entries"), "what follows the last erasure: \(rest)")
    #expect(rest.contains("total"))
  }

  @Test func `the line fits a narrow terminal`() throws {
    for (columns, widest) in [(UInt16(40), 39), (20, 19), (0, 79)] {
      let run = try TerminalRun(["replay", "-", "--sequential"], columns: columns)
      try feed(run) { frames($0).contains { $0.hasPrefix("replay 1 of 1") } }
      run.endInput()
      _ = try run.end()
      let drawn = frames(run.screen).filter { $0.hasPrefix("replay 1 of 1") }
      #expect(!drawn.isEmpty && drawn.allSatisfy { $0.count <= widest }, "\(columns) columns: \(drawn)")
    }
  }

  @Test(arguments: [["--progress", "plain"], ["--progress", "json"], ["--progress", "none"], ["-q"]])
  func `no line is drawn where another form was asked for`(options: [String]) throws {
    let run = try TerminalRun(["drill", small, "--out", scratch.path] + options)
    let (status, output) = try run.end()
    #expect(status == 0)
    #expect(String(decoding: output, as: UTF8.self).contains("PASSED"))
    #expect(!run.screen.contains("\u{1B}"), "\(run.screen)")
    if options == ["-q"] || options.last == "none" { #expect(run.screen.isEmpty, "\(run.screen)") }
  }

  @Test func `a terminal without escape sequences gets plain lines`() throws {
    for environment in [["TERM": "dumb"], ["TERM": ""]] {
      let run = try TerminalRun(["replay", small], showing: .outputAndErrors, environment: environment)
      #expect(try run.end().status == 0)
      #expect(!run.screen.contains("\u{1B}"))
      #expect(run.screen.contains("NOT_COMPARED"))
    }
  }

  // MARK: Signals

  @Test(arguments: [[], ["-q"], ["--progress", "none"], ["--json"]])
  func `a signal asks how far a run is and does not disturb it`(options: [String]) throws {
    let run = try TerminalRun(["replay", "-", "--sequential", "--progress", "plain"] + options)
    // Nobody can say when the program has read what it was given: it is asked until it has.
    try run.feed(lines(100))
    try ask(run) { $0.contains("replay, step 1 of 1: 100 entries") }
    try run.feed(lines(50))
    try ask(run) { $0.contains("replay, step 1 of 1: 150 entries") }
    run.endInput()
    let (status, output) = try run.end()
    #expect(status == 0)
    let text = String(decoding: output, as: UTF8.self)
    #expect(text.contains(options == ["--json"] ? #""total": 150"# : "entries        150 = "))
  }

  private func ask(_ run: TerminalRun, until condition: (String) -> Bool) throws {
    try run.waitForReadiness()
    var patience = 600
    while !condition(run.screen), patience > 0 {
      let before = run.screen
      run.signal(SIGUSR1)
      try run.wait { $0 != before }
      patience -= 1
    }
    #expect(condition(run.screen), "\(run.screen)")
  }

  @Test func `the signal before anything has begun is answered too`() throws {
    let run = try TerminalRun(["inspect", "-", "-q"])
    try ask(run) { $0.contains("nothing has begun yet") }
    try run.feed(lines(1))
    run.endInput()
    #expect(try run.end().status == 0)
  }

  @Test func `an interruption leaves a clean line and its status`() throws {
    let run = try TerminalRun(["replay", "-", "--sequential"])
    try feed(run) { $0.contains("100 entries") }
    run.signal(SIGINT)
    let (status, output) = try run.end()
    #expect(status == 130)
    #expect(output.isEmpty)
    let rest = try #require(run.screen.components(separatedBy: eraser).last)
    #expect(rest.hasPrefix("\u{1B}[31merror:\u{1B}[0m interrupted (entry 100, "), "\(rest)")
    #expect(rest.contains("\r\nnext: ") && rest.hasSuffix(" (eqm-replay explain 130)\r\n"), "\(rest)")
  }

  // MARK: Colours

  @Test func `a verdict is coloured on a terminal`() throws {
    let log = Fixture.path("bad-entries.jsonl.lz4")
    let root = String(repeating: "0", count: 64)
    let verdicts: [([String], Int32, String)] = [
      (["drill", small, "--out", scratch.path], 0, "\u{1B}[32mPASSED\u{1B}[0m"),
      (["replay", log], 3, "\u{1B}[33mWARNED\u{1B}[0m"),
      (
        ["drill", small, "--out", scratch.path, "--force", "--expect-state-root", root], 1, "\u{1B}[31mFAILED\u{1B}[0m"
      ),
      (["replay", small], 0, "verdict        NOT_COMPARED"),
    ]
    for (arguments, status, words) in verdicts {
      let run = try TerminalRun(arguments + ["--progress", "none"], showing: .outputAndErrors)
      #expect(try run.end().status == status)
      #expect(run.screen.contains(words), "\(run.screen)")
    }
  }

  @Test func `no colour where it is not wanted or would end in a file`() throws {
    let arguments = ["drill", small, "--out", scratch.path, "--force"]
    let plain = try TerminalRun(arguments, showing: .outputAndErrors, environment: ["NO_COLOR": "1", "TERM": "xterm"])
    #expect(try plain.end().status == 0)
    #expect(!plain.screen.contains("\u{1B}[3"))
    let empty = try TerminalRun(arguments, showing: .outputAndErrors, environment: ["NO_COLOR": ""])
    #expect(try empty.end().status == 0)
    #expect(empty.screen.contains("\u{1B}[32mPASSED"))
    let filed = try TerminalRun(arguments)
    #expect(try !filed.end().output.contains(0x1B))
  }

  @Test func `standard output stays one document while the error stream is a terminal`() throws {
    let run = try TerminalRun(["drill", small, "--out", scratch.path, "--json"])
    let (status, output) = try run.end()
    #expect(status == 0)
    #expect(try JSONSerialization.jsonObject(with: Data(output)) is [String: Any])
    #expect(run.screen.contains("total"))
  }

  // MARK: The end

  @Test func `a summary is for people who look, or who asked`() throws {
    let steps = ["prepare", "load", "replay", "verify", "evidence", "total"]
    let drill = ["drill", small, "--out", scratch.path, "--force"]
    let shown = try TerminalRun(drill)
    #expect(try shown.end().status == 0)
    let table = shown.screen.split(whereSeparator: \.isNewline).map { $0.prefix { $0 != " " } }
    #expect(table.suffix(steps.count) == steps.map { Substring($0) }[...])
    let verbose = try CommandLineRun(drill + ["-v", "--progress", "none"])
    for stage in ["read", "decode", "plan", "derive", "apply", "merge", "commit"] {
      #expect(verbose.errors.contains("\n\(stage) "), "\(verbose.errors)")
    }
    for options in [["--progress", "plain"], ["-q", "-v"]] {
      #expect(try CommandLineRun(drill + options).errors.isEmpty)
    }
  }
}
