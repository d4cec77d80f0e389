import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// The manual and the completions, which are made from the commands, by the programs that show them.
@Suite(.installed) struct ManualTests {
  private var installation: Installation {
    get throws { try #require(Installation.current) }
  }

  private func output(_ run: CommandLineRun) -> String { String(decoding: run.output, as: UTF8.self) }

  /// A command and those below it: name, and its options as the parser has them.
  private func leaves(_ command: JSONObject, _ path: [String]) throws -> [(path: [String], options: [String])] {
    let below = command["subcommands"]?.elements?.compactMap(\.objectValue) ?? []
    let leaves = try below.filter { try $0.text("commandName") != "help" }.flatMap {
      try self.leaves($0, path + [$0.text("commandName")])
    }
    if !leaves.isEmpty { return leaves }
    let shown = try command.elements("arguments").compactMap(\.objectValue).filter {
      $0["shouldDisplay"] == .boolean(true)
    }
    let names = try shown.compactMap { try $0["preferredName"]?.objectValue?.text("name") }
    return [(path, names)]
  }

  private var verbs: [(path: [String], options: [String])] {
    get throws {
      let program = try CommandLineRun(["--experimental-dump-help"]).json.object("command")
      return try leaves(program, ["eqm-replay"])
    }
  }

  @Test func `every verb has a page with all its options, which man renders without a warning`() throws {
    let verbs = try verbs
    #expect(verbs.count > 20)
    for (path, options) in verbs {
      let page = try installation.shell("MANWIDTH=72 man --warnings \(path.joined(separator: "-"))")
      #expect(page.status == 0 && page.errors.isEmpty, "\(path): \(page.errors)")
      let text = output(page)
      for heading in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "SEE ALSO"] {
        #expect(text.contains("\n\(heading)\n") || text.hasPrefix("\(heading)\n"), "\(path): \(heading)")
      }
      for option in options { #expect(text.contains("--\(option)"), "\(path): --\(option)") }
    }
  }

  @Test func `the page of the program names every verb, every exit status, settings and files`() throws {
    // The paths of this installation are long.
    let page = try installation.shell("MANWIDTH=160 man --warnings eqm-replay")
    #expect(page.status == 0 && page.errors.isEmpty, "\(page.errors)")
    let text = output(page)
    for (path, _) in try verbs { #expect(text.contains("\(path.joined(separator: "-"))(1)"), "\(path)") }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let statuses = try CommandLineRun(["explain", "--json"]).json.elements("statuses").compactMap(\.objectValue)
    #expect(statuses.count >= 10)
    for status in statuses {
      let number = try status.required("status").canonicalText
      #expect(try words.contains(" \(number) \(status.text("title")): \(status.text("meaning"))"), "\(number)")
    }
    for word in ["EQM_REPLAY_CONFIG", "TMPDIR", "storage_replay_drill_YYYYMMDD.json", "drill.env", "Runbook.md"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(!text.contains("@"), "what the template leaves open is filled")
  }

  @Test func `the manual is the same each time it is made`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(
      shell: """
        set -e
        mkdir one two
        for each in one two; do
          '\(Fixture.projectFolder)/Deploy/man/make-man-pages' "$EQM" $each
        done
        diff -r one two && ls one | wc -l
        """, folder: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try output(run) == "\(verbs.count + 1)\n")
  }

  @Test func `bash offers verbs, options, values and files`() throws {
    let folder = try TemporaryFolder()
    try folder.write("[]", "storage.json")
    func offered(_ words: String) throws -> [Substring] {
      let run = try installation.shell(
        "cd '\(folder.path)' && bash '\(Fixture.projectFolder)/Tests/Shell/complete.bash' "
          + "\"$PREFIX/share/bash-completion/completions/eqm-replay\" eqm-replay \(words)")
      #expect(run.errors.isEmpty, "\(run.errors)")
      return output(run).split(separator: "\n")
    }
    #expect(try offered("dr") == ["drill"])
    #expect(try offered("drill --expect") == ["--expect-state-hash", "--expect-state-root"])
    #expect(try offered("drill --progress ''") == ["auto", "plain", "json", "none"])
    #expect(try offered("evidence ver") == ["verify"])
    #expect(try offered("drill sto") == ["storage.json"])
    #expect(try offered("drill storage.json --golden sto") == ["storage.json"])
  }

  /// From the folder that stands for one where Debian's fish looks by itself.
  @Test func `fish offers verbs, options and values`() throws {
    let run = try installation.shell(
      """
      unset XDG_DATA_DIRS
      export HOME=/nonexistent
      fish -c '
        string match /etc/fish/completions $fish_complete_path
        set fish_complete_path "$SYSCONFDIR/fish/completions"
        complete -C "eqm-replay dr"
        complete -C "eqm-replay drill --expect-state-r"
        complete -C "eqm-replay drill --progress js"
        complete -C "eqm-replay evidence ver"' | cut -f 1
      """)
    #expect(output(run) == "/etc/fish/completions\ndrill\n--expect-state-root\njson\nverify\n", "\(run.errors)")
  }

  @Test func `zsh completes verbs and options`() throws {
    let run = try installation.shell(
      "timeout 60 zsh -f '\(Fixture.projectFolder)/Tests/Shell/complete.zsh' \"$PREFIX/share/zsh/site-functions\" "
        + "'eqm-replay dr' 'eqm-replay drill --expect-state-r' 'eqm-replay evidence ver'")
    let text = output(run)
    #expect(run.status == 0, "\(text)\(run.errors)")
    for shown in ["ran [drill]", "--expect-state-root", "ran [evidence verify]"] {
      #expect(text.contains(shown), "\(text)")
    }
  }
}
