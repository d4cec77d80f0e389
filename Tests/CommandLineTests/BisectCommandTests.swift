import ReplayTestSupport
import StorageProtocol
import Testing

/// `bisect`, `diff` and recorded logs as golden runs, through the command line.
@Suite struct BisectCommandTests {
  private static let log = "live-control.jsonl.lz4"

  private static func lines() throws -> [[UInt8]] {
    try Fixture.bytes(of: log).split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  private static func text(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()) }

  /// The place of a STORE with content, and with another one behind it.
  private static func store(in lines: [[UInt8]]) throws -> Int {
    let isStore = lines.map { String(decoding: $0, as: UTF8.self).contains(#""event_type": "STORE""#) }
    let isEmpty = lines.map { String(decoding: $0, as: UTF8.self).contains(#""shard_ids": []"#) }
    return try #require(
      lines.indices.dropLast().first { $0 > 40 && isStore[$0] && isStore[$0 + 1] && !isEmpty[$0] })
  }

  /// Records a trace and writes the log without one of its STOREs.
  private struct Case {
    let folder: TemporaryFolder
    let trace: String
    let shorter: String
    let place: Int

    init(detail: String = "full") throws {
      folder = try TemporaryFolder()
      trace = "\(folder.path)/trace"
      let run = try CommandLineRun(["golden", Fixture.path(log), "-o", trace, "--detail", detail, "-q"])
      #expect(run.status == 0)
      var lines = try lines()
      place = try store(in: lines)
      lines.remove(at: place)
      shorter = try folder.write(text(lines), "shorter.jsonl")
    }
  }

  @Test func `an entry that is missing is named, reproduced, and the reproduction is an archive like any other`() throws
  {
    let planted = try Case()
    let archive = "\(planted.folder.path)/reproduction"
    let run = try CommandLineRun(["bisect", planted.shorter, "--golden", planted.trace, "--repro", archive, "-q"])
    #expect(run.status == 1)
    let output = String(decoding: run.output, as: UTF8.self)
    #expect(output.hasPrefix("divergence     entry \(planted.place) (in the golden run \(planted.place))\n"))
    #expect(output.contains("an entry") == false || output.contains("one seems to be missing here"))
    #expect(output.contains("it shows the same"))
    #expect(try CommandLineRun(["check", archive, "-q"]).status != 4)
    #expect(try [0, 1].contains(CommandLineRun(["replay", archive, "-q"]).status))
    let again = try CommandLineRun(["bisect", archive, "--golden", planted.trace, "--json", "-q"])
    #expect(again.status == 1)
    #expect(try again.json.object("divergence")["ordinal"] == .integer(planted.place))
    #expect(
      try CommandLineRun(["bisect", archive, "--golden", planted.trace, "--repro", "\(archive)2"]).status == 64)
    let occupied = try CommandLineRun(["bisect", planted.shorter, "--golden", planted.trace, "--repro", archive])
    #expect(occupied.status == 6)
  }

  @Test func `a reproduction is refused beside another trace, and with places that nothing is at`() throws {
    let planted = try Case()
    let archive = "\(planted.folder.path)/reproduction"
    #expect(
      try CommandLineRun(["bisect", planted.shorter, "--golden", planted.trace, "--repro", archive, "-q"]).status == 1)
    let other = "\(planted.folder.path)/other"
    // A proof of the missing object diverges from its record.
    #expect(try [0, 1].contains(CommandLineRun(["golden", planted.shorter, "-o", other, "-q"]).status))
    let refused = try CommandLineRun(["bisect", archive, "--golden", other, "-q"])
    #expect(refused.status == 6)
    #expect(refused.errors.contains("another golden trace"))
    for (name, value) in [
      ("golden_ordinal", "18446744073709551615"), ("log_ordinal", "18446744073709551615"),
      ("event_index", "18446744073709551615"), ("event_index", "null"),
    ] {
      let command = """
        sed -E 's/"\(name)":[0-9]+/"\(name)":\(value)/' manifest.json > changed && cp manifest.json whole &&
        mv changed manifest.json && sha=$(sha256sum < manifest.json | cut -d' ' -f1) &&
        sed -i -E "s/^[0-9a-f]{64}  manifest.json/$sha  manifest.json/" SHA256SUMS &&
        { $EQM bisect . --golden '\(planted.trace)' -q; status=$?; mv whole manifest.json; exit $status; }
        """
      #expect(try CommandLineRun(shell: command, folder: archive).status == 4, "\(name)")
    }
  }

  /// An entry of a recorded log proves itself by more than its id.
  @Test func `a recorded STORE of other shards than its object has is no golden run`() throws {
    let planted = try Case()
    let lines = try BisectCommandTests.lines()
    let entry = try #require(try JSONText.value(lines[planted.place]).objectValue)
    for (field, value) in [
      ("shard_ids", JSONValue.array([.text("aa")])), ("replica_sets", .members([:])),
    ] {
      var fields = EventFields(recordedIn: entry)
      fields[try #require(StorageEvent.Field(rawValue: field))] = value
      var changed = lines
      changed[planted.place] = JSONFormat.line.encode(.object(StorageEvent(fields).json))
      let path = try planted.folder.write(BisectCommandTests.text(changed), "foreign.jsonl")
      for verb in [["verify", planted.shorter, "--golden", path], ["diff", planted.trace, path]] {
        let run = try CommandLineRun(verb + ["-q"])
        #expect(run.status == 6, "\(run.errors)")
        #expect(run.errors.contains("entry \(planted.place)"))
      }
    }
  }

  @Test func `a trace and what a live engine recorded of the same log are no different`() throws {
    let planted = try Case()
    let run = try CommandLineRun(["diff", planted.trace, Fixture.path(BisectCommandTests.log), "-q"])
    #expect(run.status == 0, "\(String(decoding: run.output, as: UTF8.self))")
  }

  @Test(arguments: [("ids", "event"), ("roots", "end")])
  func `with less detail a divergence is located less closely, and said to be`(detail: String, precision: String) throws
  {
    let planted = try Case(detail: detail)
    let run = try CommandLineRun(["bisect", planted.shorter, "--golden", planted.trace, "--json", "-q"])
    #expect(run.status == 1)
    let divergence = try run.json.object("divergence")
    // With roots alone the next checkpoint shows it.
    #expect(try [precision, "checkpoint"].contains(divergence.text("precision")))
    #expect(precision != "event" || divergence["ordinal"] == .integer(planted.place))
    #expect(try divergence.text("precision") != "entry")
  }

  @Test func `where the log has no divergence, none is claimed`() throws {
    let planted = try Case()
    let same = try CommandLineRun(["bisect", Fixture.path(BisectCommandTests.log), "--golden", planted.trace, "--json"])
    #expect(same.status == 0)
    #expect(try same.json["divergence"] == .null)
    #expect(try same.json.object("log_digests")["equal"] == .boolean(true))
    // Another spelling of the same log.
    let plain = try planted.folder.write(BisectCommandTests.text(BisectCommandTests.lines()), "plain.jsonl")
    let other = try CommandLineRun(["bisect", plain, "--golden", planted.trace, "-q"])
    #expect(other.status == 0)
    let output = String(decoding: other.output, as: UTF8.self)
    #expect(output.contains("no divergence"))
    #expect(output.contains("digests differ"))
  }

  @Test func `a recorded event log is a golden run`() throws {
    let planted = try Case()
    let recorded = Fixture.path(BisectCommandTests.log)
    let equal = try CommandLineRun(["verify", recorded, "--golden", recorded, "--json", "-q"])
    #expect(equal.status == 0)
    // Nobody computed a root of it.
    #expect(try equal.json.object("comparison").object("sides").object("golden")["equal"] == .boolean(true))
    let run = try CommandLineRun(["bisect", planted.shorter, "--golden", recorded, "--json", "-q"])
    #expect(run.status == 1)
    #expect(try run.json.object("divergence")["ordinal"] == .integer(planted.place))
    let key = "\(planted.folder.path)/key"
    #expect(try CommandLineRun(["evidence", "keygen", "-o", key, "-q"]).status == 0)
    let drill = try CommandLineRun([
      "drill", recorded, "--golden", recorded, "--no-sequential", "--sign", key, "--out", planted.folder.path, "-q",
    ])
    #expect(drill.status == 0)
    let name = try #require(
      try planted.folder.names.first { $0.hasSuffix(".json") && !$0.hasSuffix(".dsse.json") })
    let evidence = try #require(try JSONText.value(planted.folder.read(name)).objectValue)
    #expect(try evidence.object("verification")["golden_root"] == .null)
    #expect(try evidence.object("verification")["bit_for_bit_match"] == .null)
    #expect(try evidence.text("verdict") == "PASSED")
    #expect(try evidence.text("audit_readiness") == "NOT_READY", "the log was compared with what it says of itself")
    let envelope = "\(planted.folder.path)/\(name.dropLast(".json".count)).dsse.json"
    let verified = try CommandLineRun([
      "evidence", "verify", envelope, "--archive", recorded, "--golden", recorded, "-q",
    ])
    #expect(verified.status == 0, "\(String(decoding: verified.output, as: UTF8.self))")
    let runbook = try CommandLineRun(["verify", recorded, "--golden", Fixture.path("runbook-small.json"), "-q"])
    #expect(runbook.status == 6)
    #expect(runbook.errors.contains("entry 0"))
  }

  @Test func `two traces are compared by their events, not by places`() throws {
    let planted = try Case()
    let other = "\(planted.folder.path)/other"
    // A proof of the missing object diverges from its record.
    #expect(try [0, 1].contains(CommandLineRun(["golden", planted.shorter, "-o", other, "-q"]).status))
    #expect(try CommandLineRun(["diff", planted.trace, planted.trace, "-q"]).status == 0)
    let run = try CommandLineRun(["diff", planted.trace, other, "--json", "-q"])
    #expect(run.status == 1)
    let events = try run.json.object("events")
    #expect(events["only_in_first_count"] == .integer(1))
    #expect(events["only_in_second_count"] == .integer(0))
    let lines = try BisectCommandTests.lines()
    let entry = try #require(try JSONText.value(lines[planted.place]).objectValue)
    let found = try #require(try events.elements("only_in_first").first?.objectValue)
    #expect(found["event_id"] == entry["event_id"])
    let object = try #require(try run.json.elements("objects").first?.objectValue)
    #expect(object["object_id"] == entry["object_id"])
    #expect(try CommandLineRun(["diff", planted.trace, "\(planted.folder.path)/none", "-q"]).status == 6)
  }
}
