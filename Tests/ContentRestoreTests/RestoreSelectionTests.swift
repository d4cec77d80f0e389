import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Parts of a log's contents, states before its end, and ids that no file could be named by.
@Suite struct RestoreSelectionTests {
  private static func store(_ id: String, _ version: Int, _ content: String) -> String {
    let base64 = Data(content.utf8).base64EncodedString()
    return
      #"{"event_type":"STORE","object_id":"\#(id)","version":\#(version),"payload":{"metadata":{"k":1},"content":"\#(base64)"}}"#
  }

  @Test func `an object, or one version of it, is restored alone`() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(
      LogText.lines([Self.store("a", 1, "one"), Self.store("a", 2, "two"), Self.store("b", 1, "other")]), "log.jsonl")
    let all = RestoredFolder(folder, "all")
    try all.restore(log, ["--object", "a"], status: 0)
    #expect(try all.files.map { try String(decoding: all.read($0), as: UTF8.self) } == ["one", "two"])
    let second = RestoredFolder(folder, "second")
    try second.restore(log, ["--object-hex", "61", "--version", "2"], status: 0)
    #expect(try second.files.map { try String(decoding: second.read($0), as: UTF8.self) } == ["two"])
    let none = RestoredFolder(folder, "none")
    try none.restore(log, ["--object", "a", "--version", "3"], status: 1)
    try none.restore(log, ["--object", "c"], status: 1)
    #expect(!none.has(""))
    #expect(try none.restore(log, ["--version", "3"]).status == 64)
    #expect(try none.restore(log, ["--object", "a", "--object-hex", "61"]).status == 64)
    #expect(try all.restore(log).status == 6, "a restore of an object is none of all")
  }

  @Test func `ids that no file can be named by get files of their own`() throws {
    let ids = [
      "", "/", "../../etc/passwd", #"a\u0000b"#, #"a\u0000"#, "a", String(repeating: "long/", count: 100), "é",
      #"e\u0301"#,
      #"\ud83d\ude00"#, "-o", ".", "..", #"\n"#, "objects/00",
    ]
    let folder = try TemporaryFolder()
    let log = try folder.write(
      LogText.lines(ids.enumerated().map { Self.store($1, 7, "content \($0)") }),
      "log.jsonl")
    let target = RestoredFolder(folder)
    try target.restore(log, status: 0)
    try target.check(ExpectedContents(of: log))
    let files = try target.files
    #expect(Set(files).count == ids.count)
    let plain = try Regex("objects/[0-9a-f]{2}/[0-9a-f]{64}")
    #expect(files.allSatisfy { $0.wholeMatch(of: plain) != nil })
    #expect(try target.tree.keys.allSatisfy { !$0.contains("passwd") })
    let single = RestoredFolder(folder, "nul")
    try single.restore(log, ["--object-hex", "6100"], status: 0)
    #expect(try single.files.map { try String(decoding: single.read($0), as: UTF8.self) } == ["content 4"])
  }

  @Test func `contents are those of the stop`() throws {
    let folder = try TemporaryFolder()
    let advancement = #"{"event_type":"EPOCH_ADVANCEMENT","epoch":4}"#
    let log = try folder.write(
      LogText.lines([
        Self.store("a", 1, "old"), Self.store("b", 1, "b"), advancement, Self.store("a", 1, "new"),
        Self.store("c", 1, "c"),
      ]), "log.jsonl")
    let stops: [([String], [String])] = [
      ([], ["new", "b", "c"]), (["--until-epoch", "4"], ["old", "b"]), (["--until-ordinal", "1"], ["old"]),
      (["--until-ordinal", "4"], ["new", "b"]), (["--until-ordinal", "0"], []),
    ]
    let stopTexts = [
      "null", #"{"after_epoch":4}"#, #"{"before_ordinal":1}"#, #"{"before_ordinal":4}"#, #"{"before_ordinal":0}"#,
    ]
    for source in [log, try pack(log, in: folder)] {
      for (number, (options, contents)) in stops.enumerated() {
        let target = RestoredFolder(folder, "\(number)-\(source.hasSuffix("eqm"))")
        let report = try target.restore(source, options, status: contents.isEmpty ? 3 : 0)
        #expect(try report.required("stop").canonicalText == stopTexts[number], "\(options)")
        #expect(try target.files.map { try String(decoding: target.read($0), as: UTF8.self) } == contents, "\(options)")
      }
    }
    let never = RestoredFolder(folder, "never")
    #expect(try never.restore(log, ["--until-epoch", "9"]).status == 4)
    #expect(!never.has(""))
  }

  @Test func `a rejected STORE's content is never restored`() throws {
    let folder = try TemporaryFolder()
    let bad = Self.store("a", 1, "forged").dropLast() + #","content_size":5}"#
    let log = try folder.write(LogText.lines([Self.store("a", 1, "good"), String(bad)]), "log.jsonl")
    let target = RestoredFolder(folder)
    let report = try target.restore(log, status: 3)
    #expect(report["complete"] == .boolean(true))
    #expect(try target.files.map { try String(decoding: target.read($0), as: UTF8.self) } == ["good"])
  }
}
