import Foundation
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// What `prove` and `check-proof` refuse, by which exit status, and what is left on disk.
@Suite struct ProofFailureTests {
  private let small = Fixture.path("runbook-small.json")

  @Test(arguments: [
    [], ["--object", "a"], ["--version", "1"], ["--node", "a", "--version", "1"], ["--object", "a", "--version", "-1"],
    ["--object", "a", "--version", "1", "--node", "b"], ["--event", "0", "--ordinal", "0"], ["--event", "-1"],
    ["--object", "a", "--object-hex", "61", "--version", "1"], ["--object-hex", "6", "--version", "1"],
    ["--object-hex", "ff", "--version", "1"], ["--node-hex", "zz"], ["--consistency", "0"],
    ["--consistency", "5", "--to", "4"], ["--event", "1", "--to", "4"], ["--node", "a", "--sign", "key"],
    ["--node", "a", "--origin", "x"], ["--event", "0", "--origin", ""], ["--event", "0", "--origin", "a\nb"],
    // Found by the replay.
    ["--event", "65"], ["--ordinal", "1000000"], ["--consistency", "66"], ["--consistency", "5", "--to", "66"],
  ])
  func `what nothing can be proved of is a usage error, and leaves no file`(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(["prove", small, "-o", "\(folder.path)/proof", "-q"] + arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(!run.errors.isEmpty && run.output.isEmpty)
    #expect(try folder.names.isEmpty)
  }

  @Test func `a proof is not overwritten without force, nor its checkpoint`() throws {
    let log = try ProvedLog("runbook-small.json")
    let key = try log.key()
    let path = try log.prove(["--event", "1", "--sign", key])
    let arguments = ["prove", small, "--event", "2", "--sign", key, "-o", path, "-q"]
    #expect(try CommandLineRun(arguments).status == 6)
    try FileManager.default.removeItem(atPath: path)
    #expect(try CommandLineRun(arguments).status == 6, "the checkpoint is there")
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try CommandLineRun(arguments + ["--force"]).status == 0)
  }

  @Test func `a key that cannot sign notes is found before any work`() throws {
    let log = try ProvedLog("runbook-small.json")
    for key in [try log.key(.p256, name: "p256"), "\(log.folder.path)/none", try log.folder.write("no key", "text")] {
      let target = "\(log.folder.path)/proof"
      let run = try CommandLineRun(["prove", small, "--event", "2", "--sign", key, "-o", target, "-q"])
      #expect(run.status == 6, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: target))
    }
    let spaced = ["--event", "2", "--sign", try log.key(), "--origin", "a b"]
    #expect(try CommandLineRun(["prove", small, "-o", "\(log.folder.path)/proof", "-q"] + spaced).status == 64)
  }

  @Test func `a damaged log, and one that is not there, leave no proof`() throws {
    let folder = try TemporaryFolder()
    let cut = try folder.write("[{\"event_type\":\"READ\"},", "cut.json")
    for (log, status) in [(cut, Int32(4)), ("\(folder.path)/none.json", 2)] {
      let run = try CommandLineRun(["prove", log, "--event", "0", "-o", "\(folder.path)/proof", "-q"])
      #expect(run.status == status, "\(run.errors)")
      #expect(try folder.names == ["cut.json"])
    }
    #expect(try CommandLineRun(["prove", cut, "--event", "0", "-o", cut, "-q", "--force"]).status == 6)
  }

  // MARK: check-proof

  @Test func `what cannot be read is exit status 2`() throws {
    let folder = try TemporaryFolder()
    #expect(try CommandLineRun(["check-proof", "\(folder.path)/none"]).status == 2)
    #expect(try CommandLineRun(["check-proof", folder.path]).status == 2)
    let proof = try folder.write("c2sp.org/tlog-proof@v1\nindex 0\n\no\n1\n", "proof")
    for named in [["--event", "\(folder.path)/none"], ["--event", proof], ["--event-id", zeros, "--key", "none"]] {
      #expect(try CommandLineRun(["check-proof", proof] + named).status == 2, "\(named)")
    }
  }

  private let zeros = String(repeating: "0", count: 64)

  @Test func `what is no proof is exit status 1, with what is wrong and where`() throws {
    let log = try ProvedLog("runbook-small.json")
    let proof = try log.folder.read(
      URL(fileURLWithPath: log.prove(["--object", "obj_0", "--version", "1"])).lastPathComponent)
    let text = String(decoding: proof, as: UTF8.self)
    let cases: [(text: String, sentence: String)] = [
      ("", "neither"), ("\u{0}", "neither"), ("{}", "neither"), (String(text.dropLast(3)), "at byte"),
      (text + "x", "at byte"), (text + text, "at byte"),
      (text.replacingOccurrences(of: "\"orphans\": []", with: "\"orphans\": [], \"orphans\": []"), "a key twice"),
      (text.replacingOccurrences(of: "\"kind\"", with: "\"kinds\""), "kind"),
      (text.replacingOccurrences(of: "\"shard_index\": 0", with: "\"shard_index\": 1"), "object.shards[0].shard_index"),
      (text.replacingOccurrences(of: "\"object_count\": 48", with: "\"object_count\": 49"), "commitment.state_root"),
      (text.replacingOccurrences(of: "\"object_count\": 48", with: "\"object_count\": 48.0"), "state.object_count"),
      (text.replacingOccurrences(of: "\"version\": 1,", with: "\"version\": 2,"), "commitment.objects_root"),
      (text.replacingOccurrences(of: "obj_0", with: "obj_1"), "commitment.objects_root"),
    ]
    for (changed, sentence) in cases {
      let path = try log.folder.write(changed, "changed")
      let run = try CommandLineRun(["check-proof", path, "--json"])
      #expect(run.status == 1, "\(changed)")
      #expect(try run.json["holds"] == .boolean(false))
      #expect(try run.json.text("reason").contains(sentence), "\(String(decoding: run.output, as: UTF8.self))")
    }
  }

  @Test func `a file without an end is not read to it`() throws {
    let run = try CommandLineRun(["check-proof", "/dev/zero", "--json"])
    #expect(run.status == 1)
    #expect(try run.json.text("reason").contains("larger than"))
  }

  @Test func `an event whose id is not its own is refused`() throws {
    let log = try ProvedLog("runbook-small.json")
    let path = try log.prove(["--event", "3"])
    var event = String(decoding: JSONFormat.line.encode(.object(log.events[3])), as: UTF8.self)
    event = event.replacingOccurrences(of: "\"epoch\":", with: "\"epoch\":1")
    let file = try log.folder.write(event, "event")
    let run = try log.check(path, ["--event", file])
    #expect(run.status == 2)
    #expect(run.errors.contains("is not what its event_id says"))
  }

  @Test func `a proof is asked for what it has`() throws {
    let log = try ProvedLog("runbook-small.json")
    let (object, event) = (try log.prove(["--node", "no"]), try log.prove(["--event", "3"]))
    for (path, arguments) in [
      (object, ["--event-id", zeros]), (object, ["--key", try log.key() + ".pub"]), (object, ["--event-count", "5"]),
      (object, ["--from-root", zeros]), (event, []), (event, ["--event-id", zeros, "--from-root", zeros]),
      (object, ["--root", "abc"]), (event, ["--event-id", "x"]),
    ] {
      #expect(try log.check(path, arguments).status == 64, "\(arguments)")
    }
  }
}
