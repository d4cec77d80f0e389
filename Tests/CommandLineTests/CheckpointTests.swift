import Foundation
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// The checkpoint that a signed drill leaves: of which log, and when there is none.
@Suite struct CheckpointTests {
  private let small = Fixture.path("runbook-small.json")

  private func origin(_ path: String) throws -> String {
    let text = String(decoding: try ProvedLog.bytes(path), as: UTF8.self)
    return try #require(text.components(separatedBy: "\n").first)
  }

  @Test func `a drill and a proof name a log by its first event, and another log by another name`() throws {
    let drill = try DrilledEvidence()
    var names: [String] = []
    for name in ["runbook-small.json", "live-control.jsonl.lz4"] {
      let run = try drill.drill(Fixture.path(name), out: name)
      #expect(run.status == 0, "\(run.errors)")
      let proof = drill.path("\(name).tlog-proof")
      let prove = try CommandLineRun(
        ["prove", Fixture.path(name), "--event", "0", "--sign", drill.key, "-o", proof, "-q", "--json"])
      #expect(prove.status == 0, "\(prove.errors)")
      names.append(try origin(drill.file(".checkpoint", in: name)))
      #expect(try names.last == origin(proof + ".checkpoint"))
      #expect(try run.json.text("checkpoint_verifier_key") == prove.json.text("verifier_key"))
      #expect(try run.json.required("no_checkpoint").isNull)
      let first = try #require(try ProvedLog(name).events.first).text("event_id")
      #expect(names.last == "eqm-replay/\(first.prefix(32))")
    }
    #expect(names[0] != names[1])
  }

  @Test func `a drill names the log as it is told`() throws {
    let drill = try DrilledEvidence()
    let run = try drill.drill(small, ["--origin", "example.com/log"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try origin(drill.file(".checkpoint")) == "example.com/log")
    let verifier = try NoteKey(parsing: run.json.text("checkpoint_verifier_key"))
    #expect(try SignedNote(parsing: drill.bytes(drill.file(".checkpoint"))).standing(of: verifier) == .valid)
    let p256 = try DrilledEvidence(algorithm: "p256")
    for (status, run) in [
      (Int32(64), try drill.drill(small, ["--origin", "a b"], out: "no")),
      (64, try drill.drill(small, ["--origin", "x"], out: "no", isSigned: false)),
      (6, try p256.drill(small, ["--origin", "x"], out: "no")),
    ] {
      #expect(run.status == status, "\(run.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: drill.path("no")))
  }

  @Test func `nothing vouches for the root of a drill that failed, of an empty log, or by a key that signs no notes`()
    throws
  {
    let drill = try DrilledEvidence()
    let empty = try drill.folder.write("", "empty.jsonl")
    let wrong = ["--expect-state-root", String(repeating: "0", count: 64)]
    let p256 = try DrilledEvidence(algorithm: "p256")
    for (run, status, reason, evidence) in [
      (try drill.drill(small, wrong, out: "failed"), Int32(1), "FAILED", try drill.names("failed")),
      (try drill.drill(empty, out: "empty"), 3, "no events", try drill.names("empty")),
      (try p256.drill(small), 0, "Ed25519", try p256.names()),
    ] {
      #expect(run.status == status, "\(run.errors)")
      #expect(try run.json.text("no_checkpoint").contains(reason))
      for name in ["evidence_checkpoint", "checkpoint_verifier_key"] { #expect(try run.json.required(name).isNull) }
      #expect(evidence.count == 3 && !evidence.contains { $0.hasSuffix(".checkpoint") }, "\(evidence)")
    }
    let text = try CommandLineRun(["drill", small, "--sign", drill.key, "--out", drill.path("text")] + wrong)
    #expect(String(decoding: text.output, as: UTF8.self).contains("none: the verdict is FAILED"))
    let verify = try CommandLineRun([
      "evidence", "verify", drill.file(".dsse.json", in: "failed"), "--key", drill.publicKey,
    ])
    #expect(verify.status == 0, "the evidence of a failure is signed all the same")
  }

  /// From keygen to a reader who has only what keygen printed.
  @Test func `the verifier key that keygen prints for a log verifies its proofs and the drill's checkpoint`() throws {
    let drill = try DrilledEvidence()
    let key = drill.path("log.key")
    let keygen = try CommandLineRun(["evidence", "keygen", "-o", key, "--origin", "example.com/log", "--json"])
    let verifier = try keygen.json.text("note_verifier_key")
    let log = try ProvedLog("runbook-small.json")
    let signing = ["--sign", key, "--origin", "example.com/log"]
    let id = try log.events[3].text("event_id")
    let event = try log.prove(["--event", "3"] + signing)
    let growth = try log.prove(["--consistency", "3"] + signing)
    for (path, named) in [(event, ["--event-id", id]), (growth, [])] {
      let run = try log.check(path, named + ["--key", verifier])
      #expect(run.status == 0)
      #expect(try run.json["trusted"] == .boolean(true))
    }
    try drill.drill(small, signing, isSigned: false)
    let note = try SignedNote(parsing: drill.bytes(drill.file(".checkpoint")))
    #expect(try note.standing(of: NoteKey(parsing: verifier)) == .valid)
    let unnamed = try CommandLineRun(["evidence", "keygen", "-o", drill.path("unnamed"), "--json"])
    #expect(try unnamed.json.required("note_verifier_key").isNull, "nobody knows the log's name yet")
    for arguments in [["--origin", "a b"], ["--origin", ""], ["--origin", "x", "--algorithm", "p256"]] {
      #expect(try CommandLineRun(["evidence", "keygen", "-o", drill.path("none")] + arguments).status == 64)
    }
  }
}
