import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// `replay --rejects`: everything that was found wrong with an entry, whoever replays.
@Suite struct RejectsTests {
  private static let bad = Fixture.path("bad-entries.jsonl.lz4")
  private static let engines = [
    ["--workers", "1"], ["--workers", "2", "--partitions", "1"], ["--workers", "8", "--partitions", "64"],
    ["--sequential"],
  ]

  /// What a replay wrote, a line an element.
  private struct Listed {
    let run: CommandLineRun
    let text: [UInt8]
    let lines: [JSONObject]

    /// - Parameter options: behind the log.
    init(_ log: String, _ options: [String] = []) throws {
      let folder = try TemporaryFolder()
      run = try CommandLineRun(
        ["replay", log, "--rejects", "\(folder.path)/rejects.jsonl", "--json", "-q"] + options)
      #expect(try folder.names == ["rejects.jsonl"], "\(options): \(run.errors)")
      text = try folder.read("rejects.jsonl")
      lines = try text.split(separator: UInt8(ascii: "\n")).map { try #require(JSONText.value(Array($0)).objectValue) }
    }

    func lines(_ kind: String) throws -> [JSONObject] { try lines.filter { try $0.text("kind") == kind } }

    /// Lines without members that depend on where the log lies.
    func lines(without names: [String]) -> [String] {
      lines.map { $0.without(names).canonical }
    }
  }

  private static func entries(_ log: String) throws -> [[UInt8]] {
    try Fixture.bytes(of: log).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  /// Every kind of a finding that a list in a result has, more of each than it has room for.
  private static func many(in folder: TemporaryFolder) throws -> String {
    let entries = (0..<130).flatMap { number in
      [
        ManyFindings.proof, #"{"event_type":"STORE","object_id":\#(number)}"#, #"{"event_type":"TYPE \#(number)"}"#,
        ManyFindings.diverging(number),
      ]
    }
    return try folder.write(LogText.lines([ManyFindings.store] + entries), "many.jsonl")
  }

  // MARK: What is listed

  @Test func `the bad entries are the expected ones, each with its text, for every engine`() throws {
    let log = "bad-entries.jsonl.lz4"
    let entries = try Self.entries(log)
    let expected = try Fixture.expected(log).elements("rejects").map(\.canonicalText)
    var texts: Set<[UInt8]> = []
    for engine in Self.engines {
      let listed = try Listed(Self.bad, engine)
      texts.insert(listed.text)
      let rejected = try listed.lines("rejected")
      let found = try rejected.map { line in
        JSONValue.members(["ordinal": try line.required("ordinal"), "code": try line.required("code")]).canonicalText
      }
      #expect(found == expected, "\(engine)")
      for line in listed.lines where line["raw"] != nil {
        #expect(try line.required("raw") == .string(entries[line.count("ordinal")]), "\(engine)")
      }
      let shown = ["kind", "raw"]
      #expect(
        try rejected.prefix(100).map { JSONValue.object($0.without(shown)) } == listed.run.json.elements("rejects"))
      #expect(
        try listed.lines("diverged").prefix(100).map { JSONValue.object($0.without(shown)) }
          == listed.run.json.elements("divergences"))
      let unsupported = try listed.lines("unsupported")
      #expect(try unsupported.count == listed.run.json.object("entries").count("unsupported"))
      #expect(!unsupported.isEmpty && unsupported.allSatisfy { $0["raw"] != nil && $0["event_type"] != nil })
    }
    #expect(texts.count == 1)
  }

  @Test func `an offset is where the text stands in the log`() throws {
    let log = try CommandLineRun(shell: "lz4 -dcq '\(Self.bad)'").output
    let listed = try Listed(Self.bad)
    for line in listed.lines where line["raw"] != nil {
      let raw = try #require(line.required("raw").stringBytes)
      let offset = try line.count("byte_offset")
      #expect(Array(log[offset..<offset + raw.count]) == raw)
    }
  }

  @Test func `an archive and an array of the same entries list the same, but for offsets`() throws {
    let folder = try TemporaryFolder()
    let lines = try Listed(Self.bad).lines(without: ["byte_offset"])
    #expect(lines.count > 40)
    let entries = try Self.entries("bad-entries.jsonl.lz4")
    let text = Array("[\n ".utf8) + Array(entries.joined(separator: Array("\n,\t".utf8))) + Array(" ]".utf8)
    let logs = [try ArchiveTests.pack(Self.bad, in: folder), try folder.write(text, "log.json")]
    for log in logs {
      var texts: Set<[UInt8]> = []
      for engine in Self.engines {
        let listed = try Listed(log, engine)
        #expect(listed.lines(without: ["byte_offset"]) == lines, "\(log) \(engine)")
        texts.insert(listed.text)
      }
      #expect(texts.count == 1, "\(log)")
    }
  }

  @Test func `a content in a pack stays there`() throws {
    let folder = try TemporaryFolder()
    let content = String(repeating: "YWFh", count: 1000)
    let store =
      #"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"\#(content)"}}"#
    let archive = try ArchiveTests.pack(folder.write(store + "\n", "log.jsonl"), in: folder)
    var texts: Set<[UInt8]> = []
    for engine in Self.engines {
      let listed = try Listed(archive, ["--max-content-size", "100"] + engine)
      let raw = try #require(listed.lines.first?.required("raw").stringBytes)
      #expect(listed.lines.count == 1 && raw.count < 300)
      let segment = try CommandLineRun(shell: "lz4 -dcq segments/*", folder: archive).output
      #expect(raw == Array(segment.dropLast()))
      texts.insert(listed.text)
    }
    #expect(texts.count == 1)
  }

  @Test func `any text comes back byte for byte`() throws {
    let folder = try TemporaryFolder()
    let entries = [
      #"{"event_type":"X","a":"\ud800"}"#, "{\"a\":\"caf\u{E9} cafe\u{301} \u{1F600}\u{2028}\u{85}\u{7F}\"}",
      "{\n \"event_type\" :\t\"A\\u0042\\\\\\\"\"\r\n}", "null", "\"\\ud83d\\ude00\"", #"{"a":1,"a":-0.0e+1}"#, "[ ]",
      "{\"event_type\":\"\u{1F600}\\u0000\"}",
    ]
    let lines = entries.filter { !$0.contains("\n") }
    for (name, text, entries) in [
      ("log.json", "[" + entries.joined(separator: " , ") + "]\n", entries),
      ("log.jsonl", lines.joined(separator: " \r\n\t"), lines),
    ] {
      let log = try folder.write(text, name)
      for engine in Self.engines {
        let listed = try Listed(log, engine)
        #expect(try listed.lines.map { try $0.required("raw") } == entries.map(JSONValue.text), "\(name) \(engine)")
        #expect(listed.text.allSatisfy { $0 < 0x80 })
      }
    }
  }

  @Test func `everything is listed where a result has no room for it`() throws {
    let folder = try TemporaryFolder()
    let log = try Self.many(in: folder)
    let known = try KnownFindings(LogSource(argument: log)).items.map { "\($0.ordinal.value) \($0.finding.name)" }
    var texts: Set<[UInt8]> = []
    for engine in Self.engines {
      let listed = try Listed(log, engine)
      texts.insert(listed.text)
      let found = try listed.lines.map { line in
        "\(try line.count("ordinal")) "
          + (try line["event_type"] != nil ? "UNSUPPORTED" : line.text(line["code"] != nil ? "code" : "field"))
      }
      #expect(found == known, "\(engine)")
      for kind in ["rejected", "unsupported", "diverged"] { #expect(try listed.lines(kind).count > 100, "\(kind)") }
    }
    #expect(texts.count == 1)
  }

  @Test func `what is accepted is listed and said to be`() throws {
    let folder = try TemporaryFolder()
    let log = try Self.many(in: folder)
    let items = try KnownFindings(LogSource(argument: log)).items.enumerated().filter { $0.offset % 3 == 0 }
    let list = try folder.write(LogText.lines(items.map { $0.element.line() }), "accept.jsonl")
    let plain = try Listed(log)
    for engine in Self.engines {
      let listed = try Listed(log, ["--accept", list] + engine)
      #expect(listed.lines(without: ["accepted"]) == plain.lines(without: []), "\(engine)")
      let accepted = listed.lines.indices.filter { listed.lines[$0]["accepted"] == .boolean(true) }
      #expect(accepted == items.map(\.offset), "\(engine)")
    }
  }

  /// Long ids fill the memory that the limit leaves for objects.
  @Test func `what is compared late, because it was on disk, is listed in its place`() throws {
    let folder = try TemporaryFolder()
    let hash = String(repeating: "a", count: 64)
    let ids = (0..<70_000).map { "o\($0)-" + String(repeating: "x", count: 1000) }
    let entries = ids.enumerated().flatMap { number, id in
      let store = #"{"event_type":"STORE","object_id":"\#(id)","version":1,"content_size":1}"#
      guard number % 20 == 0 else { return [store] }
      let shard = ObjectNaming.shardID(object: Identifier(ids[number / 2]), version: ObjectVersion(1), index: 0)
      let proof =
        #"{"event_type":"PROOF_GENERATED","object_id":"x","version":1,"epoch":0,"shard_ids":["\#(shard.hexadecimal)"],"hash_commit":"\#(hash)","replica_sets":{"\#(shard.hexadecimal)":[]}}"#
      return [store, proof, "{}"]
    }
    let log = try folder.write(LogText.lines(entries), "log.jsonl")
    let expected = try Listed(log)
    let kinds = try expected.lines.map { try $0.text("kind") }
    #expect(kinds.count { $0 == "rejected" } == 3500 && kinds.count { $0 == "diverged" } >= 3500)
    for workers in ["1", "2"] {
      let listed = try Listed(log, ["--memory-limit", "256MiB", "--workers", workers])
      #expect(try listed.run.json.object("run").count("spilled_partitions") > 0)
      #expect(listed.text == expected.text, "\(workers)")
    }
  }

  @Test func `what a salvage has lost is listed`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("live-content.jsonl.lz4"), in: folder)
    _ = try CommandLineRun(
      shell: "rm segments/000001.jsonl.lz4 && \(ArchiveDamageTests.flip("content/000000.pack"))", folder: archive)
    var texts: Set<[UInt8]> = []
    for engine in Self.engines.dropLast() {
      let listed = try Listed(archive, ["--salvage"] + engine)
      texts.insert(listed.text)
      let lost = try listed.run.json.object("completeness").elements("lost").flatMap { range in
        let range = try #require(range.objectValue)
        return Array(try range.count("first")...range.count("last"))
      }
      let lines = try listed.lines("lost")
      #expect(try lines.map { try $0.count("ordinal") } == lost)
      #expect(lines.contains { $0["byte_offset"]?.isNull == true && $0["raw"] == nil })
      #expect(lines.contains { $0["byte_offset"]?.isNull == false && $0["raw"] != nil })
      #expect(
        try listed.run.json.object("recovery").object("not_recovered")["lost"] == .integer(lost.count))
    }
    #expect(texts.count == 1)
  }

  @Test func `the list ends where the replay ends, and a sound log has an empty one`() throws {
    let all = try Listed(Self.bad)
    for engine in Self.engines {
      let listed = try Listed(Self.bad, ["--until-ordinal", "100"] + engine)
      let before = try all.lines.filter { try $0.count("ordinal") < 100 }
      #expect(listed.lines == before && !before.isEmpty, "\(engine)")
      #expect(try Listed(Fixture.path("runbook-small.json"), engine).text.isEmpty)
    }
    #expect(try Listed(Self.bad, ["--verify", "sequential"]).text == all.text)
  }

  // MARK: What cannot be written

  @Test func `a damaged log, an unsuitable target and a full disk leave nothing`() throws {
    let folder = try TemporaryFolder()
    let logs = try TemporaryFolder()
    let cut = try logs.write(LogText.lines(Array(repeating: "{}", count: 90_000)) + [UInt8(ascii: "{")], "cut.jsonl")
    let path = "\(folder.path)/rejects.jsonl"
    for engine in Self.engines {
      #expect(try CommandLineRun(["replay", cut, "--rejects", path, "-q"] + engine).status == 4)
      let full = try CommandLineRun(
        shell: "ulimit -f 16; $EQM replay '\(Self.bad)' --rejects '\(path)' -q " + engine.joined(separator: " "))
      #expect(full.status == 2 && full.errors.contains("cannot write \(folder.path)"), "\(full.errors)")
      #expect(full.output.isEmpty)
      #expect(try folder.names == [], "\(engine)")
    }
    for target in ["\(folder.path)/no/rejects.jsonl", "/proc/rejects.jsonl", "\(folder.path)/", folder.path] {
      // Before any work: the log is not even there.
      let run = try CommandLineRun(["replay", "\(folder.path)/none.jsonl", "--rejects", target, "-q"])
      #expect(run.status == 6, "\(target): \(run.errors)")
    }
    #expect(try folder.names == [])
  }

  @Test func `a file that exists is replaced only with --force, and the log never`() throws {
    let folder = try TemporaryFolder()
    let mine = try folder.write("mine", "mine")
    let log = try folder.write("{}\n", "log.jsonl")
    #expect(try CommandLineRun(["replay", log, "--rejects", mine]).status == 6)
    #expect(try folder.read("mine") == Array("mine".utf8))
    #expect(try CommandLineRun(["replay", log, "--rejects", log, "--force"]).status == 6)
    let run = try CommandLineRun(["replay", log, "--rejects", mine, "--force"])
    #expect(run.status == 3, "\(run.errors)")
    #expect(String(decoding: run.output, as: UTF8.self).contains("rejects        \(mine)"))
    #expect(String(decoding: try folder.read("mine"), as: UTF8.self).hasPrefix(#"{"kind":"rejected","ordinal":0,"#))
    #expect(try folder.names == ["log.jsonl", "mine"])
  }

  @Test func `what would leave findings out is refused`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Self.bad, in: folder)
    let rejects = ["replay", archive, "--rejects", "\(folder.path)/rejects.jsonl", "-q"]
    let points = ["--checkpoint-dir", "\(folder.path)/points"]
    let resumed = try CommandLineRun(rejects + points + ["--resume"])
    #expect(resumed.status == 64 && resumed.errors.contains("--resume"), "\(resumed.errors)")
    let run = try CommandLineRun(rejects + points + ["--checkpoint-seconds", "0"])
    #expect(run.status == 3, "\(run.errors)")
    #expect(try folder.read("rejects.jsonl") == Listed(archive).text)
  }
}

extension JSONObject {
  fileprivate func without(_ names: [String]) -> JSONObject {
    let names = names.map { Array($0.utf8) }
    return JSONObject(members.filter { !names.contains($0.key) }.map { ($0.key, $0.value) })
  }
}
