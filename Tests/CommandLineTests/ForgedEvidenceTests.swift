import Foundation
import ReplayEvidence
import ReplayTestSupport
import StorageProtocol
import Testing

/// Evidence of which somebody computed every digest anew: what its form, its bounds and its missing signature still tell.
@Suite struct ForgedEvidenceTests {
  private let small = Fixture.path("runbook-small.json")

  private func outcome(_ name: String, _ run: CommandLineRun) throws -> String {
    let checks = try run.json.elements("checks").compactMap(\.objectValue)
    return try checks.first { try $0.text("name") == name }?.text("outcome") ?? "none"
  }

  /// The document with another value at a path.
  private func edited(_ document: JSONObject, _ path: ArraySlice<String>, _ value: JSONValue) throws -> JSONObject {
    guard let name = path.first else { return document }
    guard path.count > 1 else {
      guard document[name] == nil else { return document.replacing(name, value) }
      return JSONObject(document.members.map { ($0.key, $0.value) } + [(Array(name.utf8), value)])
    }
    return document.replacing(name, .object(try edited(document.object(name), path.dropFirst(), value)))
  }

  // MARK: Signature

  @Test func `a signature that the file speaks of and has not is missed`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let run = try CommandLineRun(["evidence", "verify", drill.file(".json"), "--json"])
    #expect(run.status == 1)
    #expect(try run.json["holds"] == .boolean(false))
    #expect(try outcome("signature", run) == "missing")
    #expect(try run.json.elements("checks").allSatisfy { $0.objectValue?["outcome"] != .text("fails") })
    let text = try CommandLineRun(["evidence", "verify", drill.file(".json")])
    #expect(String(decoding: text.output, as: UTF8.self).contains("MISSING: the evidence says that"))
    let envelope = try CommandLineRun(["evidence", "verify", drill.file(".dsse.json"), "--json"])
    #expect(envelope.status == 0)
    #expect(try outcome("signature", envelope) == "not_checked")
    // It can be followed and put into an envelope all the same: what it says of itself holds.
    #expect(try drill.drill(small, ["--previous", drill.file(".json")], out: "next").status == 0)
    let signed = try CommandLineRun([
      "evidence", "sign", drill.file(".json"), "--sign", drill.key, "-o", drill.path("again.dsse.json"),
    ])
    #expect(signed.status == 0, "\(signed.errors)")
  }

  @Test func `evidence that nobody signed and that says READY is ready nowhere`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write(
      LogText.lines([#"{"event_type":"STORE","object_id":"r","version":1,"payload":{"metadata":{},"content":""}}"#]),
      "log.jsonl")
    let root = try CommandLineRun(["replay", log, "--json"]).json.object("commitment").text("state_root")
    try drill.drill(log, ["--expect-state-root", root], isSigned: false)
    let signer = JSONValue.members(["algorithm": .text("ed25519"), "key_id": .text(String(repeating: "a", count: 64))])
    let forged = try drill.document(drill.file(".json")).replacing("signed_by", signer)
      .replacing("audit_readiness", .text("READY")).withDigestsComputedAnew()
    let path = try drill.folder.write(JSONFormat.line.encode(.object(forged)), "forged.json")
    let run = try CommandLineRun(["evidence", "verify", path, "--archive", log, "--json"])
    #expect(run.status == 1)
    #expect(try outcome("signature", run) == "missing")
    #expect(try outcome("replay", run) == "holds", "nothing but the signature is wrong with it")
    let shown = String(decoding: try CommandLineRun(["evidence", "show", path]).output, as: UTF8.self)
    #expect(shown.contains("READY only with its envelope"))
    #expect(shown.contains("this file has no signature"))
    let view = try CommandLineRun(["evidence", "show", path, "--json"]).json
    #expect(try view.text("audit_readiness") == "NOT_READY")
    #expect(try view.text("stated_audit_readiness") == "READY")
    #expect(try view.text("signature") == "missing")
  }

  // MARK: Form

  @Test func `what belongs to the run has its form, whoever computes the digests anew`() throws {
    let drill = try DrilledEvidence()
    let trace = drill.path("trace")
    try #require(try CommandLineRun(["golden", small, "-o", trace]).status == 0)
    try drill.drill(small, ["--golden", trace], isSigned: false)
    let evidence = try drill.document(drill.file(".json"))
    let edits: [(path: [String], value: JSONValue, check: EvidenceCheck.Name)] = [
      (["run", "verdict"], .text("READY"), .circumstances), (["run", "workers"], .text("2"), .circumstances),
      (["run", "workers"], .integer(0), .circumstances), (["run", "host"], .integer(1), .circumstances),
      (["run", "seconds"], .text("fast"), .circumstances), (["run", "seconds"], .text("01.000000"), .circumstances),
      (["run", "steps", "replay"], .integer(1), .circumstances), (["run", "stages"], .null, .circumstances),
      (["run", "tool", "name"], .null, .circumstances), (["run", "tool", "more"], .null, .circumstances),
      (["run", "golden"], .integer(1), .circumstances), (["run", "log"], .null, .circumstances),
      (["run", "started"], .text("9999-01-01T00:00:00.000000Z"), .circumstances),
      (["run", "started"], .text("2026-02-30T00:00:00.000000Z"), .circumstances),
      (["result", "constants", "BLOCK_SIZE_BYTES"], .integer(1023), .form),
      (["result", "constants", "REPLICATION_FACTOR"], .integer(0), .form),
      (["result", "constants", "MERKLE_BLOCK_BYTES"], .integer(1 << 31), .form),
      (["result", "constants", "SCHEMA_VERSION"], .text(String(repeating: "1", count: 65)), .form),
      (["result", "options", "max_content_size"], .integer(1 << 41), .form),
      (["result", "archive", "bytes"], .integer(0), .form),
      (["result", "archive", "bytes"], .text("9223372036854775808"), .form),
      (["result", "golden_trace", "bytes"], .integer(0), .form),
      (["result", "completeness", "raw_bytes", "found"], .integer(1), .completeness),
    ]
    for (path, value, name) in edits {
      let document = try edited(evidence, path[...], value).withDigestsComputedAnew()
      try #require(document != evidence)
      let verification = EvidenceVerification(file: JSONFormat.line.encode(.object(document)))
      let failed = verification.checks.filter { $0.outcome == .fails }
      #expect(failed.map(\.name) == [name], "\(path) \(value): \(failed)")
    }
    // The canary: an edit that nothing tells.
    let document = try edited(evidence, ["run", "host"], .text("elsewhere")).withDigestsComputedAnew()
    #expect(EvidenceVerification(file: JSONFormat.line.encode(.object(document))).holds)
  }

  // MARK: Inputs

  @Test func `a golden trace that is another one takes nothing from the replay`() throws {
    let drill = try DrilledEvidence()
    let trace = drill.path("trace")
    try #require(try CommandLineRun(["golden", small, "-o", trace]).status == 0)
    try drill.drill(small, ["--golden", trace], isSigned: false)
    let junk = try drill.folder.write("no trace", "junk")
    let verify = try ["evidence", "verify", drill.file(".json"), "--archive", small, "--json"]
    for golden in [junk, small] {
      let run = try CommandLineRun(verify + ["--golden", golden])
      #expect(run.status == 1, "\(run.errors)")
      #expect(try outcome("golden", run) == "fails")
      #expect(try outcome("archive", run) == "holds")
      #expect(try outcome("replay", run) == "holds", "but for the trace")
    }
    let missing = try CommandLineRun(verify + ["--golden", drill.path("nowhere")])
    #expect(missing.status == 2)
    #expect(missing.errors.contains("golden trace \(drill.path("nowhere"))"), "\(missing.errors)")
  }
}
