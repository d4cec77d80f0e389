import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `report`: what it makes no page of, and what it does not replace.
@Suite struct ReportTargetTests {
  private let small = Fixture.path("runbook-small.json")

  @Test func `what does not hold is not rendered`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let page = drill.path("report.html")
    let text = String(decoding: try drill.bytes(drill.file(".json")), as: UTF8.self)
    let changed = text.replacingOccurrences(of: "\"verdict\": \"PASSED\"", with: "\"verdict\": \"WARNED\"")
    try #require(changed != text)
    let other = try DrilledEvidence()
    let cases: [(name: String, arguments: [String])] = [
      ("changed", [try drill.folder.write(changed, "changed.json")]),
      ("no evidence", [try drill.folder.write("{}", "other.json")]),
      ("another key", [try drill.file(".dsse.json"), "--key", other.publicKey]),
      ("a key, and no signature", [try drill.file(".json"), "--key", drill.publicKey]),
    ]
    for (name, arguments) in cases {
      let run = try CommandLineRun(["report"] + arguments + ["-o", page, "--json"])
      #expect(run.status == 1, "\(name): \(run.errors)")
      #expect(try run.json.required("report").isNull && run.json.required("verdict").isNull, "\(name)")
      #expect(try !run.json.elements("checks").isEmpty, "\(name)")
      let shown = String(decoding: try CommandLineRun(["report"] + arguments + ["-o", page]).output, as: UTF8.self)
      #expect(shown.contains("does not hold") && !shown.contains("PASSED"), "\(name): \(shown)")
    }
    #expect(!FileManager.default.fileExists(atPath: page))
  }

  @Test func `a page replaces nothing unasked, and never what it is made from`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let evidence = try drill.file(".json")
    let page = try drill.folder.write("mine", "report.html")
    try FileManager.default.createSymbolicLink(atPath: drill.path("link"), withDestinationPath: evidence)
    let before = try drill.bytes(evidence)
    for target in [page, evidence, drill.path("link"), drill.path("no/folder.html"), drill.folder.path] {
      let run = try CommandLineRun(["report", evidence, "-o", target])
      #expect(run.status == 6, "\(target): \(run.errors)")
      #expect(run.output.isEmpty)
    }
    for target in [evidence, drill.path("link"), drill.key + ".pub"] {
      let run = try CommandLineRun(["report", evidence, "--key", drill.publicKey, "-o", target, "--force"])
      #expect(run.status == 6, "\(target): \(run.errors)")
    }
    // A drill would take it for evidence that it follows.
    let sibling = drill.path("out/storage_replay_drill_20010101.json")
    for target in [sibling, try drill.file(".SHA256SUMS")] {
      #expect(try CommandLineRun(["report", evidence, "-o", target, "--force"]).status == 6, "\(target)")
    }
    #expect(!FileManager.default.fileExists(atPath: sibling))
    #expect(try drill.bytes(evidence) == before)
    #expect(try drill.bytes(page) == Array("mine".utf8))
    #expect(try CommandLineRun(["report", drill.path("none.json"), "-o", page, "--force"]).status == 2)
    #expect(try drill.bytes(page) == Array("mine".utf8), "nothing is replaced by nothing")
    #expect(try CommandLineRun(["report", evidence, "--key", drill.path("none"), "-o", page, "--force"]).status == 6)
    #expect(try CommandLineRun(["report", evidence]).status == 64)
    let run = try CommandLineRun(["report", evidence, "-o", page, "--force"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(String(decoding: run.output, as: UTF8.self).contains("verdict        PASSED"))
    #expect(try drill.bytes(page).starts(with: Array("<!DOCTYPE html>".utf8)))
    #expect(try drill.names(".").filter { $0.hasPrefix(".eqm") }.isEmpty, "nothing half-written")
  }

  @Test func `a page that cannot be written is exit status 5, and the same evidence gives the same bytes`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small, isSigned: false)
    let evidence = try drill.file(".json")
    let page = drill.path("report.html")
    // The page is larger than a file may become here.
    let limited = try CommandLineRun(
      shell: "(ulimit -f 1; $EQM report '\(evidence)' -o '\(page)' --json) | cat; exit ${PIPESTATUS[0]}")
    #expect(limited.status == 5, "\(limited.errors)")
    #expect(try limited.json.required("report").isNull)
    #expect(limited.errors.contains("could not be written"))
    #expect(!FileManager.default.fileExists(atPath: page))
    var texts: Set<[UInt8]> = []
    for _ in 0..<2 {
      #expect(try CommandLineRun(["report", evidence, "-o", page, "--force", "-q"]).status == 0)
      texts.insert(try drill.bytes(page))
    }
    #expect(texts.count == 1)
  }
}
