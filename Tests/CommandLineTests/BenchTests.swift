import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `bench run` and `bench compare`, small.
@Suite struct BenchTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func bench(_ arguments: [String]) throws -> CommandLineRun {
    try CommandLineRun(["bench", "run"] + arguments + ["--cache", path("cache"), "-q"])
  }

  /// A document with the times that one contender took, changed.
  private func doctored(_ document: JSONObject, times factor: Double) throws -> JSONObject {
    func changed(_ value: JSONValue, isSample: Bool) -> JSONValue {
      switch value {
      case .array(let elements): return .array(elements.map { changed($0, isSample: isSample) })
      case .object(let object):
        return .object(
          JSONObject(
            object.members.map { member in
              let key = String(decoding: member.key, as: UTF8.self)
              if isSample, key == "seconds", case .number(let token) = member.value,
                let seconds = Double(String(decoding: token, as: UTF8.self))
              {
                return (member.key, .number(Array("\(seconds * factor)".utf8)))
              }
              return (member.key, changed(member.value, isSample: isSample || key == "series"))
            }))
      default: return value
      }
    }
    return try #require(changed(.object(document), isSample: false).objectValue)
  }

  /// The findings of a comparison.
  private func findings(_ run: CommandLineRun) throws -> Set<String> {
    Set(try run.json.elements("rows").compactMap(\.objectValue).map { try $0.text("finding") })
  }

  private func write(_ document: JSONObject, _ name: String) throws -> String {
    try folder.write(JSONFormat.indented.encode(.object(document)), name)
  }

  @Test func `every kind of replay comes to one root, and the document has all figures`() throws {
    let run = try bench([
      "recorded", "small-content", "--scale", "0.005", "--runs", "2", "-o", path("a.json"), "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let document = try run.json
    #expect(try JSONText.value(folder.read("a.json")).objectValue == document)
    #expect(try document.text("schema") == "eqm-replay/bench/1")
    #expect(try document.object("program").text("version").hasPrefix("eqm-replay "))
    #expect(try document.object("machine")["cores"] == .integer(ProcessInfo.processInfo.activeProcessorCount))
    #expect(try document.text("command").contains("small-content"))
    let workloads = try document.elements("workloads").compactMap(\.objectValue)
    let names = try workloads.map { try $0.text("name") }
    #expect(names == ["recorded", "small-content"])
    #expect(workloads.map { $0["entries"] } == [.integer(5000), .integer(1000)])
    for workload in workloads { try check(workload) }
    // The contents themselves, a KiB each, are in the packs; not their base64.
    let contentBytes = try #require(workloads[1]["bytes"]?.integer(as: Int.self))
    #expect((900 * 1024..<5000 * 1024).contains(contentBytes))
  }

  private func check(_ workload: JSONObject) throws {
    let log = "\(path("cache"))/\(Program.version)/\(try workload.text("log"))"
    let replay = try CommandLineRun(["replay", log, "--workers", "1", "--json", "-q"]).json
    #expect(try workload.text("state_root") == replay.object("commitment").text("state_root"))
    let permutations = try replay.object("run").required("permutations")
    let limit = try workload.object("limit")
    #expect(limit["permutations"] == permutations)
    #expect(try limit.elements("samples").count == 2)
    let series = try workload.elements("series").compactMap(\.objectValue)
    let names = try series.map { try $0.text("contender") }
    #expect(names.first == "golden" && names.last == "1 worker, SIMD off" && names.contains("1 worker"))
    for one in series {
      let samples = try one.elements("samples").compactMap(\.objectValue)
      #expect(samples.count == 2)
      let isGolden = try one.text("contender") == "golden"
      for sample in samples {
        #expect(try sample.required("permutations") == (isGolden ? .integer(0) : permutations))
        #expect(try sample.object("stages").members.isEmpty == isGolden)
      }
      #expect(one["of_limit"]?.isNull == isGolden)
      for name in ["median_seconds", "entries_per_second", "bytes_per_second", "processor_seconds", "to_golden"] {
        #expect(one[name]?.isNull == false, "\(name)")
      }
    }
  }

  @Test func `a table is printed, or one in Markdown; logs are kept unless they are not to be`() throws {
    let arguments = ["many-nodes", "--scale", "0.006", "--runs", "1"]
    let table = try bench(arguments)
    #expect(table.status == 0, "\(table.errors)")
    #expect(String(decoding: table.output, as: UTF8.self).contains("many-nodes  1 worker, SIMD off"))
    let cache = try FileManager.default.contentsOfDirectory(atPath: "\(path("cache"))/\(Program.version)")
    #expect(cache == ["many-nodes-nodes-5000-6000-1.jsonl.lz4"])
    let markdown = try bench(arguments + ["--markdown", "--discard"])
    #expect(String(decoding: markdown.output, as: UTF8.self).hasPrefix("| log | entries | golden | 1 worker |"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path("cache"))/\(Program.version)").isEmpty)
  }

  @Test func `a trace of one's own is measured, and one with rejected entries is no measurement`() throws {
    let trace = Fixture.path("runbook-small.json")
    let run = try bench(["vm-trace", "--trace", trace, "--runs", "1", "--json", "--github", path("github.json")])
    #expect(run.status == 0, "\(run.errors)")
    let items = try (JSONText.value(folder.read("github.json")).elements ?? []).compactMap(\.objectValue)
    let units = try items.map { try $0.text("unit") }
    #expect(units == items.map { _ in "s" })
    let names = try items.map { try $0.text("name") }
    #expect(names.first == "vm-trace: golden")
    let bad = try bench(["vm-trace", "--trace", Fixture.path("bad-entries.jsonl.lz4"), "--runs", "1"])
    #expect(bad.status == 1)
    #expect(bad.errors.contains("rejected"))
    let absent = try bench(["vm-trace", "--trace", path("absent"), "--runs", "1"])
    #expect(absent.status == 2, "\(absent.errors)")
  }

  @Test func `two programs are measured by turns and compared in pairs`() throws {
    let program = CommandLineRun.program
    let run = try bench([
      "hot-object", "--scale", "0.002", "--runs", "3", "--program", program, "--program", program, "-o", path("a.json"),
      "-o", path("b.json"), "--json",
    ])
    #expect(run.status == 0, "\(run.errors)")
    let documents = try run.json.elements("documents").compactMap(\.objectValue)
    try #require(documents.count == 2)
    #expect(try documents[0].text("session") == documents[1].text("session"))
    // Whatever their times: beyond a thousandfold nothing lies.
    let comparison = try CommandLineRun([
      "bench", "compare", path("a.json"), path("b.json"), "--threshold", "1000", "--json", "-q",
    ])
    #expect(comparison.status == 0, "\(comparison.errors)")
    let rows = try comparison.json.elements("rows").compactMap(\.objectValue)
    #expect(rows.count >= 3)
    #expect(rows.map { $0["paired"] } == rows.map { _ in .boolean(true) })
  }

  @Test func `a document is as fast as itself, and slower where its times are doubled`() throws {
    #expect(try bench(["epoch-storm", "--scale", "0.001", "--runs", "3", "-o", path("a.json")]).status == 0)
    let document = try #require(JSONText.value(folder.read("a.json")).objectValue)
    let slower = try write(doctored(document, times: 2), "slower.json")
    func compare(_ first: String, _ second: String, _ options: [String] = []) throws -> CommandLineRun {
      try CommandLineRun(["bench", "compare", first, second, "--json", "-q"] + options)
    }
    let same = try compare(path("a.json"), path("a.json"))
    #expect(same.status == 0 && same.errors.isEmpty)
    #expect(try findings(same) == Set(["same"]))
    let worse = try compare(path("a.json"), slower, ["--github", path("github.json")])
    #expect(worse.status == 1)
    #expect(try findings(worse) == Set(["slower"]))
    #expect(String(decoding: try folder.read("github.json"), as: UTF8.self).contains("2.000 times as long"))
    #expect(try compare(path("a.json"), slower, ["--threshold", "2.5"]).status == 0)
    #expect(try compare(slower, path("a.json")).status == 0)
    #expect(try compare(path("a.json"), slower, ["--github", path("github.json")]).status == 6)
    #expect(try compare(path("a.json"), slower, ["--github", path("a.json"), "--force"]).status == 6)
  }

  @Test func `what cannot be read is a failure, what is no document is damaged, what has no log in common fits not`()
    throws
  {
    func compare(_ second: String) throws -> Int32 {
      try CommandLineRun(["bench", "compare", path("a.json"), second, "-q"]).status
    }
    #expect(try bench(["recorded", "--scale", "0.0001", "--runs", "1", "-o", path("a.json")]).status == 0)
    #expect(try bench(["recorded", "--scale", "0.0002", "--runs", "1", "-o", path("b.json")]).status == 0)
    #expect(try compare(path("absent.json")) == 2)
    #expect(try compare(folder.write("[]", "array.json")) == 4)
    #expect(try compare(folder.write(#"{"schema":"eqm-replay/bench/2"}"#, "schema.json")) == 4)
    #expect(try compare(folder.write(Array(folder.read("a.json").dropLast(40)), "cut.json")) == 4)
    #expect(try compare(path("b.json")) == 6)
  }

  @Test func `a program that cannot be run, or is another one, is a failure`() throws {
    for program in [path("absent"), "/bin/false", "/bin/echo"] {
      let run = try bench(["recorded", "--scale", "0.0001", "--runs", "1", "--program", program])
      #expect(run.status == 2, "\(program): \(run.errors)")
      #expect(run.errors.contains(program))
    }
  }

  @Test(arguments: [
    [], ["run"], ["run", "other"], ["run", "tiny", "--runs", "0"], ["run", "tiny", "--scale", "0"],
    ["run", "tiny", "--scale", "11"], ["run", "tiny", "--workers", "0"], ["run", "tiny", "-o", "a", "-o", "b"],
    ["run", "tiny", "--program", "a", "--program", "b", "--program", "c"],
    ["run", "tiny", "--program", "a", "--program", "b", "-o", "c"], ["compare", "a"],
    ["run", "tiny", "--program", "a", "--program", "b", "--github", "c"],
    ["compare", "a", "b", "--threshold", "0.9"], ["compare", "a", "b", "--confidence", "1"], ["nothing"],
  ])
  func `a bad option of bench exits 64`(arguments: [String]) throws {
    let run = try CommandLineRun(["bench"] + arguments)
    #expect(run.status == 64, "\(run.errors)")
    #expect(run.output.isEmpty)
  }

  @Test func `a target that is there is replaced only by force, and nothing is measured before that is known`() throws {
    let target = try folder.write("mine", "a.json")
    #expect(try bench(["recorded", "--scale", "0.0001", "--runs", "1", "-o", target]).status == 6)
    #expect(try folder.read("a.json") == Array("mine".utf8))
    #expect(!FileManager.default.fileExists(atPath: path("cache")))
    #expect(try bench(["recorded", "--scale", "0.0001", "--runs", "1", "-o", target, "--force"]).status == 0)
  }
}

/// The version that the program says.
private enum Program {
  static let version: String = {
    let run = try? CommandLineRun(["--version"])
    return String(decoding: run?.output ?? [], as: UTF8.self).split(whereSeparator: \.isWhitespace).last.map(
      String.init) ?? ""
  }()
}
