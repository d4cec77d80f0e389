import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// The exit status, the two streams and what is left on disk, as cli.md has them.
@Suite struct ExitStatusTests {
  private let small = Fixture.path("runbook-small.json")

  private func root(_ log: String) throws -> String {
    try Fixture.expected(log).object("commitment").text("state_root")
  }

  private func evidence(in folder: TemporaryFolder) throws -> JSONObject {
    let name = try #require(try folder.names.first { $0.hasPrefix("storage_replay_drill_") })
    return try #require(try CommandLineRun.object(folder.read(name)))
  }

  // MARK: drill

  @Test func `a drill that reaches the expected root passes`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun([
      "drill", small, "--expect-state-root", root("runbook-small.json"), "--expect-state-hash",
      Fixture.expected("runbook-small.json").text("state_hash"), "--out", folder.path, "--json",
    ])
    #expect(run.status == 0)
    let result = try run.json
    #expect(try result.text("verdict") == "PASSED")
    #expect(
      try result.object("comparison").canonical
        == #"{"accepted":0,"equal":true,"first_divergence":null,"sides":{"#
        + #""expected":{"accepted":0,"equal":true,"first_divergence":null},"#
        + #""sequential":{"accepted":0,"equal":true,"first_divergence":null}},"with":["sequential","expected"]}"#)
    let evidence = try evidence(in: folder)
    #expect(try evidence.text("verdict") == "PASSED")
    #expect(try evidence.object("verification").text("deterministic_replay") == "PASSED")
    #expect(try evidence.object("verification")["bit_for_bit_match"] == .boolean(true))
    #expect(try evidence.text("zero_simulation_compliance") == "FAIL", "its STOREs are placeholders")
    #expect(try evidence.text("audit_readiness") == "NOT_READY")
  }

  @Test(arguments: ["--expect-state-root", "--expect-state-hash"])
  func `a drill that reaches another root or hash fails and says so in the evidence`(option: String) throws {
    let folder = try TemporaryFolder()
    let wrong = String(repeating: "0", count: 64)
    let run = try CommandLineRun(["drill", small, option, wrong, "--out", folder.path, "--json"])
    #expect(run.status == 1)
    #expect(try run.json.text("verdict") == "FAILED")
    let evidence = try evidence(in: folder)
    #expect(try evidence.text("verdict") == "FAILED")
    #expect(try evidence.object("verification").text("deterministic_replay") == "FAILED")
    #expect(try evidence.object("verification")["bit_for_bit_match"] == .boolean(false))
    #expect(try evidence.elements("reasons").contains(.text("comparison-unequal")))
  }

  @Test func `a drill is cross-checked by a sequential run`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(["drill", small, "--out", folder.path, "--json"])
    #expect(run.status == 0)
    #expect(try run.json.text("verdict") == "PASSED")
    #expect(try run.json.object("comparison").elements("with") == [.text("sequential")])
    let verification = try evidence(in: folder).object("verification")
    #expect(verification["bit_for_bit_match"] == .boolean(true))
    #expect(try verification.text("compared_with") == "sequential")
  }

  @Test func `a drill that compares nothing claims nothing`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(["drill", small, "--no-sequential", "--out", folder.path, "--json"])
    #expect(run.status == 3)
    #expect(try run.json.text("verdict") == "NOT_COMPARED")
    #expect(
      try run.json.object("comparison").canonical
        == #"{"accepted":0,"equal":null,"first_divergence":null,"sides":{},"with":[]}"#)
    #expect(try evidence(in: folder).object("verification")["bit_for_bit_match"]?.isNull == true)
  }

  @Test func `recorded events are a comparison, and a divergence from them fails`() throws {
    let folder = try TemporaryFolder()
    let equal = try CommandLineRun([
      "drill", Fixture.path("live-mixed.jsonl.lz4"), "--no-sequential", "--out", folder.path, "--json",
    ])
    #expect(equal.status == 0)
    #expect(
      try evidence(in: folder).object("verification")["bit_for_bit_match"]?.isNull == true, "no root was compared")
    #expect(try equal.json.object("comparison").elements("with") == [.text("recorded")])
    let log = Fixture.path("live-unlogged.jsonl.lz4")
    let diverging = try CommandLineRun(["drill", log, "--out", folder.path, "--json"])
    #expect(diverging.status == 1)
    let first = try diverging.json.object("comparison").object("first_divergence")
    let recorded = try #require(Fixture.expected("live-unlogged").elements("divergences").first?.objectValue)
    for (name, recordedName) in [
      ("ordinal", "ordinal"), ("field", "field"), ("expected", "recorded"), ("actual", "derived"),
    ] {
      #expect(first[name]?.canonicalText == recorded[recordedName]?.canonicalText)
    }
    #expect(try folder.names.count == 2, "evidence of one day does not replace other evidence")
  }

  @Test func `a damaged log leaves evidence that says FAILED, and exits 4`() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write("[{\"event_type\":\"READ\"},", "cut.json")
    let out = try TemporaryFolder()
    let run = try CommandLineRun(["drill", log, "--out", out.path, "--json"])
    #expect(run.status == 4)
    #expect(try run.json.text("verdict") == "FAILED")
    let evidence = try evidence(in: out)
    #expect(try evidence.text("verdict") == "FAILED")
    #expect(try evidence.required("replay_details").isNull)
    #expect(try evidence.object("result").required("state").isNull)
    let archive = try evidence.object("result").object("archive")
    #expect(try archive.text("sha256") == Digest.sha256(folder.read("cut.json")).hexadecimal, "damage has an identity")
    #expect(try evidence.object("result").object("damage").required("byte_offset") == .integer(23))
  }

  @Test func `a log from a pipe is drilled like a file`() throws {
    let folder = try TemporaryFolder()
    let input = Array(try Data(contentsOf: URL(fileURLWithPath: Fixture.path("recorded-events.json.lz4"))))
    let scratch = try TemporaryFolder()
    let run = try CommandLineRun(
      shell:
        "cat '\(try scratch.write(input, "log"))' | TMPDIR='\(scratch.path)' $EQM drill - --out '\(folder.path)' --json"
    )
    #expect(run.status == 0)
    #expect(try run.json.object("commitment").text("state_root") == root("recorded-events.json"))
    #expect(
      try evidence(in: folder).object("result").object("archive").text("sha256") == Digest.sha256(input).hexadecimal)
    #expect(try scratch.names == ["log"], "the private copy is gone")
  }

  // MARK: damage

  @Test(arguments: ["replay", "inspect", "export"])
  func `damaged and cut logs exit 4, name the place, and publish nothing`(verb: String) throws {
    let folder = try TemporaryFolder()
    let frame = FrameEncoder().encode(Array("{\"event_type\":\"READ\"}\n".utf8))
    let logs: [(bytes: [UInt8], name: String)] = [
      (Array(frame.dropLast(3)), "cut.jsonl.lz4"), (frame + [1, 2, 3, 4, 5, 6, 7, 8], "trailing.jsonl.lz4"),
      ([], "empty.json.lz4"), ([], "empty.json"), (Array("[{}, ".utf8), "cut.json"),
      (Array("[{},]".utf8), "comma.json"),
      (Array("{\"event_type\":\"READ\"}\n{\"event_".utf8), "cut.jsonl"), (Array("{} {}\n".utf8), "two.jsonl"),
      (Array("{\"event_type\":\"READ\",\"a\":NaN}\n".utf8), "nan.jsonl"), ([0x22, 0xFF, 0x22, 0x0A], "bytes.jsonl"),
      (Array("\u{FEFF}{}\n".utf8), "mark.jsonl"), (Array("{}".utf8), "object.json"),
    ]
    for (bytes, name) in logs {
      let log = try folder.write(bytes, name)
      let target = ["--to", "jsonl", "-o", "\(folder.path)/out.jsonl"]
      let run = try CommandLineRun([verb, log, "--json"] + (verb == "export" ? target : []))
      #expect(run.status == 4, "\(name): \(run.errors)")
      #expect(run.output.isEmpty, "\(name)")
      #expect(run.errors.contains("byte offset"), "\(name): \(run.errors)")
    }
    #expect(try folder.names == logs.map(\.name).sorted())
  }

  // MARK: targets

  @Test func `a target that cannot be written is found before any work`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("", "file")
    for arguments in [
      ["drill", small, "--out", "\(file)/under"], ["export", small, "--to", "jsonl", "-o", "\(file)/under"],
      ["export", small, "--to", "jsonl", "-o", "\(folder.path)/missing/name"],
      ["export", small, "--to", "jsonl", "-o", file],
      ["drill", "\(folder.path)/no-log", "--out", "\(file)/under"],
    ] {
      let run = try CommandLineRun(arguments)
      #expect(run.status == 6, "\(arguments): \(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try folder.names == ["file"])
  }

  @Test func `a disk without room is found before any work`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun(
      shell: """
        mount -t tmpfs -o size=32m none '\(folder.path)' || exit 99
        $EQM drill '\(small)' --out '\(folder.path)'; drill=$?
        $EQM export '\(small)' --to jsonl -o '\(folder.path)/out'; export=$?
        ls -A '\(folder.path)' | wc -l; umount '\(folder.path)'
        echo $drill $export >&2
        """)
    try #require(run.status != 99, "this test needs to mount a tmpfs: run it as root")
    #expect(run.errors.hasSuffix("6 6\n"), "\(run.errors)")
    #expect(String(decoding: run.output, as: UTF8.self) == "0\n")
  }

  @Test func `evidence that cannot be written after the replay exits 5, with the result printed`() throws {
    let folder = try TemporaryFolder()
    let drill = "(ulimit -f 1; $EQM drill '\(Fixture.path("recorded-events.json.lz4"))' --out '\(folder.path)' --json)"
    let run = try CommandLineRun(shell: "\(drill) | cat; exit ${PIPESTATUS[0]}")
    #expect(run.status == 5)
    #expect(run.errors.contains("evidence"))
    #expect(try run.json.text("verdict") == "PASSED")
    #expect(try run.json.required("evidence").isNull)
    let failed = try CommandLineRun(
      shell: """
        (ulimit -f 1; $EQM drill '\(small)' --expect-state-root \(String(repeating: "0", count: 64)) \
          --out '\(folder.path)') >/dev/null
        """)
    #expect(failed.status == 1, "a divergence weighs more")
    #expect(try folder.names == [])
  }

  @Test func `a file that exists is replaced only with --force`() throws {
    let folder = try TemporaryFolder()
    let target = try folder.write("mine", "out.jsonl")
    let arguments = ["export", small, "--to", "jsonl", "-o", target]
    for odd in [folder.path, "\(folder.path)/"] {
      #expect(try CommandLineRun(["export", small, "--to", "jsonl", "-o", odd, "--force"]).status == 6)
    }
    let log = try folder.write("{\"event_type\":\"READ\"}\n", "log.jsonl")
    #expect(try CommandLineRun(["export", log, "--to", "jsonl", "-o", log, "--force"]).status == 6, "the log itself")
    #expect(try CommandLineRun(arguments).status == 6)
    #expect(try folder.read("out.jsonl") == Array("mine".utf8))
    #expect(try CommandLineRun(arguments + ["--force"]).status == 0)
    #expect(try folder.read("out.jsonl") != Array("mine".utf8))
  }

  // MARK: other statuses

  @Test func `input that cannot be opened exits 2`() throws {
    let folder = try TemporaryFolder()
    for (verb, log) in [
      ("replay", "\(folder.path)/no.json"), ("drill", "\(folder.path)/no.json"), ("inspect", "\(folder.path)/no"),
    ] {
      let run = try CommandLineRun([verb, log] + (verb == "drill" ? ["--out", folder.path] : []))
      #expect(run.status == 2, "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try CommandLineRun(["drill", "\(folder.path)/no.json", "--out", "\(folder.path)/new/er"]).status == 2)
    #expect(try folder.names == [], "no evidence, and no folder, for a log that was not there")
    #expect(try CommandLineRun(shell: "$EQM replay '\(small)' > /dev/full").status == 2)
    for verb in ["replay -", "drill - --out '\(folder.path)'", "export - --to jsonl -o '\(folder.path)/out'"] {
      let run = try CommandLineRun(shell: "$EQM \(verb) <&-")
      #expect(run.status == 2, "\(verb), with standard input closed: \(run.errors)")
    }
    #expect(try CommandLineRun(shell: "$EQM replay '\(small)' >&-").status == 2)
    #expect(try CommandLineRun(shell: "echo '[' | $EQM replay - > /dev/full").status == 4)
  }

  @Test func `an empty log and a log with a rejected entry are degraded`() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write("", "empty.jsonl")
    let rejected = try folder.write("{\"event_type\":\"READ\"}\n{}\n", "rejected.jsonl")
    for log in [empty, rejected] {
      for verb in [["replay", log, "--json"], ["drill", log, "--json", "--out", folder.path]] {
        let run = try CommandLineRun(verb)
        #expect(run.status == 3)
        #expect(try run.json.text("verdict") == "WARNED")
      }
    }
    #expect(try CommandLineRun(["replay", empty, "--json"]).json.text("success_ratio") == "0.000000")
    #expect(try CommandLineRun(["replay", rejected, "--json"]).json.text("success_ratio") == "0.500000")
  }

  @Test(arguments: [
    [], ["nothing"], ["replay"], ["replay", "x", "--nonsense"], ["drill", "x", "--expect-state-root", "12"],
    ["drill", "x", "--threshold", "1.5"], ["drill", "x", "--threshold", "-1"], ["replay", "x", "--profile", "other"],
    ["replay", "x", "--max-content-size", "big"], ["replay", "x", "--max-content-size", "18446744073709551615"],
    ["replay", "x", "--max-content-size", "99999999TiB"], ["replay", "x", "--progress", "loud"], ["export", "x"],
    ["export", "x", "--to", "xml", "-o", "y"], ["replay", "x", "--verify", "maybe"],
  ])
  func `a bad option exits 64`(arguments: [String]) throws {
    let run = try CommandLineRun(arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
    #expect(!run.errors.isEmpty)
  }

  @Test func `help and version are results`() throws {
    for arguments in [["--help"], ["--version"], ["drill", "--help"], ["help", "replay"]] {
      let run = try CommandLineRun(arguments)
      #expect(run.status == 0)
      #expect(!run.output.isEmpty)
      #expect(run.errors.isEmpty)
    }
  }
}

extension CommandLineRun {
  static func object(_ text: [UInt8]) throws -> JSONObject? { try JSONText.value(text).objectValue }
}

extension JSONObject {
  var canonical: String { JSONValue.object(self).canonicalText }
}
