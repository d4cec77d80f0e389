import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `drill --metrics-file`, as the built program does it.
@Suite struct MetricsFileTests {
  private let small = Fixture.path("runbook-small.json")
  private let root = "e71eeb98528423cb721b004f2ddffa7bf235ae8de4c1835b30b5ddcd0f62671f"
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var page: String { "\(folder.path)/eqm_replay.prom" }

  private func drill(_ log: String, _ options: [String] = [], input: [UInt8] = []) throws -> CommandLineRun {
    try CommandLineRun(
      ["drill", log, "--out", "\(folder.path)/out", "--metrics-file", page, "--json"] + options, input: input)
  }

  /// The page as `promtool check metrics` finds it clean: series, each with its value.
  private func series() throws -> [String: String] {
    let lint = try CommandLineRun(shell: "promtool check metrics < '\(page)'")
    #expect(lint.status == 0, "\(String(decoding: lint.output, as: UTF8.self))\(lint.errors)")
    let lines = try String(contentsOfFile: page, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
    var series: [String: String] = [:]
    for line in lines {
      let space = try #require(line.lastIndex(of: " "))
      #expect(series.updateValue(String(line[line.index(after: space)...]), forKey: String(line[..<space])) == nil)
    }
    return series
  }

  private func value(_ name: String, _ labels: String = #"target="storage""#) throws -> String? {
    try series()["storage_replay_\(name){\(labels)}"]
  }

  @Test func `a drill that passed says so, and everybody may read it`() throws {
    let run = try drill(small, ["--expect-state-root", root])
    #expect(run.status == 0)
    let (found, version) = (try series(), try version())
    let expected = [
      "capability_degraded": "0", "success_rate": "1.000000", "success_rate_threshold": "0.95", "golden_match": "1",
      "divergent_objects": "0", "epochs": "7", "current_epoch": "7", "archive_bytes": "7018",
      "last_run_exit_status": "0",
    ]
    for (name, value) in expected { #expect(found[#"storage_replay_\#(name){target="storage"}"#] == value, "\(name)") }
    for side in ["sequential", "expected"] {
      #expect(found[#"storage_replay_comparison_equal{target="storage",with="\#(side)"}"#] == "1")
    }
    for (result, count) in ["applied": "65", "acknowledged": "0", "rejected": "0", "unsupported": "0"] {
      #expect(found[#"storage_replay_entries{target="storage",result="\#(result)"}"#] == count)
    }
    for stage in ["prepare", "load", "replay", "verify", "evidence"] {
      #expect(found[#"storage_replay_stage_duration_seconds{target="storage",stage="\#(stage)"}"#] != nil)
    }
    #expect(found.keys.contains { $0.hasPrefix("storage_replay_last_run_info{") && $0.contains(root) })
    #expect(found.keys.contains { $0.hasPrefix("storage_replay_build_info{version=\"\(version)\"") })
    #expect(try value("last_success_timestamp_seconds") == value("last_run_timestamp_seconds"))
    #expect(try FileManager.default.attributesOfItem(atPath: page)[.posixPermissions] as? Int == 0o644)
    #expect(try folder.names.sorted() == ["eqm_replay.prom", "out"], "no temporary file is left")
  }

  private func version() throws -> String {
    let run = try CommandLineRun(["--version"])
    return String(decoding: run.output, as: UTF8.self).split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
  }

  @Test func `a mismatch is degraded and keeps the time of the last success`() throws {
    #expect(try drill(small).status == 0)
    let before = try value("last_success_timestamp_seconds")
    #expect(before != nil)
    #expect(try drill(small, ["--expect-state-root", String(repeating: "0", count: 64)]).status == 1)
    #expect(try value("golden_match") == "0")
    #expect(try value("comparison_equal", #"target="storage",with="expected""#) == "0")
    #expect(try value("comparison_equal", #"target="storage",with="sequential""#) == "1")
    #expect(try value("capability_degraded") == "1")
    #expect(try value("success_rate") == "1.000000")
    #expect(try value("last_success_timestamp_seconds") == before)
    #expect(try value("last_run_timestamp_seconds") != before)
    // Nobody has shown that anything is equal again.
    #expect(try drill(small, ["--golden", small]).status == 6)
    #expect(try value("golden_match") == "0")
    #expect(try value("comparison_equal", #"target="storage",with="expected""#) == "0")
    #expect(try drill(small).status == 0)
    #expect(try value("golden_match") == "1")
    #expect(try value("comparison_equal", #"target="storage",with="expected""#) == nil)
  }

  @Test func `a drill that fails keeps the success of one that ran meanwhile`() throws {
    let run = try CommandLineRun(
      shell:
        "(until [ -e done ]; do sleep 0.01; done; printf '[{') | $EQM drill - --out slow --metrics-file '\(page)' &"
        + " until [ -d slow ]; do sleep 0.01; done;"
        + " $EQM drill '\(small)' --out quick --metrics-file '\(page)' -q; touch done; wait $!", folder: folder.path)
    #expect(run.status == 4, "\(run.errors)")
    #expect(try value("last_run_exit_status") == "4")
    #expect(try value("last_success_timestamp_seconds") != nil)
  }

  @Test func `that a log agrees with its own record takes no mismatch back`() throws {
    let log = Fixture.path("recorded-events.json.lz4")
    #expect(try drill(log, ["--expect-state-root", String(repeating: "0", count: 64)]).status == 1)
    #expect(try drill(log, ["--no-sequential"]).status == 0)
    #expect(try value("golden_match") == "0")
    #expect(try value("comparison_equal", #"target="storage",with="expected""#) == "0")
    #expect(try value("comparison_equal", #"target="storage",with="recorded""#) == "1")
    #expect(try drill(log).status == 0)
    #expect(try value("golden_match") == "1")
    #expect(try value("comparison_equal", #"target="storage",with="expected""#) == nil)
  }

  @Test func `a page that became another target's meanwhile stays`() throws {
    let run = try CommandLineRun(
      shell:
        "(until [ -e done ]; do sleep 0.01; done; cat '\(small)') | $EQM drill - --target slow --out slow --metrics-file '\(page)' &"
        + " until [ -d slow ]; do sleep 0.01; done;"
        + " $EQM drill '\(small)' --target quick --out quick --metrics-file '\(page)' -q; touch done; wait $!",
      folder: folder.path)
    #expect(run.status == 5 && run.errors.contains("another --target"), "\(run.errors)")
    #expect(try value("last_run_exit_status", #"target="quick""#) == "0")
    #expect(try !series().keys.contains { $0.contains("slow") })
  }

  @Test func `a success that is still to come is none`() throws {
    try folder.write(
      #"storage_replay_last_success_timestamp_seconds{target="storage"} 99999999999"# + "\n", "eqm_replay.prom")
    #expect(try drill("\(folder.path)/absent.json").status == 2)
    #expect(try value("last_success_timestamp_seconds") == nil)
  }

  @Test func `what was compared with nothing has no family of comparisons, and is no success`() throws {
    #expect(try drill(small, ["--no-sequential"]).status == 3)
    let found = try series()
    #expect(!found.keys.contains { $0.hasPrefix("storage_replay_golden_match") || $0.contains("comparison_equal") })
    #expect(try value("last_success_timestamp_seconds") == nil)
    #expect(try value("capability_degraded") == "0", "everything was applied")
  }

  @Test func `divergences are counted by object, and a record is no golden run`() throws {
    let lines = [ManyFindings.store, ManyFindings.diverging(1), ManyFindings.diverging(1), ManyFindings.diverging(2)]
    let log = try folder.write(Array(lines.joined(separator: "\n").utf8), "diverging.jsonl")
    #expect(try drill(log, ["--no-sequential"]).status == 1)
    #expect(try value("divergent_objects") == "2")
    #expect(try value("golden_match") == nil)
    #expect(try value("comparison_equal", #"target="storage",with="recorded""#) == "0")
    #expect(try value("capability_degraded") == "1")
  }

  @Test(arguments: ["empty", "damaged", "absent", "precondition"])
  func `a run that replayed nothing is degraded, at a rate of 0`(kind: String) throws {
    #expect(try drill(small).status == 0)
    let before = try value("last_success_timestamp_seconds")
    let log = try folder.write(kind == "damaged" ? Array("[{".utf8) : Array("[]".utf8), "log.json")
    let expected: (status: Int32, run: CommandLineRun) =
      switch kind {
      case "absent": (2, try drill("\(folder.path)/absent.json"))
      case "precondition": (6, try drill(log, ["--golden", small]))
      case "damaged": (4, try drill(log))
      default: (3, try drill(log))
      }
    #expect(expected.run.status == expected.status, "\(expected.run.errors)")
    #expect(try value("capability_degraded") == "1")
    #expect(Double(try value("success_rate") ?? "") == 0)
    #expect(try value("last_success_timestamp_seconds") == before)
    #expect(try value("last_run_exit_status") == "\(expected.status)")
  }

  @Test func `a drill that is misused leaves the page as it was`() throws {
    #expect(try drill(small).status == 0)
    let before = try String(contentsOfFile: page, encoding: .utf8)
    #expect(try drill(small, ["--origin", "example.com/log"]).status == 64)
    #expect(try drill(small, ["--target", "other"]).status == 6)
    #expect(try drill(small, ["--target", ""]).status == 64)
    #expect(try String(contentsOfFile: page, encoding: .utf8) == before)
  }

  @Test func `a drill that is interrupted leaves the page as it was`() throws {
    #expect(try drill(small).status == 0)
    let before = try String(contentsOfFile: page, encoding: .utf8)
    let run = try CommandLineRun(
      shell: "sleep 60 | timeout --preserve-status -s TERM 1 $EQM drill - --out out --metrics-file '\(page)'",
      folder: folder.path)
    #expect(run.status == 143, "\(run.errors)")
    #expect(try String(contentsOfFile: page, encoding: .utf8) == before)
  }

  @Test func `metrics that cannot be written behind the replay are told, with the evidence in place`() throws {
    try FileManager.default.createDirectory(atPath: "\(folder.path)/metrics", withIntermediateDirectories: false)
    // Evidence's folder is made once all targets were checked, and before the log is read.
    let run = try CommandLineRun(
      shell: "(until [ -d out ]; do sleep 0.01; done; rmdir metrics; cat '\(small)')"
        + " | $EQM drill - --out out --metrics-file metrics/page.prom --json", folder: folder.path)
    #expect(run.status == 5 && run.errors.contains("the metrics could not be written"), "\(run.errors)")
    #expect(try run.json.text("verdict") == "PASSED")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out").count == 1)
  }

  @Test func `a page in the place of anything else is refused before any work`() throws {
    let other = try folder.write(Array("not a page\n".utf8), "eqm_replay.prom")
    let run = try drill(small)
    #expect(run.status == 6 && run.errors.contains("line 1"), "\(run.errors)")
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "not a page\n")
    #expect(try folder.names == ["eqm_replay.prom"], "no evidence either")
    for place in [small, "\(folder.path)/missing/page.prom", folder.path] {
      #expect(
        try CommandLineRun(["drill", small, "--out", "\(folder.path)/out", "--metrics-file", place]).status == 6)
    }
    let state = "\(folder.path)/state"
    #expect(
      try CommandLineRun([
        "drill", small, "--out", "\(folder.path)/out", "--metrics-file", state, "--state-out", state,
      ]).status == 6)
  }

  @Test func `hostile names of logs and targets stay in their labels`() throws {
    let name = "a\"} 1\nstorage_replay_capability_degraded{target=\"x\"} 1\\.json"
    let log = "\(folder.path)/\(name)"
    try FileManager.default.copyItem(atPath: small, toPath: log)
    #expect(try drill(log, ["--target", "<script>\"\\"]).status == 0)
    #expect(try value("capability_degraded", #"target="<script>\"\\""#) == "0")
    #expect(try series().keys.filter { $0.hasPrefix("storage_replay_capability_degraded") }.count == 1)
    #expect(try drill(log, ["--target", "<script>\"\\"]).status == 0, "the page is known again")
  }
}
