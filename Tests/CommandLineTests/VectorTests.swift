import ReplayTestSupport
import StorageProtocol
import Testing

/// Every log of `fixtures/` against what the live engine gave, through the command line.
@Suite struct VectorTests {
  private func profile(_ expected: JSONObject) throws -> [String] {
    ["--profile", String(decoding: expected["profile"]?.stringBytes ?? Array("runbook".utf8), as: UTF8.self)]
  }

  /// Numbers of workers and partitions: each of both, and every pair where tests are heavy (`make stress` has them too).
  private static let shapes =
    TestEffort.isHeavy
    ? [1, 2, 3, 8].flatMap { workers in [1, 16, 256].map { (workers, $0) } }
    : [(1, 1), (1, 256), (2, 16), (3, 1), (8, 256)]

  /// The engines: sequential, and the parallel one in many shapes.
  private static let engines: [[String]] =
    [["--sequential"]] + parallel

  private static let parallel: [[String]] = shapes.map { ["--workers", "\($0.0)", "--partitions", "\($0.1)"] }

  @Test(arguments: Fixture.logs)
  func `every engine reaches the recorded state, hashes, roots and checkpoints`(log: String) throws {
    let expected = try Fixture.expected(log)
    for engine in VectorTests.engines {
      let run = try CommandLineRun(["replay", Fixture.path(log), "--json", "-q"] + engine + profile(expected))
      try expectRecorded(run.json, expected)
      #expect(run.errors.isEmpty, "\(engine)")
    }
  }

  private func expectRecorded(_ result: JSONObject, _ expected: JSONObject) throws {
    #expect(result["state"]?.canonicalText == expected["state_data"]?.canonicalText)
    #expect(result["commitment"]?.canonicalText == expected["commitment"]?.canonicalText)
    let legacy = try result.object("legacy")
    for name in ["state_hash", "evidence_state_hash", "drill_state_hash"] {
      #expect(try legacy.required(name) == expected.required(name), "\(name)")
    }
    let checkpoints = try expected.elements("checkpoints")
    let epochCount = try result.elements("checkpoints").count
    #expect(checkpoints.isEmpty ? epochCount > 0 : epochCount == checkpoints.count)
    if !checkpoints.isEmpty {
      #expect(result["checkpoints"]?.canonicalText == expected["checkpoints"]?.canonicalText)
    }
    #expect(try result.object("entries")["total"] == expected["total"])
    try expectCounts(result, expected)
  }

  /// What an expected file has besides: entries, stores, proofs, rejects, divergences.
  private func expectCounts(_ result: JSONObject, _ expected: JSONObject) throws {
    for part in ["entries", "stores", "proofs"] {
      for member in expected[part]?.objectValue?.members ?? [] {
        let name = String(decoding: member.key, as: UTF8.self)
        #expect(try result.object(part)[name]?.canonicalText == member.value.canonicalText, "\(part).\(name)")
      }
    }
    if let divergences = expected["divergences"] {
      #expect(result["divergences"]?.canonicalText == divergences.canonicalText)
    }
    guard let rejects = expected["rejects"]?.elements else { return }
    let found = try result.elements("rejects").map { item in
      let item = try #require(item.objectValue)
      return JSONValue.members(["ordinal": try item.required("ordinal"), "code": try item.required("code")])
    }
    #expect(JSONValue.array(found).canonicalText == JSONValue.array(rejects).canonicalText)
  }

  @Test(arguments: Fixture.logs)
  func `export gives the recorded nodes, objects, shards and event ids`(log: String) throws {
    let expected = try Fixture.expected(log)
    let folder = try TemporaryFolder()
    var first: [UInt8]?
    for shape in VectorTests.parallel {
      let run = try CommandLineRun(
        ["export", Fixture.path(log), "--to", "sqlite", "-o", "\(folder.path)/state.sqlite", "--force"] + shape
          + profile(expected))
      #expect([0, 1, 3].contains(run.status), "\(run.errors)")
      #expect(try folder.names == ["state.sqlite"])
      let bytes = try folder.read("state.sqlite")
      #expect(first == nil || first == bytes, "\(shape)")
      first = first ?? bytes
    }
    try expectRecorded(ExportedState(StockSQLite(path: "\(folder.path)/state.sqlite").exportLines()), log, expected)
    try expectLines(log, expected, folder)
  }

  /// The lines of the log and of its snapshot.
  private func expectLines(_ log: String, _ expected: JSONObject, _ folder: TemporaryFolder) throws {
    for (source, name) in [(Fixture.path(log), "log.lines"), ("\(folder.path)/state.sqlite", "snapshot.lines")] {
      let run = try CommandLineRun(
        ["export", source, "--to", "jsonl", "-o", "\(folder.path)/\(name)"] + profile(expected))
      #expect([0, 1, 3].contains(run.status), "\(run.errors)")
    }
    let lines = try folder.read("log.lines")
    #expect(try folder.read("snapshot.lines") == lines)
    try expectRecorded(ExportedState(lines), log, expected)
    let inspected = try CommandLineRun(["inspect", "\(folder.path)/state.sqlite", "--json"]).json
    #expect(try inspected.required("commitment").canonicalText == expected.required("commitment").canonicalText)
  }

  private func expectRecorded(_ exported: ExportedState, _ log: String, _ expected: JSONObject) throws {
    #expect(exported.eventIDsDigest == (try expected.text("event_ids_sha256")))
    let hasContent = Fixture.stem(log) != "recorded-events"
    try expect(exported.nodes, "nodes", expected, without: [])
    try expect(exported.objects, "objects", expected, without: hasContent ? [] : ["metadata"])
    try expect(exported.shards, "shards", expected, without: hasContent ? [] : ["merkle_root", "proof"])
  }

  /// Compares by the digest where the file has no rows, else row by row.
  ///
  /// A carried STORE leaves `unknown` fields null; the rows say what a live engine knew.
  private func expect(_ rows: JSONObject, _ part: String, _ expected: JSONObject, without unknown: [String]) throws {
    guard let recorded = expected[part]?.objectValue else {
      #expect(ExportedState.digest(rows) == (try expected.text("\(part)_sha256")))
      return
    }
    #expect(rows.members.count == recorded.members.count)
    #expect(strip(rows, unknown).canonicalText == strip(recorded, unknown).canonicalText)
    for name in unknown {
      #expect(rows.members.allSatisfy { $0.value.objectValue?[name]?.isNull == true }, "\(name) is unknown")
    }
  }

  private func strip(_ rows: JSONObject, _ names: [String]) -> JSONValue {
    let unknown = names.map { Array($0.utf8) }
    return .object(
      JSONObject(
        rows.members.map { row in
          let members = row.value.objectValue?.members.filter { !unknown.contains($0.key) } ?? []
          return (row.key, .object(JSONObject(members.map { ($0.key, $0.value) })))
        }))
  }
}
