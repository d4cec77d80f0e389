import Foundation
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// `--accept`, as the built program does it.
@Suite struct AcceptTests {
  private static let unlogged = Fixture.path("live-unlogged.jsonl.lz4")
  private static let bad = Fixture.path("bad-entries.jsonl.lz4")

  private static func lines(_ log: String) throws -> [String] {
    try KnownFindings(LogSource(argument: log)).items.map { $0.line() }
  }

  /// More divergences than any list holds, in STOREs and in proofs of one object.
  private static func many(in folder: TemporaryFolder) throws -> String {
    try folder.write(
      LogText.lines(
        [ManyFindings.store] + Array(repeating: ManyFindings.proof, count: 130) + (0..<120).map(ManyFindings.diverging)),
      "many.jsonl")
  }

  @Test func `with every divergence accepted a drill is WARNED, and nothing says PASSED`() throws {
    let drill = try DrilledEvidence()
    let lines = try Self.lines(Self.unlogged)
    let list = try drill.folder.write(LogText.lines(lines), "accept.jsonl")
    for verb in [["replay", Self.unlogged, "--json"], ["replay", Self.unlogged, "--verify", "sequential"]] {
      let run = try CommandLineRun(verb + ["--accept", list, "-q"])
      #expect(run.status == 3, "\(run.errors)")
      let text = String(decoding: run.output, as: UTF8.self)
      #expect(!text.contains("PASSED"))
      #expect(verb.contains("--json") || text.contains("recorded (equal but for \(lines.count) accepted)"), "\(text)")
    }
    let run = try drill.drill(Self.unlogged, ["--accept", list])
    #expect(run.status == 3, "\(run.errors)")
    #expect(!String(decoding: run.output, as: UTF8.self).contains("PASSED"))
    #expect(try run.json.text("verdict") == "WARNED")
    let comparison = try run.json.object("comparison")
    #expect(try comparison.required("first_divergence").isNull)
    #expect(try comparison.count("accepted") == lines.count, "equal but for those")
    #expect(try comparison.object("sides").object("recorded").count("accepted") == lines.count)
    #expect(try comparison.object("sides").object("sequential").count("accepted") == 0)
    let shown = String(decoding: try CommandLineRun(["evidence", "show", drill.file(".json")]).output, as: UTF8.self)
    #expect(shown.contains("recorded equal but for \(lines.count) accepted, sequential equal"), "\(shown)")
    #expect(shown.contains("diverged       \(lines.count) of the applied"), "\(shown)")
    #expect(try run.json.object("entries").required("diverged") == .integer(lines.count), "it is still diverged")
    let path = try drill.file(".json")
    #expect(!String(decoding: try drill.bytes(path), as: UTF8.self).contains("PASSED"))
    let evidence = try drill.document(path)
    #expect(try evidence.elements("reasons") == [.text("findings-accepted")])
    #expect(try evidence.text("audit_readiness") == "NOT_READY")
    let verification = try evidence.object("verification")
    #expect(try verification.text("deterministic_replay") == "WARNED")
    #expect(verification["bit_for_bit_match"] == .boolean(false))
    let accepted = try evidence.object("result").object("accepted")
    #expect(try accepted.text("sha256") == Digest.sha256(LogText.lines(lines)).hexadecimal)
    for name in ["lines", "used", "divergences", "diverged"] {
      #expect(try accepted.count(name) == lines.count, "\(name)")
    }
  }

  @Test func `a divergence that no line accepts fails, and is named`() throws {
    let folder = try TemporaryFolder()
    let items = try KnownFindings(LogSource(argument: Self.unlogged)).items
    for index in [0, items.count / 2, items.count - 1] {
      let lines = items.enumerated().filter { $0.offset != index }.map { $0.element.line() }
      let list = try folder.write(LogText.lines(lines), "accept.jsonl")
      let run = try CommandLineRun(["drill", Self.unlogged, "--accept", list, "--out", folder.path, "--json"])
      #expect(run.status == 1)
      #expect(try run.json.text("verdict") == "FAILED")
      let first = try run.json.object("comparison").object("first_divergence")
      #expect(first["ordinal"] == .integer(items[index].ordinal.value))
      #expect(try first.text("field") == items[index].finding.name)
      let verify = try CommandLineRun([
        "evidence", "verify", run.json.text("evidence"), "--archive", Self.unlogged, "--accept", list,
      ])
      #expect(verify.status == 0, "\(String(decoding: verify.output, as: UTF8.self))")
    }
  }

  @Test func `a line that accepts nothing fails, and is named in result and evidence`() throws {
    let drill = try DrilledEvidence()
    let known = try Self.lines(Self.unlogged)
    let item = #"{"ordinal":0,"code":"UNSUPPORTED","reason":"gone","expires":"9999-12-31"}"#
    let list = try drill.folder.write(LogText.lines([known[0], item] + known.dropFirst()), "accept.jsonl")
    let run = try drill.drill(Self.unlogged, ["--accept", list])
    #expect(run.status == 1)
    let evidence = try drill.document(drill.file(".json"))
    #expect(try evidence.text("verdict") == "FAILED")
    #expect(try evidence.elements("reasons") == [.text("findings-accepted"), .text("accept-lines-unused")])
    for accepted in [try run.json.object("accepted"), try evidence.object("result").object("accepted")] {
      #expect(
        try accepted.elements("unused")
          == [.members(["line": .integer(2), "ordinal": .integer(0), "code": .text("UNSUPPORTED")])])
      #expect(try accepted.count("used") == known.count)
    }
    let text = try CommandLineRun(["replay", Self.unlogged, "--accept", list])
    #expect(text.status == 1)
    #expect(
      String(decoding: text.output, as: UTF8.self).contains("line 2 of the accept list: entry 0, UNSUPPORTED"))
  }

  @Test func `a list that is expired, bad or not there is refused before any work`() throws {
    let folder = try TemporaryFolder()
    let good = try #require(try Self.lines(Self.unlogged).first)
    for (text, words) in [
      (good + "\n" + good.replacing("9999-12-31", with: "2020-01-01"), "line 2: expired"), ("", "no line"),
      (good + "\n" + good, "line 2: accepts the same as line 1"), (good + "\n{", "line 2: not one JSON value"),
      (good.replacing("}", with: #","x":1}"#), "line 1: \"x\" is no member"),
    ] {
      let list = try folder.write(text, "accept.jsonl")
      for verb in [["drill", Self.unlogged, "--out", "\(folder.path)/out"], ["replay", Self.unlogged]] {
        let run = try CommandLineRun(verb + ["--accept", list, "-q"])
        #expect(run.status == 6, "\(run.errors)")
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(run.output.isEmpty)
      }
      #expect(try CommandLineRun(["replay", "\(folder.path)/none.json", "--accept", list]).status == 6)
    }
    #expect(try CommandLineRun(["replay", Self.unlogged, "--accept", "\(folder.path)/none"]).status == 6)
    #expect(try CommandLineRun(shell: "$EQM replay '\(Self.unlogged)' --accept /dev/zero -q").status == 6)
    #expect(try folder.names == ["accept.jsonl"])
  }

  @Test func `accepted rejects and unknown types are still WARNED`() throws {
    let folder = try TemporaryFolder()
    let list = try folder.write(LogText.lines(Self.lines(Self.bad)), "accept.jsonl")
    let run = try CommandLineRun(["drill", Self.bad, "--accept", list, "--out", folder.path, "--json"])
    #expect(run.status == 3)
    #expect(try run.json.text("verdict") == "WARNED")
    for name in ["rejected", "unsupported"] {
      let count = try run.json.object("entries").count(name)
      #expect(count > 0)
      #expect(try run.json.object("accepted").count(name) == count)
    }
    let verify = try CommandLineRun([
      "evidence", "verify", run.json.text("evidence"), "--archive", Self.bad, "--accept", list,
    ])
    #expect(verify.status == 0, "\(String(decoding: verify.output, as: UTF8.self))")
  }

  @Test func `more than a hundred divergences, one result for any engine and any number of workers`() throws {
    let folder = try TemporaryFolder()
    let log = try Self.many(in: folder)
    let archive = try ArchiveTests.pack(log, in: folder)
    let lines = try Self.lines(log)
    #expect(lines.count == 120 + 2 * 130)
    let shapes = [
      ["--workers", "1"], ["--workers", "3", "--partitions", "7"], ["--sequential"],
      ["--workers", "2", "--memory-limit", "256MiB"],
    ]
    for (kept, status) in [(lines.count, 3), (lines.count - 1, 1)] as [(Int, Int32)] {
      let list = try folder.write(LogText.lines(Array(lines.prefix(kept))), "accept.jsonl")
      let runs = try shapes.map { try CommandLineRun(["replay", archive, "--accept", list, "--json", "-q"] + $0) }
      for (run, shape) in zip(runs, shapes) {
        #expect(run.status == status, "\(shape): \(run.errors)")
        #expect(try run.json.text("result_digest") == runs[0].json.text("result_digest"), "\(shape)")
        #expect(try run.json.object("accepted") == runs[0].json.object("accepted"), "\(shape)")
      }
      let first = try runs[0].json.object("comparison").required("first_divergence")
      // The last of all: no list of divergences names it.
      #expect(status == 3 ? first.isNull : first.objectValue?["ordinal"] == .integer(250))
      let out = "\(folder.path)/out-\(kept)"
      let drill = try CommandLineRun(["drill", log, "--accept", list, "--out", out, "--json"])
      #expect(drill.status == status)
      let verify = try CommandLineRun(["evidence", "verify", drill.json.text("evidence")])
      #expect(verify.status == 0, "\(String(decoding: verify.output, as: UTF8.self))")
    }
  }

  @Test func `evidence is replayed with the same accept list, and with no other`() throws {
    let drill = try DrilledEvidence()
    let lines = try Self.lines(Self.unlogged)
    let list = try drill.folder.write(LogText.lines(lines), "accept.jsonl")
    let other = try drill.folder.write(LogText.lines(lines.reversed()), "other.jsonl")
    try drill.drill(Self.unlogged, ["--accept", list])
    try drill.drill(Self.unlogged, out: "plain")
    func outcomes(_ out: String, _ options: [String]) throws -> [String] {
      let run = try CommandLineRun(
        ["evidence", "verify", drill.file(".dsse.json", in: out), "--archive", Self.unlogged, "--json"] + options)
      let checks = try run.json.elements("checks").compactMap(\.objectValue)
      return try ["accept_list", "archive", "replay"].map { name in
        try checks.first { try $0.text("name") == name }?.text("outcome") ?? "none"
      } + ["\(run.status)"]
    }
    #expect(try outcomes("out", ["--accept", list]) == ["holds", "holds", "holds", "0"])
    #expect(try outcomes("out", []) == ["not_checked", "holds", "not_checked", "0"])
    #expect(try outcomes("out", ["--accept", other]) == ["fails", "holds", "not_checked", "1"])
    #expect(try outcomes("plain", ["--accept", list]) == ["fails", "holds", "not_checked", "1"])
    #expect(try outcomes("plain", []) == ["none", "holds", "holds", "0"])
  }

  @Test func `a resume point is of one accept list`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("vm-trace.jsonl.lz4"), in: folder, ["--segment-bytes", "1MiB"])
    let line = #"{"ordinal":1,"field":"epoch","reason":"r","expires":"9999-12-31"}"#
    let lists = try [line, line.replacing("1,", with: "2,")].enumerated().map { index, text in
      try folder.write(text, "accept-\(index)")
    }
    let keep = ["replay", archive, "--checkpoint-dir", "\(folder.path)/points", "-q"]
    // Damage far behind the start lets the replay end with a point behind it.
    let broken = "\(archive)/segments/000009.jsonl.lz4"
    let bytes = try Data(contentsOf: URL(fileURLWithPath: broken))
    var damaged = bytes
    damaged[damaged.startIndex + 30] ^= 1
    try damaged.write(to: URL(fileURLWithPath: broken))
    #expect(try CommandLineRun(keep + ["--checkpoint-seconds", "0", "--accept", lists[0]]).status == 4)
    try bytes.write(to: URL(fileURLWithPath: broken))
    for other in [[], ["--accept", lists[1]]] {
      let run = try CommandLineRun(keep + ["--resume"] + other)
      #expect(run.status == 6, "\(run.errors)")
      #expect(run.errors.contains("other options"))
    }
    let resumed = try CommandLineRun(keep + ["--resume", "--json", "--accept", lists[0]])
    #expect(resumed.status == 1, "its line accepts nothing")
    #expect(try resumed.json.object("run")["resumed_at_ordinal"] != nil)
    #expect(try resumed.json.object("accepted").count("used") == 0)
  }
}
