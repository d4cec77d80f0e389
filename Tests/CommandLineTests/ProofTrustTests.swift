import Foundation
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// What `check-proof` trusts, and what it leaves as the file's own word.
@Suite struct ProofTrustTests {
  /// What a report says of trust.
  private struct Trust: Equatable {
    let status: Int32
    let isTrusted: Bool
    let coversRoot: Bool
    let coversSizes: Bool

    init(_ status: Int32, _ isTrusted: Bool, root: Bool, sizes: Bool) {
      (self.status, self.isTrusted, coversRoot, coversSizes) = (status, isTrusted, root, sizes)
    }

    init(_ run: CommandLineRun) throws {
      let covered = try run.json.object("covered")
      self.init(
        run.status, try run.json.required("trusted") == .boolean(true), root: covered["root"] == .boolean(true),
        sizes: covered["event_count"] == .boolean(true))
    }
  }

  private func text(_ path: String) throws -> String { String(decoding: try ProvedLog.bytes(path), as: UTF8.self) }

  // MARK: Sizes

  /// The last event of 65, and the last of 2: both paths are one hash on the left.
  @Test func `a root alone does not cover a forged place and size of an event`() throws {
    let log = try ProvedLog("runbook-small.json")
    try #require(log.events.count == 65)
    let path = try log.prove(["--event", "64"])
    let forged = try log.folder.write(
      text(path).replacing("index 64\n", with: "index 1\n").replacing("\n65\n", with: "\n2\n"), "forged")
    let named = try ["--event-id", log.events[64].text("event_id"), "--root", log.commitment.text("log_root")]
    for file in [path, forged] {
      let run = try log.check(file, named)
      #expect(try Trust(run) == Trust(0, false, root: true, sizes: false), "\(file)")
      #expect(try run.json.text("claim").contains("at the place the file says"))
      #expect(try run.json.elements("notes").contains { $0.canonicalText.contains("--event-count") })
      let shown = try CommandLineRun(["check-proof", file] + named)
      #expect(String(decoding: shown.output, as: UTF8.self).contains("the root alone"))
    }
    let counted = named + ["--event-count", "65"]
    #expect(try Trust(log.check(forged, counted)) == Trust(1, false, root: false, sizes: false))
    let whole = try log.check(path, counted)
    #expect(try Trust(whole) == Trust(0, true, root: true, sizes: true))
    #expect(try whole.json.text("claim") == "event 64, counted from 0, of a log of 65 events")
  }

  @Test func `roots alone do not cover forged sizes of two logs`() throws {
    let log = try ProvedLog("runbook-small.json")
    let path = try log.prove(["--consistency", "64"])
    let forged = try log.folder.write(
      text(path).replacing("\"event_count\": 64", with: "\"event_count\": 1")
        .replacing("\"event_count\": 65", with: "\"event_count\": 2"), "forged")
    let first = try ProvedLog.document(path).object("first").text("log_root")
    let roots = try ["--from-root", first, "--root", log.commitment.text("log_root")]
    for file in [path, forged] {
      let run = try log.check(file, roots)
      #expect(try Trust(run) == Trust(0, false, root: true, sizes: false), "\(file)")
      #expect(try run.json.text("claim").contains("by the sizes the file says"))
    }
    #expect(try Trust(log.check(forged, roots + ["--event-count", "65"])).status == 1)
    #expect(try Trust(log.check(path, roots + ["--event-count", "65"])) == Trust(0, true, root: true, sizes: true))
  }

  @Test func `a number of events alone covers no root`() throws {
    let log = try ProvedLog("runbook-small.json")
    let path = try log.prove(["--event", "9"])
    let run = try log.check(path, ["--event-id", log.events[9].text("event_id"), "--event-count", "65"])
    #expect(try Trust(run) == Trust(0, false, root: false, sizes: true))
  }

  @Test func `a state root covers all that a proof of a state says`() throws {
    let log = try ProvedLog("runbook-small.json")
    let path = try log.prove(["--node", "nobody"])
    #expect(try Trust(log.check(path, [])) == Trust(0, false, root: false, sizes: false))
    let run = try log.check(path, ["--root", log.commitment.text("state_root")])
    #expect(try Trust(run) == Trust(0, true, root: true, sizes: true))
    #expect(try run.json.elements("notes").isEmpty)
  }

  // MARK: Keys and origins

  @Test func `a public key is trusted for the log that is named, and for no other`() throws {
    let log = try ProvedLog("live-control.jsonl.lz4")
    let key = try log.key()
    let id = try log.events[7].text("event_id")
    for (arguments, named) in [(["--event", "7"], ["--event-id", id]), (["--consistency", "7"], [])] {
      let path = try log.prove(arguments + ["--sign", key, "--origin", "example.com/log"])
      let bare = try log.check(path, named + ["--key", key + ".pub"])
      #expect(try Trust(bare) == Trust(0, false, root: false, sizes: true), "of which log, nobody said")
      #expect(try bare.json.text("origin") == "example.com/log")
      let meant = try log.check(path, named + ["--key", key + ".pub", "--origin", "example.com/log"])
      #expect(try Trust(meant) == Trust(0, true, root: true, sizes: true), "\(meant.errors)")
      let other = try log.check(path, named + ["--key", key + ".pub", "--origin", "example.com/other"])
      #expect(try Trust(other) == Trust(1, false, root: false, sizes: false))
      #expect(try other.json.text("reason").contains("example.com/log"))
      // Whoever has the root knows which log it is.
      let rooted = named + ["--key", key + ".pub", "--root", try log.commitment.text("log_root")]
      #expect(try Trust(log.check(path, rooted)) == Trust(0, true, root: true, sizes: true))
      #expect(try log.check(path, named + ["--origin", "example.com/log"]).status == 64)
    }
  }

  @Test func `a verifier key is trusted for the log of its name, another one only if it is meant`() throws {
    let log = try ProvedLog("live-control.jsonl.lz4")
    let key = try SigningKey(pem: log.folder.read(URL(fileURLWithPath: log.key()).lastPathComponent))
    let path = try log.prove(["--event", "7"])
    let bare = try text(path).components(separatedBy: "\n\n")
    let lines = bare[1].components(separatedBy: "\n")
    // A checkpoint of one log, signed under the name of another.
    var note = SignedNote(text: Array("one\n\(lines[1])\n\(lines[2])\n".utf8))
    try note.sign("two", key)
    let signed = try log.folder.write(bare[0] + "\n\n" + String(decoding: note.bytes, as: UTF8.self), "signed")
    let verifier = try NoteKey(name: "two", key: key.verifyingKey).text
    let named = try ["--event-id", log.events[7].text("event_id"), "--key", verifier]
    let unasked = try log.check(signed, named)
    #expect(try Trust(unasked) == Trust(1, false, root: false, sizes: false))
    #expect(try unasked.json.text("reason").contains("--origin"))
    #expect(try Trust(log.check(signed, named + ["--origin", "one"])) == Trust(0, true, root: true, sizes: true))
    #expect(try Trust(log.check(signed, named + ["--origin", "two"])).status == 1)
  }

  @Test func `an origin goes with a proof over the log and a key`() throws {
    let log = try ProvedLog("runbook-small.json")
    let key = try log.key() + ".pub"
    for (path, arguments) in [
      (try log.prove(["--node", "no"]), ["--key", key, "--origin", "x"]),
      (try log.prove(["--consistency", "3"]), ["--origin", "x"]),
      (try log.prove(["--consistency", "3"]), ["--key", key, "--origin", "x\ny"]),
    ] {
      #expect(try log.check(path, arguments).status == 64, "\(arguments)")
    }
  }
}
