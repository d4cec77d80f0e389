import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Proofs over the log, verified by code that is not ours: golang.org/x/mod's notes and trees (`Tests/StockVerifier`).
@Suite struct StockVerifierTests {
  /// Builds the verifier; fails where the compiler or the library is missing: `.ci/install-system-libraries tests`.
  private func verifier(in folder: TemporaryFolder) throws -> String {
    let run = try CommandLineRun(
      shell: "GO111MODULE=off GOFLAGS= GOPATH=/usr/share/gocode GOCACHE='\(folder.path)/cache' "
        + "go build -o '\(folder.path)/verify' '\(Fixture.projectFolder)/Tests/StockVerifier/verify.go'")
    try #require(run.status == 0, "run .ci/install-system-libraries tests: \(run.errors)")
    return "'\(folder.path)/verify'"
  }

  @Test func `another implementation verifies our proofs of events and our signed checkpoints`() throws {
    let folder = try TemporaryFolder()
    let verify = try verifier(in: folder)
    let log = try ProvedLog("runbook-small.json")
    let key = try log.key()
    for (index, event) in log.events.enumerated() where index % 4 == 0 || index == log.events.count - 1 {
      let path = "\(log.folder.path)/event-\(index)"
      let run = try CommandLineRun(["prove", log.log, "--event", "\(index)", "--sign", key, "-o", path, "-q", "--json"])
      let verifierKey = try run.json.text("verifier_key")
      let id = try event.text("event_id")
      let proof = try CommandLineRun(shell: "\(verify) tlog-proof '\(path)' '\(verifierKey)' \(id)")
      #expect(proof.status == 0, "\(proof.errors)")
      #expect(proof.output.starts(with: Array("event \(index) of \(log.events.count) of eqm-replay/".utf8)))
      let other = try CommandLineRun(shell: "\(verify) tlog-proof '\(path)' '\(verifierKey)' \(String(id.reversed()))")
      #expect(other.status == 1, "another event")
      let checkpoint = try CommandLineRun(shell: "\(verify) checkpoint '\(path).checkpoint' '\(verifierKey)'")
      #expect(checkpoint.status == 0, "\(checkpoint.errors)")
      let said = String(decoding: checkpoint.output, as: UTF8.self)
      #expect(try said.hasPrefix("\(log.events.count) \(log.commitment.text("log_root")) of "))
    }
  }

  /// From keygen on, by what a reader has who was given no file but the proof: under the log's own name, and under one given.
  @Test func `another implementation verifies by the key that keygen or drill printed`() throws {
    let folder = try TemporaryFolder()
    let verify = try verifier(in: folder)
    let drill = try DrilledEvidence()
    let named = drill.path("named.key")
    let keygen = try CommandLineRun(["evidence", "keygen", "-o", named, "--origin", "example.com/log", "--json"])
    let log = try ProvedLog("runbook-small.json")
    let id = try log.events[5].text("event_id")
    let unnamed = try drill.drill(log.log, out: "unnamed")
    try drill.drill(log.log, ["--sign", named, "--origin", "example.com/log"], out: "named", isSigned: false)
    for (out, signing, key) in [
      ("named", ["--sign", named, "--origin", "example.com/log"], try keygen.json.text("note_verifier_key")),
      ("unnamed", ["--sign", drill.key], try unnamed.json.text("checkpoint_verifier_key")),
    ] {
      let checkpoint = try CommandLineRun(
        shell: "\(verify) checkpoint '\(drill.file(".checkpoint", in: out))' '\(key)'")
      #expect(checkpoint.status == 0, "\(checkpoint.errors)")
      let proof = try log.prove(["--event", "5"] + signing)
      let run = try CommandLineRun(shell: "\(verify) tlog-proof '\(proof)' '\(key)' \(id)")
      #expect(run.status == 0, "\(run.errors)")
      let check = try log.check(proof, ["--event-id", id, "--key", key])
      #expect(try check.json["trusted"] == .boolean(true), "\(check.errors)")
    }
  }

  @Test func `another implementation refuses a proof whose index or signature was changed`() throws {
    let folder = try TemporaryFolder()
    let verify = try verifier(in: folder)
    let log = try ProvedLog("runbook-small.json")
    let path = "\(log.folder.path)/event"
    let run = try CommandLineRun(
      ["prove", log.log, "--event", "9", "--sign", log.key(), "-o", path, "-q", "--json"])
    let (verifierKey, id) = (try run.json.text("verifier_key"), try log.events[9].text("event_id"))
    let text = String(decoding: try log.folder.read("event"), as: UTF8.self)
    for (old, new) in [("index 9", "index 8"), ("\n65\n", "\n64\n"), ("@v1", "@v2")] {
      let changed = try log.folder.write(text.replacingOccurrences(of: old, with: new), "changed")
      let other = try CommandLineRun(shell: "\(verify) tlog-proof '\(changed)' '\(verifierKey)' \(id)")
      #expect(other.status == 1, "\(new)")
      #expect(try log.check(changed, ["--event-id", id, "--key", verifierKey]).status == 1, "\(new)")
    }
  }

  @Test func `another implementation verifies that one log begins with the other`() throws {
    let folder = try TemporaryFolder()
    let verify = try verifier(in: folder)
    let log = try ProvedLog("runbook-small.json")
    for (first, second) in [(1, 1), (1, 65), (2, 3), (31, 32), (32, 65), (33, 64), (40, 57), (64, 65), (65, 65)] {
      let path = try log.prove(["--consistency", "\(first)", "--to", "\(second)"])
      let proof = try ProvedLog.document(path)
      let roots = try ["first", "second"].map { try proof.object($0).text("log_root") }
      let hashes = try proof.elements("path").map { String(decoding: $0.stringBytes ?? [], as: UTF8.self) }
      let arguments = (["\(first)", roots[0], "\(second)", roots[1]] + hashes).joined(separator: " ")
      let run = try CommandLineRun(shell: "\(verify) consistency \(arguments)")
      #expect(run.status == 0, "\(first) to \(second): \(run.errors)")
      let other = (["\(first)", String(roots[0].reversed()), "\(second)", roots[1]] + hashes).joined(separator: " ")
      #expect(try CommandLineRun(shell: "\(verify) consistency \(other)").status == 1)
    }
  }
}
