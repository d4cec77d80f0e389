import Benchmarking
import StorageProtocol
import Testing

/// Figures beside those of a baseline.
@Suite struct GateVerdictTests {
  private static let machine = GateMachine(architecture: "x86_64", simd: "avx2")

  private func number(_ text: String) throws -> GateNumber { try #require(GateNumber(text)) }

  private func log(
    derive: String = "1000", allocations: String = "0.01", entryCount: UInt64 = 100, root: String = "ab"
  ) throws -> GatedLog {
    GatedLog(
      workload: "recorded", entryCount: entryCount, stateRoot: root,
      figures: [
        GatedLog.Figure(quantity: .instructions, stage: "derive", perEntry: try number(derive)),
        GatedLog.Figure(quantity: .allocations, stage: "derive", perEntry: try number(allocations)),
      ])
  }

  private func baseline(_ logs: [GatedLog]) -> GateBaseline {
    GateBaseline(machine: GateVerdictTests.machine, program: "eqm-replay 1", logs: logs)
  }

  @Test func `numbers are counted, written and read to four decimals`() throws {
    for (count, others, text) in [
      (0, 7, "0.0"), (1, 0, "0.0"), (1, 1, "1.0"), (1, 3, "0.3333"), (2, 3, "0.6667"), (1, 20_000, "0.0001"),
      (1, 20_001, "0.0"), (755_720_974, 10_000, "75572.0974"), (3, 2, "1.5"),
    ] as [(UInt64, UInt64, String)] {
      #expect(GateNumber(count, per: others).description == text)
    }
    for text in ["0.0", "1.05", "12.3456", "1000000.0"] { #expect(try number(text).description == text) }
    #expect(try number("7").description == "7.0")
    for text in ["", ".", "1.", ".5", "-1", "1.23456", "1e3", "1,5", " 1", "١", "99999999999999999999"] {
      #expect(GateNumber(text) == nil, "\(text)")
    }
    #expect(try number("940.2") * number("1.05") == number("987.21"))
    #expect(try number("1.1").ratio(to: number("0.0")) == nil)
    #expect(try number("110").ratio(to: number("100")) == number("1.1"))
  }

  @Test(arguments: [
    ("1000", "0.01", [false, false]), ("900", "0.0", [false, false]), ("1051", "0.015", [false, false]),
    ("1051.0001", "0.015", [true, false]), ("1100", "0.01", [true, false]), ("1000", "0.0155", [false, false]),
    ("1000", "0.0156", [false, true]),
    ("2000", "1", [true, true]),
  ])
  func `five parts of a hundred more instructions are allowed, and five allocations in a thousand entries`(
    derive: String, allocations: String, exceeded: [Bool]
  ) throws {
    let verdicts = try GateVerdict.verdicts(
      of: try log(derive: derive, allocations: allocations), baseline: baseline([try log()]), GateLimits())
    #expect(verdicts.map(\.isExceeded) == exceeded)
    #expect(verdicts.map(\.stage) == ["derive", "derive"])
  }

  @Test func `a verdict says log, stage, figure, baseline and ratio`() throws {
    var limits = GateLimits()
    limits.threshold = try number("1.02")
    let verdicts = try GateVerdict.verdicts(of: try log(derive: "1100"), baseline: baseline([try log()]), limits)
    let sentence =
      "recorded: derive: 1100.0 instructions per entry, 1.1 times the 1000.0 of the baseline; at most 1021.0 may be"
    #expect(verdicts[0].sentence == sentence)
    let json = try #require(verdicts[0].json.objectValue)
    #expect(json["exceeded"] == .boolean(true))
    #expect(GateNumber(try #require(json["ratio"])) == (try number("1.1")))
  }

  @Test func `two workers may take little more than twice the processor time of one`() throws {
    for (ratio, isExceeded) in [("2.2", false), ("2.2001", true), ("0.9", false)] {
      let verdict = GateVerdict(workload: "recorded", processorRatio: try number(ratio), GateLimits())
      #expect(verdict.isExceeded == isExceeded)
      #expect(verdict.baseline == nil)
    }
  }

  private func read(_ json: JSONValue) throws -> GateBaseline {
    try GateBaseline(parsing: JSONFormat.indented.encode(json), path: "baseline.json")
  }

  @Test func `a baseline is written and read again, and nothing else is taken for one`() throws {
    let baseline = baseline([try log()])
    #expect(try read(baseline.json) == baseline)
    try baseline.check(GateVerdictTests.machine, ["recorded"])
    let object = try #require(baseline.json.objectValue)
    for name in object.members.map(\.key) {
      let members = object.members.map { ($0.key, $0.key == name ? JSONValue.integer(1) : $0.value) }
      #expect(throws: BenchFault.self) { try read(.object(JSONObject(members))) }
    }
    #expect(throws: BenchFault.self) { try read(self.baseline([try log(), try log()]).json) }
    let text = String(decoding: JSONFormat.indented.encode(baseline.json), as: UTF8.self)
    for (old, new) in [("1000.0", "1000.00001"), ("1000.0", "-1"), ("100,", "1.5,"), ("/1", "/2"), ("\"ab\"", "7")] {
      #expect(text.contains(old))
      #expect(throws: BenchFault.self) {
        try GateBaseline(parsing: Array(text.replacing(old, with: new).utf8), path: "baseline.json")
      }
    }
  }

  @Test func `figures of another machine or another log are not compared`() throws {
    let baseline = baseline([try log()])
    let other = GateMachine(architecture: "x86_64", simd: "scalar")
    #expect(throws: GateMismatch.otherMachine(recorded: GateVerdictTests.machine, measured: other)) {
      try baseline.check(other, ["recorded"])
    }
    #expect(throws: GateMismatch.noLog(workload: "epoch-storm")) {
      try baseline.check(GateVerdictTests.machine, ["recorded", "epoch-storm"])
    }
    for log in [try log(entryCount: 101), try log(root: "cd")] {
      #expect(throws: GateMismatch.otherLog(workload: "recorded", recorded: 100, measured: log.entryCount)) {
        try GateVerdict.verdicts(of: log, baseline: baseline, GateLimits())
      }
    }
    let empty = GatedLog(workload: "recorded", entryCount: 100, stateRoot: "ab", figures: [])
    #expect(throws: GateMismatch.noFigure(workload: "recorded", stage: "derive", quantity: .instructions)) {
      try GateVerdict.verdicts(of: try log(), baseline: self.baseline([empty]), GateLimits())
    }
  }
}
