import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// The recovery summary, as the built program says it.
@Suite struct RecoveryTests {
  private static let mixed = [
    #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#, #"{"event_type":"EPOCH_ADVANCEMENT","epoch":-3}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"content_size":1,"timestamp":40}"#,
    #"{"event_type":"STORE","object_id":"b","version":1,"content_size":1,"timestamp":30}"#,
    #"{"event_type":"STORE","object_id":"b","version":-1}"#, "{}", #"{"event_type":"PING"}"#, #"{"event_type":"READ"}"#,
  ]

  private static func recovery(_ log: String, _ options: [String] = []) throws -> JSONObject {
    try CommandLineRun(["replay", log, "--json", "-q"] + options).json.object("recovery")
  }

  /// What must not depend on who replays, when, and how often.
  private static func lasting(_ recovery: JSONObject) -> String {
    JSONObject(recovery.members.filter { $0.key != Array("seconds".utf8) }.map { ($0.key, $0.value) }).canonical
  }

  @Test func `the point and what is missing are said in every form, the same by both engines`() throws {
    let drill = try DrilledEvidence()
    let log = try drill.folder.write(LogText.lines(Self.mixed), "log.jsonl")
    let expected =
      #"{"highest_tick":40,"last_applied":{"epoch":-3,"ordinal":3,"tick":30},"not_recovered":{"contents_carried":0,"contents_placeholder":2,"lost":0,"rejected":2,"rejected_by_code":{"SE_ERR_INVALID_INPUT":1,"SE_ERR_INVALID_VERSION":1},"unsupported":1,"unsupported_types":{"PING":1}}}"#
    for engine in [["--workers", "1"], ["--workers", "3"], ["--sequential"], ["--verify", "sequential"]] {
      let recovery = try Self.recovery(log, engine)
      #expect(Self.lasting(recovery) == expected, "\(engine)")
      #expect(recovery["seconds"] != nil)
    }
    let run = try drill.drill(log)
    #expect(try Self.lasting(run.json.object("recovery")) == expected)
    let evidence = try drill.document(drill.file(".json"))
    #expect(try evidence.object("result").object("recovery").canonical == expected, "the time is in run")
    #expect(try CommandLineRun(["evidence", "verify", drill.file(".dsse.json"), "--archive", log]).status == 0)
    let text = try CommandLineRun(["replay", log]).output
    for line in [
      "recovered to   epoch -3, tick 30, highest tick 40: entry 3 is the last applied\nin             ",
      "not recovered  2 entries rejected (1 SE_ERR_INVALID_INPUT, 1 SE_ERR_INVALID_VERSION)\n",
      "               1 entries of unknown type (1 \"PING\")\n",
      "               2 STOREs with placeholder content: the log never had any\n",
    ] {
      #expect(String(decoding: text, as: UTF8.self).contains(line), "\(String(decoding: text, as: UTF8.self))")
    }
  }

  @Test func `where nothing was applied nothing was recovered, and where nothing is missing that is said`() throws {
    let folder = try TemporaryFolder()
    for (text, isApplied) in [("", false), ("{}\n", false), (Self.mixed[0] + "\n", true)] {
      let log = try folder.write(text, "log.jsonl")
      let recovery = try Self.recovery(log)
      #expect(try recovery.required("last_applied").isNull != isApplied)
      #expect(try recovery.required("highest_tick").isNull)
      let output = String(decoding: try CommandLineRun(["replay", log]).output, as: UTF8.self)
      #expect(output.contains("recovered to   nothing: no entry was applied\n") != isApplied, "\(output)")
      #expect(output.contains("recovered to   epoch 0, no STORE: entry 0 is the last applied\n") == isApplied)
      #expect(output.contains("not recovered  nothing\n") == (text != "{}\n"))
      #expect(try CommandLineRun(["drill", log, "--out", folder.path, "--force"]).status != 2)
    }
  }

  @Test(arguments: ["live-control.jsonl.lz4", "live-content.jsonl.lz4", "live-aegis.jsonl.lz4"])
  func `a stop at an epoch is the point of that epoch`(log: String) throws {
    let path = Fixture.path(log)
    for checkpoint in try CommandLineRun(["replay", path, "--json", "-q"]).json.elements("checkpoints").prefix(2) {
      let checkpoint = try #require(checkpoint.objectValue)
      let epoch = try checkpoint.required("epoch").canonicalText
      for engine in [["--workers", "2"], ["--sequential"]] {
        let last = try Self.recovery(path, ["--until-epoch", epoch] + engine).object("last_applied")
        #expect(try last.required("ordinal") == checkpoint.required("ordinal"))
        #expect(try last.required("epoch") == checkpoint.required("epoch"))
      }
    }
  }

  @Test func `a replay that goes on from a resume point says what an undisturbed one says`() throws {
    let folder = try TemporaryFolder()
    let archive = try ArchiveTests.pack(Fixture.path("vm-trace.jsonl.lz4"), in: folder, ["--segment-bytes", "1MiB"])
    let undisturbed = try Self.recovery(archive)
    let keep = ["--checkpoint-dir", "\(folder.path)/points"]
    // Damage in the last segment lets the replay end with a point before it.
    let damage = try CommandLineRun(
      shell: "cp -r segments ../whole && \(ArchiveDamageTests.flip("$(ls -d segments/* | tail -n 1)"))",
      folder: archive)
    #expect(damage.status == 0, "\(damage.errors)")
    #expect(try CommandLineRun(["replay", archive, "-q", "--checkpoint-seconds", "0"] + keep).status == 4)
    _ = try CommandLineRun(shell: "rm -r segments && mv ../whole segments", folder: archive)
    let resumed = try CommandLineRun(["replay", archive, "--json", "-q", "--resume"] + keep)
    #expect(try resumed.json.object("run")["resumed_at_ordinal"] != nil, "\(resumed.errors)")
    #expect(try Self.lasting(resumed.json.object("recovery")) == Self.lasting(undisturbed))
  }
}
