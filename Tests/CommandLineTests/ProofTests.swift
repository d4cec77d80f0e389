import Foundation
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// `prove` and `check-proof`: what a proof of a fixture leads to is what the live engine printed.
@Suite struct ProofTests {
  private static let logs = [
    "runbook-quirks.json", "live-control.jsonl.lz4", "live-mixed.jsonl.lz4", "recorded-events.json.lz4",
  ]

  private static let otherRoot = String(repeating: "0", count: 63) + "1"

  /// About `count` of them, the first and the last included.
  private func some<Item>(_ items: [Item], _ count: Int) -> [Item] {
    items.enumerated().filter { $0.offset % max(1, items.count / count) == 0 || $0.offset == items.count - 1 }
      .map(\.element)
  }

  private func hexadecimal(_ id: JSONValue) -> String {
    String(decoding: Hexadecimal.encode(id.stringBytes ?? []), as: UTF8.self)
  }

  // MARK: State

  @Test(arguments: logs)
  func `proofs of objects lead to the expected state root`(name: String) throws {
    let log = try ProvedLog(name)
    let root = try log.commitment.text("state_root")
    for object in some(log.objects, 8) {
      let version = try object.required("version").canonicalText
      let id = try object.required("object_id")
      let path = try log.prove(["--object-hex", hexadecimal(id), "--version", version])
      let check = try log.check(path, ["--root", root])
      #expect(check.status == 0, "\(check.errors)")
      #expect(try check.json.text("kind") == "object")
      #expect(try check.json.object("leads_to").text("state_root") == root)
      #expect(try check.json["trusted"] == .boolean(true))
      #expect(try log.check(path, ["--root", ProofTests.otherRoot]).status == 1)
      let proof = try ProvedLog.document(path)
      #expect(try proof.object("commitment").canonical == log.commitment.canonical)
    }
  }

  @Test(arguments: logs)
  func `proofs of nodes state what an export states of them`(name: String) throws {
    let log = try ProvedLog(name)
    for node in some(log.nodes, 4) {
      let path = try log.prove(["--node-hex", hexadecimal(try node.required("node_id"))])
      let check = try log.check(path, ["--root", log.commitment.text("state_root")])
      #expect(check.status == 0, "\(check.errors)")
      #expect(try check.json.text("kind") == "node")
      let proof = try ProvedLog.document(path)
      var stated = try proof.object("node")
      stated.add("kind", .text("node"), inFront: true)
      #expect(stated.canonical == node.canonical)
    }
  }

  @Test func `an orphan's proof names the event that wrote it, a carried shard has no root`() throws {
    var (orphans, unknown) = (0, 0)
    for name in ["live-control.jsonl.lz4", "live-mixed.jsonl.lz4"] {
      let log = try ProvedLog(name)
      for object in log.objects {
        let version = try object.required("version").canonicalText
        let path = try log.prove(["--object-hex", hexadecimal(object.required("object_id")), "--version", version])
        #expect(try log.check(path, ["--root", log.commitment.text("state_root")]).status == 0)
        let proof = try ProvedLog.document(path)
        orphans += try proof.object("object").elements("orphans").count
        unknown += try proof.object("object").elements("shards").filter {
          $0.objectValue?["merkle_root"]?.isNull == true
        }.count
      }
    }
    #expect(orphans > 0 && unknown > 0, "\(orphans), \(unknown)")
  }

  @Test(arguments: logs)
  func `what is not there is proved to be absent`(name: String) throws {
    let log = try ProvedLog(name)
    let first = try log.objects[0].required("object_id")
    let absent = [
      ["--object", "nobody's", "--version", "1"], ["--object", "", "--version", "0"], ["--node", "nobody"],
      ["--object-hex", hexadecimal(first), "--version", "18446744073709551615"],
    ]
    for arguments in absent {
      let path = try log.prove(arguments)
      let check = try log.check(path, ["--root", log.commitment.text("state_root")])
      #expect(check.status == 0, "\(check.errors)")
      #expect(try check.json.text("kind").hasSuffix("-absence"))
      #expect(try check.json.text("claim").contains("NOT in the state"))
    }
  }

  /// U+00E9, and e with U+0301: equal as text, two objects.
  @Test func `ids that are equal as text are told apart`() throws {
    let log = try ProvedLog("runbook-quirks.json")
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    let ids = log.objects.compactMap { $0["object_id"]?.stringBytes }
    #expect(ids.contains(Array(composed.utf8)) && ids.contains(Array(decomposed.utf8)))
    var proofs: [[UInt8]] = []
    for id in [composed, decomposed] {
      let version = try #require(log.objects.first { $0["object_id"]?.stringBytes == Array(id.utf8) }?["version"])
      let path = try log.prove(["--object", id, "--version", version.canonicalText])
      #expect(try log.check(path, ["--root", log.commitment.text("state_root")]).status == 0)
      proofs.append(try ProvedLog.bytes(path))
    }
    #expect(proofs[0] != proofs[1])
  }

  // MARK: Log

  @Test(arguments: logs)
  func `proofs of events lead to the expected log root`(name: String) throws {
    let log = try ProvedLog(name)
    let root = try log.commitment.text("log_root")
    for (index, event) in some(Array(log.events.enumerated()), 6) {
      let path = try log.prove(["--event", "\(index)"])
      let id = try event.text("event_id")
      let file = try log.folder.write(JSONFormat.line.encode(.object(event)), "event")
      for named in [["--event-id", id], ["--event", file]] {
        let check = try log.check(path, named + ["--root", root, "--event-count", "\(log.events.count)"])
        #expect(check.status == 0, "\(check.errors)")
        #expect(try check.json.object("leads_to").text("log_root") == root)
      }
      #expect(try log.check(path, ["--event-id", ProofTests.otherRoot]).status == 1)
      #expect(try log.check(path, ["--event-id", id, "--root", ProofTests.otherRoot]).status == 1)
      #expect(try log.check(path, ["--event-id", id, "--event-count", "\(log.events.count + 1)"]).status == 1)
      #expect(try log.check(path, ["--event-id", id, "--key", log.key() + ".pub"]).status == 1, "nobody signed it")
    }
  }

  @Test func `an event is found by the ordinal of its entry`() throws {
    let log = try ProvedLog("live-control.jsonl.lz4")
    let trace = try CommandLineRun(["replay", log.log, "--json", "-q"]).json
    for checkpoint in try trace.elements("checkpoints").prefix(5).compactMap(\.objectValue) {
      let ordinal = try checkpoint.required("ordinal").canonicalText
      let count = try #require(checkpoint["event_count"]?.integer(as: Int.self))
      let path = try log.prove(["--ordinal", ordinal])
      let other = try log.prove(["--event", "\(count - 1)"])
      #expect(FileManager.default.contentsEqual(atPath: path, andPath: other))
    }
  }

  @Test(arguments: ["live-control.jsonl.lz4", "runbook-quirks.json"])
  func `every checkpoint's log is the beginning of the next one's, and of the whole`(name: String) throws {
    let log = try ProvedLog(name)
    let checkpoints = try Fixture.expected(name).elements("checkpoints").compactMap(\.objectValue).filter {
      $0["event_count"] != .integer(0)
    }
    #expect(checkpoints.count > 3)
    let pairs = zip(checkpoints, checkpoints.dropFirst()).prefix(8)
    for (earlier, later) in pairs {
      let counts = try [earlier, later].map { try $0.required("event_count").canonicalText }
      let path = try log.prove(["--consistency", counts[0], "--to", counts[1]])
      let roots = try ["--from-root", earlier.text("log_root"), "--root", later.text("log_root")]
      #expect(try log.check(path, roots + ["--event-count", counts[1]]).status == 0)
      #expect(try log.check(path, ["--from-root", ProofTests.otherRoot]).status == 1)
    }
    let path = try log.prove(["--consistency", checkpoints[0].required("event_count").canonicalText])
    #expect(try log.check(path, ["--root", log.commitment.text("log_root")]).status == 0)
  }

  @Test func `a signed proof is trusted by its key, and by no other`() throws {
    let log = try ProvedLog("live-control.jsonl.lz4")
    let key = try log.key()
    let stranger = try log.key(name: "stranger")
    let id = try log.events[7].text("event_id")
    for (arguments, named) in [(["--event", "7"], ["--event-id", id]), (["--consistency", "7"], [])] {
      let path = try log.prove(arguments + ["--sign", key, "--origin", "example.com/log"])
      let check = try log.check(path, named + ["--key", key + ".pub", "--origin", "example.com/log"])
      #expect(check.status == 0, "\(check.errors)")
      #expect(try check.json["trusted"] == .boolean(true))
      #expect(try log.check(path, named + ["--key", stranger + ".pub"]).status == 1)
      let verifier = try NoteKey(
        name: "example.com/log", key: VerifyingKey(pem: log.folder.read("key.pub")))
      #expect(try log.check(path, named + ["--key", verifier.text]).status == 0)
      let renamed = try NoteKey(name: "example.com/other", key: verifier.key)
      #expect(try log.check(path, named + ["--key", renamed.text]).status == 1)
      let note = try SignedNote(parsing: ProvedLog.bytes(path + ".checkpoint"))
      #expect(note.standing(of: verifier) == .valid)
      #expect(try LogCheckpoint(parsing: note.text).root.hexadecimal == log.commitment.text("log_root"))
    }
  }

  @Test func `a log keeps its name while it grows`() throws {
    let log = try ProvedLog("live-control.jsonl.lz4")
    let lines = try Fixture.bytes(of: "live-control.jsonl.lz4").split(separator: UInt8(ascii: "\n")).map(Array.init)
    var names: [String] = []
    for count in [lines.count / 2, lines.count] {
      let text = lines.prefix(count).joined(separator: [UInt8(ascii: "\n")])
      let path = try log.folder.write(Array(text), "part-\(count).jsonl")
      let run = try CommandLineRun(["prove", path, "--event", "0", "-o", "\(path).proof", "-q"])
      #expect([0, 1].contains(run.status), "\(run.errors)")
      let proof = String(decoding: try log.folder.read("part-\(count).jsonl.proof"), as: UTF8.self)
      names.append(proof.components(separatedBy: "\n\n")[1].components(separatedBy: "\n")[0])
    }
    #expect(names[0] == names[1] && names[0].hasPrefix("eqm-replay/"))
  }

  // MARK: Any source, any shape

  @Test func `a proof is the same from an archive, a pipe, and for any number of workers and partitions`() throws {
    let log = try ProvedLog("live-control.jsonl.lz4")
    let archive = "\(log.folder.path)/log.eqm"
    #expect(try CommandLineRun(["pack", log.log, "-o", archive, "-q"]).status == 0)
    let object = try log.objects[3].required("object_id")
    let version = try log.objects[3].required("version").canonicalText
    let input = Array(try Data(contentsOf: URL(fileURLWithPath: log.log)))
    for arguments in [
      ["--object-hex", hexadecimal(object), "--version", version], ["--object", "no", "--version", "1"],
      ["--event", "5"],
      ["--consistency", "9"],
    ] {
      let first = try log.prove(arguments)
      let shapes = [
        [archive], [log.log, "--workers", "1", "--partitions", "1"],
        [log.log, "--workers", "3", "--partitions", "4096"],
        ["-"],
      ]
      for shape in shapes {
        let path = "\(log.folder.path)/other"
        let run = try CommandLineRun(["prove", "-o", path, "--force", "-q"] + arguments + shape, input: input)
        #expect(run.status == 0, "\(run.errors)")
        #expect(FileManager.default.contentsEqual(atPath: first, andPath: path), "\(arguments) \(shape)")
      }
    }
  }

  @Test func `a state that diverges from its record is proved, and said to diverge`() throws {
    let log = try ProvedLog("live-unlogged.jsonl.lz4")
    let path = try log.prove(["--object", "no", "--version", "1"], status: 1)
    #expect(try log.check(path, ["--root", log.commitment.text("state_root")]).status == 0)
  }
}
