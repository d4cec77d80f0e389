import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Which evidence follows which.
@Suite struct EvidenceChainTests {
  private let small = Fixture.path("runbook-small.json")

  private func previous(_ drill: DrilledEvidence, _ path: String) throws -> JSONObject {
    try drill.document(path).object("previous")
  }

  /// The same evidence, of a run at another time.
  private func text(_ evidence: JSONObject, endedIn year: Int, following other: JSONObject? = nil) throws -> [UInt8] {
    let time = JSONValue.text("\(year)-01-01T00:00:00.000000Z")
    let run = try evidence.object("run").replacing("started", time).replacing("ended", time)
    var document = evidence.replacing("run", .object(run)).replacing("timestamp", time)
    if let other {
      let link = JSONValue.members([
        "evidence_sha256": .text(String(repeating: "0", count: 64)),
        "evidence_digest": try other.required("evidence_digest"),
        "result_digest": try other.required("result_digest"),
      ])
      document = document.replacing("previous", link)
    }
    return JSONFormat.line.encode(.object(document.withDigestsComputedAnew()))
  }

  @Test func `the newest evidence is the one whose run ended last, whatever its name`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small, out: "any", isSigned: false)
    let evidence = try drill.document(drill.file(".json", in: "any"))
    try FileManager.default.createDirectory(atPath: drill.path("out"), withIntermediateDirectories: false)
    for (name, year) in [
      ("20200101", 2001), ("20200101T235959Z", 2003), ("20200102", 2009), ("20200102T000000Z", 2004),
      ("20200102T000000Z_2", 2008), ("20200102T000000Z_10", 2002),
    ] {
      try drill.folder.write(text(evidence, endedIn: year), "out/storage_replay_drill_\(name).json")
    }
    // No names of evidence: neither is looked at.
    for name in [
      "30000101.dsse", "30000101T000000", "30000101T000000Z_", "3000010", "30000101_2", "30000101T000000Z_2_3",
    ] {
      try drill.folder.write("no evidence", "out/storage_replay_drill_\(name).json")
    }
    let run = try drill.drill(small, isSigned: false)
    #expect(run.status == 0, "\(run.errors)")
    let newest = try drill.document(drill.path("out/storage_replay_drill_20200102.json"))
    #expect(try previous(drill, run.json.text("evidence"))["evidence_digest"] == newest["evidence_digest"])
  }

  @Test func `of runs that ended at one moment the head of the chain is the newest`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small, out: "any", isSigned: false)
    let evidence = try drill.document(drill.file(".json", in: "any"))
    try FileManager.default.createDirectory(atPath: drill.path("out"), withIntermediateDirectories: false)
    let tail = try drill.folder.write(text(evidence, endedIn: 2020), "out/storage_replay_drill_20200102.json")
    let head = try drill.folder.write(
      text(evidence, endedIn: 2020, following: drill.document(tail)), "out/storage_replay_drill_20200101.json")
    let run = try drill.drill(small, isSigned: false)
    #expect(run.status == 0, "\(run.errors)")
    let stated = try previous(drill, run.json.text("evidence"))
    #expect(try stated.text("evidence_sha256") == Digest.sha256(drill.bytes(head)).hexadecimal)
  }

  @Test func `where a file cannot be read as evidence nobody knows which is the newest`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let names = try drill.names()
    try drill.folder.write("no evidence", "out/storage_replay_drill_20000101.json")
    let run = try drill.drill(small)
    #expect(run.status == 6)
    #expect(run.errors.contains("20000101.json") && run.errors.contains("--previous"), "\(run.errors)")
    #expect(try drill.names().count == names.count + 1)
    let named = try drill.drill(small, ["--previous", drill.path("out/\(names[names.count - 1])")])
    #expect(named.status == 0, "\(named.errors)")
  }

  @Test(arguments: [".json", ".dsse.json"])
  func `evidence that other evidence follows is not replaced`(ending: String) throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let first = try drill.file(ending)
    try drill.drill(small, ["--previous", first])
    let before = try drill.names().map { try drill.bytes(drill.path("out/\($0)")) }
    let run = try drill.drill(small, ["--force"])
    #expect(run.status == 6)
    #expect(run.errors.contains("would break the chain"), "\(run.errors)")
    #expect(try drill.names().map { try drill.bytes(drill.path("out/\($0)")) } == before)
  }

  @Test func `evidence that only another folder's follows, or none, is replaced`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    try drill.drill(small, ["--previous", drill.file(".json")], out: "other")
    let run = try drill.drill(small, ["--force"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try drill.names().count == 4)
  }

  @Test func `verify checks the link to the evidence before`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let first = try drill.file(".json")
    let envelope = try drill.file(".dsse.json")
    let stranger = try DrilledEvidence()
    try stranger.drill(small)
    try drill.drill(small, ["--previous", first], out: "second")
    let second = try drill.file(".dsse.json", in: "second")
    func outcome(_ path: String, _ options: [String]) throws -> String {
      let run = try CommandLineRun(["evidence", "verify", path, "--json"] + options)
      let checks = try run.json.elements("checks").compactMap(\.objectValue)
      let check = try checks.first { try $0.text("name") == "previous" }
      return try "\(check?.text("outcome") ?? "none") \(run.status)"
    }
    #expect(try outcome(second, []) == "not_checked 0")
    #expect(try outcome(second, ["--previous", first]) == "holds 0")
    #expect(try outcome(second, ["--previous", envelope]) == "fails 1", "another file of the same evidence")
    #expect(try outcome(second, ["--previous", stranger.file(".json")]) == "fails 1")
    #expect(try outcome(second, ["--previous", small]) == "fails 1", "no evidence")
    #expect(try outcome(envelope, []) == "none 0", "the first has none before it")
    #expect(try outcome(envelope, ["--previous", first]) == "fails 1")
    #expect(try CommandLineRun(["evidence", "verify", second, "--previous", drill.path("none")]).status == 2)
  }
}
