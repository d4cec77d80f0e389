import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `evidence keygen`, `sign`, `verify`, `show`, and `drill --sign`, as the built program does them.
@Suite struct EvidenceVerbTests {
  private let small = Fixture.path("runbook-small.json")
  private let root = "e71eeb98528423cb721b004f2ddffa7bf235ae8de4c1835b30b5ddcd0f62671f"

  private func outcomes(_ run: CommandLineRun) throws -> [String: String] {
    var outcomes: [String: String] = [:]
    for check in try run.json.elements("checks") {
      let check = try #require(check.objectValue)
      outcomes[try check.text("name")] = try check.text("outcome")
    }
    return outcomes
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  // MARK: keygen

  @Test(arguments: ["ed25519", "p256"])
  func `a key is written for its owner alone, and never replaced unasked`(algorithm: String) throws {
    let drill = try DrilledEvidence(algorithm: algorithm)
    #expect(try mode(drill.key) == 0o600)
    #expect(try mode(drill.publicKey) == 0o644)
    let before = try drill.bytes(drill.key)
    #expect(try CommandLineRun(["evidence", "keygen", "-o", drill.key]).status == 6)
    #expect(try drill.bytes(drill.key) == before)
    #expect(try drill.folder.names == ["key.pem", "key.pem.pub"], "nothing half-written")
    let again = try CommandLineRun([
      "evidence", "keygen", "-o", drill.key, "--algorithm", algorithm, "--force", "--json",
    ])
    #expect(again.status == 0)
    #expect(try drill.bytes(drill.key) != before)
    #expect(try again.json.required("note_verifier_key").isNull, "no log is named")
    let other = drill.path("other")
    try drill.folder.write("", "other.pub")
    #expect(try CommandLineRun(["evidence", "keygen", "-o", other]).status == 6)
    #expect(!FileManager.default.fileExists(atPath: other), "both or none")
    #expect(try CommandLineRun(["evidence", "keygen", "-o", other, "--algorithm", "rsa"]).status == 64)
  }

  // MARK: drill --sign

  @Test func `a signed drill leaves evidence, envelope, checkpoint and sums that stock tools check`() throws {
    let drill = try DrilledEvidence()
    let run = try drill.drill(small, ["--expect-state-root", root])
    #expect(run.status == 0)
    #expect(try drill.names().count == 4)
    let sums = try CommandLineRun(shell: "cd '\(drill.path("out"))' && sha256sum --check --strict *.SHA256SUMS")
    #expect(sums.status == 0, "\(sums.errors)")
    #expect(String(decoding: sums.output, as: UTF8.self).split(separator: "\n").count == 3)
    let checkpoint = String(decoding: try drill.bytes(drill.file(".checkpoint")), as: UTF8.self).split(separator: "\n")
    let result = try drill.document(drill.file(".json")).object("result")
    #expect(checkpoint[0].hasPrefix("eqm-replay/"))
    #expect(try result.object("state").required("event_log_count") == .integer(Int(checkpoint[1]) ?? -1))
    let logRoot = try #require(Data(base64Encoded: String(checkpoint[2])))
    #expect(try Digest(bytes: logRoot).hexadecimal == result.object("commitment").text("log_root"))
    #expect(try run.json.text("evidence_envelope") == drill.file(".dsse.json"))
  }

  @Test(arguments: [("ed25519", true), ("p256", false)])
  func `envelopes verify by openssl and by another implementation of DSSE`(
    algorithm: String, hasCheckpoint: Bool
  ) throws {
    let drill = try DrilledEvidence(algorithm: algorithm)
    let run = try drill.drill(small)
    #expect(run.status == 0)
    #expect(try run.json.required("evidence_checkpoint").isNull == !hasCheckpoint)
    let envelope = try drill.file(".dsse.json")
    let json = try drill.document(envelope)
    let payload = try #require(Data(base64Encoded: json.text("payload")))
    let type = try json.text("payloadType")
    let signature = try #require(
      Data(base64Encoded: json.elements("signatures").first?.objectValue?.text("sig") ?? ""))
    let pae = Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + Array(payload)
    try drill.folder.write(pae, "pae")
    try drill.folder.write(Array(signature), "signature")
    let verify =
      algorithm == "ed25519"
      ? "openssl pkeyutl -verify -pubin -inkey key.pem.pub -rawin -in pae -sigfile signature"
      : "openssl dgst -sha256 -verify key.pem.pub -signature signature pae"
    #expect(try CommandLineRun(shell: verify, folder: drill.folder.path).status == 0)
    try drill.folder.write(pae + [0x20], "pae")
    #expect(try CommandLineRun(shell: verify, folder: drill.folder.path).status != 0, "openssl notices a change")

    let python = try CommandLineRun(
      shell: "\(PythonTools.command("verify_envelope.py")) '\(envelope)' '\(drill.publicKey)'")
    #expect(python.status == 0, "\(python.errors)")
    let statement = try #require(try JSONText.value(python.output).objectValue)
    #expect(try statement.text("_type") == "https://in-toto.io/Statement/v1")
    #expect(try statement.object("predicate") == drill.document(drill.file(".json")))
    let other = try DrilledEvidence(algorithm: algorithm)
    #expect(
      try CommandLineRun(shell: "\(PythonTools.command("verify_envelope.py")) '\(envelope)' '\(other.publicKey)'")
        .status != 0)
  }

  @Test func `a key made by openssl signs`() throws {
    let drill = try DrilledEvidence()
    for (algorithm, options) in [("ed25519", ""), ("EC", "-pkeyopt ec_paramgen_curve:P-256")] {
      let key = drill.path("openssl-\(algorithm)")
      let make = try CommandLineRun(
        shell:
          "openssl genpkey -algorithm \(algorithm) \(options) -out '\(key)' && openssl pkey -in '\(key)' -pubout -out '\(key).pub'"
      )
      try #require(make.status == 0, "\(make.errors)")
      try drill.drill(small, ["--sign", key], out: algorithm, isSigned: false)
      let verify = try CommandLineRun([
        "evidence", "verify", drill.file(".dsse.json", in: algorithm), "--key", key + ".pub",
      ])
      #expect(verify.status == 0, "\(String(decoding: verify.output, as: UTF8.self))")
    }
  }

  @Test func `evidence is ready for an audit only if signed, re-executed and compared with what was expected`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write(
      LogText.lines([#"{"event_type":"STORE","object_id":"r","version":1,"payload":{"metadata":{},"content":""}}"#]),
      "log.jsonl")
    let expected = [
      "--expect-state-root",
      try CommandLineRun(["replay", log, "--json"]).json.object("commitment").text("state_root"),
    ]
    try drill.drill(log, expected, out: "ready")
    try drill.drill(log, expected, out: "unsigned", isSigned: false)
    try drill.drill(log, out: "unexpected")
    for (out, readiness) in [("ready", "READY"), ("unsigned", "NOT_READY"), ("unexpected", "NOT_READY")] {
      #expect(try drill.document(drill.file(".json", in: out)).text("audit_readiness") == readiness)
      let isSigned = out != "unsigned"
      let file = try drill.file(isSigned ? ".dsse.json" : ".json", in: out)
      #expect(try CommandLineRun(["evidence", "verify", file]).status == 0)
    }
  }

  @Test func `damage is signed too, and leaves no checkpoint`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write("[{\"event_type\":\"READ\"},", "cut.json")
    #expect(try drill.drill(log).status == 4)
    #expect(try drill.names().count == 3)
    let envelope = try drill.file(".dsse.json")
    let verify = try CommandLineRun([
      "evidence", "verify", envelope, "--key", drill.publicKey, "--archive", log, "--json",
    ])
    #expect(verify.status == 0)
    #expect(try outcomes(verify)["replay"] == "holds", "the damage was found again")
  }

  @Test func `a key that cannot be used is found before any work`() throws {
    let drill = try DrilledEvidence()
    for key in [drill.publicKey, drill.path("missing"), drill.folder.path] {
      let run = try drill.drill(small, ["--sign", key], isSigned: false)
      #expect(run.status == 6, "\(key)")
      #expect(!FileManager.default.fileExists(atPath: drill.path("out")))
    }
  }

  @Test func `signed evidence replaces a day's evidence whole`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    try drill.drill(small, ["--force"])
    #expect(try drill.names().count == 4)
    #expect(try drill.document(drill.file(".json")).required("previous").isNull, "what it replaces is gone")
    try drill.drill(small, ["--force"], isSigned: false)
    #expect(try drill.names().count == 1, "no envelope of other evidence stays beside it")
  }

  @Test func `where one of the files cannot be written, none is there, and the exit status is 5`() throws {
    let drill = try DrilledEvidence()
    // Long texts: base64 makes them a third longer than they are in the evidence.
    let types = (0..<100).map { #"{"event_type":"\#(String(repeating: "X", count: 200))\#($0)"}"# }
    let log = try drill.folder.write(LogText.lines(types), "log.jsonl")
    try drill.drill(log, out: "sizes")
    let bytes = try [".json", ".dsse.json"].map { try drill.bytes(drill.file($0, in: "sizes")).count }
    // Blocks of 1 KiB that the evidence fits in, and its envelope does not.
    let blocks = bytes[0] / 1024 + 2
    try #require(blocks * 1024 < bytes[1])
    let run = try CommandLineRun(
      shell: """
        (ulimit -f \(blocks); $EQM drill '\(log)' --out '\(drill.path("out"))' --sign '\(drill.key)' --json) | cat
        exit ${PIPESTATUS[0]}
        """)
    #expect(run.status == 5)
    #expect(try run.json.text("verdict") == "WARNED")
    #expect(try drill.names().isEmpty)
  }

  @Test func `a stem of which any name is taken is left alone`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    try FileManager.default.removeItem(atPath: drill.file(".json"))
    let left = try drill.names()
    try drill.drill(small)
    let added = try drill.names().filter { !left.contains($0) }
    #expect(added.count == 4)
    #expect(Set(added.map { $0.prefix { $0 != "." } }).count == 1, "\(added)")
  }

  // MARK: chain

  @Test func `evidence follows the newest in its folder, or the one that is named`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let first = try drill.file(".json")
    try drill.drill(small)
    let second = try #require(try drill.names().filter { $0.hasSuffix("Z.json") }.first)
    let previous = try drill.document(drill.path("out/\(second)")).object("previous")
    #expect(try previous.text("evidence_sha256") == Digest.sha256(drill.bytes(first)).hexadecimal)
    #expect(try previous.text("result_digest") == drill.document(first).text("result_digest"))
    #expect(try drill.document(first).required("previous").isNull)

    let envelope = try #require(try drill.names().first { $0.hasSuffix(".dsse.json") })
    try drill.drill(small, ["--previous", drill.path("out/\(envelope)")], out: "named")
    #expect(
      try drill.document(drill.file(".json", in: "named")).object("previous").text("evidence_sha256")
        == Digest.sha256(drill.bytes(drill.path("out/\(envelope)"))).hexadecimal)
  }

  @Test func `evidence that does not hold is followed by none`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small)
    let path = try drill.file(".json")
    let text = String(decoding: try drill.bytes(path), as: UTF8.self)
    try Data(text.replacingOccurrences(of: "\"applied\": ", with: "\"applied\": 1").utf8).write(
      to: URL(fileURLWithPath: path))
    let run = try drill.drill(small)
    #expect(run.status == 6)
    #expect(try drill.names().count == 4)
    for previous in [path, small, drill.path("missing")] {
      #expect(try drill.drill(small, ["--previous", previous], out: "other").status == 6)
    }
    #expect(!FileManager.default.fileExists(atPath: drill.path("other")))
  }

  // MARK: verify

  @Test func `verify says what it checked, and claims no signature without a key`() throws {
    let drill = try DrilledEvidence()
    let trace = drill.path("trace")
    try #require(try CommandLineRun(["golden", small, "-o", trace]).status == 0)
    try drill.drill(small, ["--golden", trace])
    let envelope = try drill.file(".dsse.json")
    let bare = try CommandLineRun(["evidence", "verify", envelope, "--json"])
    #expect(bare.status == 0)
    #expect(try outcomes(bare)["signature"] == "not_checked")
    #expect(try outcomes(bare)["statement"] == "holds")
    let text = String(decoding: try CommandLineRun(["evidence", "verify", envelope]).output, as: UTF8.self)
    #expect(text.contains("NOT CHECKED: no key was given"))

    let full = try CommandLineRun([
      "evidence", "verify", envelope, "--key", drill.publicKey, "--archive", small, "--golden", trace, "--json",
    ])
    #expect(full.status == 0)
    #expect(try full.json.text("schema") == "eqm-replay/evidence-verification/1")
    #expect(try outcomes(full).values.allSatisfy { $0 == "holds" })
    #expect(try outcomes(full).count == 17)

    let other = try DrilledEvidence()
    let foreign = try CommandLineRun(["evidence", "verify", envelope, "--key", other.publicKey, "--json"])
    #expect(foreign.status == 1)
    #expect(try outcomes(foreign)["signature"] == "fails")
    let unsigned = try CommandLineRun(["evidence", "verify", drill.file(".json"), "--key", drill.publicKey, "--json"])
    #expect(unsigned.status == 1)
    #expect(try outcomes(unsigned)["signature"] == "fails")
  }

  @Test func `verify replays the log, and another log or trace fails`() throws {
    let drill = try DrilledEvidence()
    let trace = drill.path("trace")
    try #require(try CommandLineRun(["golden", small, "-o", trace]).status == 0)
    try drill.drill(small, ["--golden", trace], isSigned: false)
    let evidence = try drill.file(".json")
    let without = try CommandLineRun(["evidence", "verify", evidence, "--archive", small, "--json"])
    #expect(without.status == 0)
    #expect(try outcomes(without)["golden"] == "not_checked")
    #expect(try outcomes(without)["replay"] == "holds")
    let other = try CommandLineRun([
      "evidence", "verify", evidence, "--archive", Fixture.path("runbook-quirks.json"), "--json",
    ])
    #expect(other.status == 1)
    #expect(try outcomes(other)["archive"] == "fails")
    #expect(try outcomes(other)["replay"] == "not_checked")
    let wrong = try CommandLineRun(["evidence", "verify", evidence, "--golden", small, "--json"])
    #expect(wrong.status == 1)
    #expect(try outcomes(wrong)["golden"] == "fails")
    #expect(try CommandLineRun(["evidence", "verify", evidence, "--archive", drill.path("missing")]).status == 2)
  }

  /// What only the log can tell: counts that add up, and are not what a replay gives.
  @Test func `a result that adds up but is another one fails against the log`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write(
      LogText.lines([#"{"event_type":"STORE","object_id":"p","version":1,"content_size":3}"#]), "log.jsonl")
    try drill.drill(log, isSigned: false)
    let document = try drill.document(drill.file(".json"))
    let result = try document.object("result")
    let stores = JSONValue.members(["reexecuted": .integer(1), "carried": .integer(0), "placeholder": .integer(0)])
    let recovery = try result.object("recovery")
    let missing = try recovery.object("not_recovered").replacing("contents_placeholder", .integer(0))
    let whole = result.replacing("stores", stores)
      .replacing("recovery", .object(recovery.replacing("not_recovered", .object(missing))))
    let forged = document.replacing("result", .object(whole))
      .replacing("zero_simulation_compliance", .text("PASS")).withDigestsComputedAnew()
    let path = try drill.folder.write(JSONFormat.line.encode(.object(forged)), "forged.json")
    #expect(try CommandLineRun(["evidence", "verify", path]).status == 0, "nothing in the file contradicts it")
    let run = try CommandLineRun(["evidence", "verify", path, "--archive", log, "--json"])
    #expect(run.status == 1)
    #expect(try outcomes(run)["replay"] == "fails")
  }

  @Test func `a file that cannot be read is exit 2, one that is no evidence exit 1`() throws {
    let folder = try TemporaryFolder()
    for verb in ["verify", "show"] {
      #expect(try CommandLineRun(["evidence", verb, "\(folder.path)/missing"]).status == 2)
      let run = try CommandLineRun(["evidence", verb, small])
      #expect(run.status == 1)
      #expect(String(decoding: run.output, as: UTF8.self).contains("not evidence of a drill"))
    }
  }

  // MARK: sign and show

  @Test func `evidence is signed later, as it was written`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(small, ["--expect-state-root", root], isSigned: false)
    let evidence = try drill.file(".json")
    let sign = try CommandLineRun(["evidence", "sign", evidence, "--sign", drill.key, "--json"])
    #expect(sign.status == 0)
    #expect(try sign.json.text("audit_readiness") == "NOT_READY")
    let envelope = try drill.file(".dsse.json")
    #expect(try CommandLineRun(["evidence", "verify", envelope, "--key", drill.publicKey]).status == 0)
    #expect(try CommandLineRun(["evidence", "sign", evidence, "--sign", drill.key]).status == 6, "it is there")
    #expect(try CommandLineRun(["evidence", "sign", envelope, "--sign", drill.key, "-o", drill.path("x")]).status == 6)
    let text = String(decoding: try drill.bytes(evidence), as: UTF8.self)
    let forged = try drill.folder.write(text.replacingOccurrences(of: "NOT_READY", with: "READY"), "forged.json")
    #expect(try CommandLineRun(["evidence", "sign", forged, "--sign", drill.key]).status == 1)
    #expect(!FileManager.default.fileExists(atPath: drill.path("forged.dsse.json")))
  }

  @Test func `show tells what was re-derived, carried and placeholder apart, and nothing of what does not hold`() throws
  {
    let drill = try DrilledEvidence()
    try drill.drill(small, ["--expect-state-root", root])
    for (ending, signature) in [(".json", "this file has no signature"), (".dsse.json", "not checked")] {
      let run = try CommandLineRun(["evidence", "show", drill.file(ending)])
      let text = String(decoding: run.output, as: UTF8.self)
      #expect(run.status == 0)
      for word in ["PASSED", "re-derived", "carried", "placeholder", "expected equal", root, signature] {
        #expect(text.contains(word), "\(word)")
      }
    }
    let text = String(decoding: try drill.bytes(drill.file(".json")), as: UTF8.self)
    let forged = try drill.folder.write(
      text.replacingOccurrences(of: root, with: "f" + root.dropFirst()), "forged.json")
    for options in [[], ["--json"]] {
      let run = try CommandLineRun(["evidence", "show", forged] + options)
      #expect(run.status == 1)
      #expect(!String(decoding: run.output, as: UTF8.self).contains("PASSED"))
    }
  }

  /// A canary: nothing that was not compared may look as if it had been.
  @Test func `a drill that compared nothing says PASSED nowhere`() throws {
    let drill = try DrilledEvidence()
    let run = try drill.drill(small, ["--no-sequential"])
    #expect(run.status == 3)
    let human = try CommandLineRun(["drill", small, "--no-sequential", "--out", drill.path("text")])
    var texts = [run.output, human.output, Array(human.errors.utf8)]
    for name in try drill.names() { texts.append(try drill.bytes(drill.path("out/\(name)"))) }
    let envelope = try drill.document(drill.file(".dsse.json"))
    texts.append(Array(try #require(Data(base64Encoded: envelope.text("payload")))))
    for options in [[], ["--json"]] {
      texts.append(try CommandLineRun(["evidence", "show", drill.file(".json")] + options).output)
      texts.append(try CommandLineRun(["evidence", "verify", drill.file(".json")] + options).output)
    }
    #expect(texts.count == 12)
    for text in texts { #expect(!String(decoding: text, as: UTF8.self).contains("PASSED")) }
  }
}
