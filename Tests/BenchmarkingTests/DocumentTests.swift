import Benchmarking
import StorageProtocol
import Testing

/// `eqm-replay/bench/1`: written, read, and what follows from its samples.
@Suite struct DocumentTests {
  private func text(_ document: BenchDocument) -> [UInt8] { JSONFormat.indented.encode(document.json) }

  @Test func `a document that was written is read as it was`() throws {
    let document = try MeasuredDocument.document(twoWorkers: [0.5, 0.123456, 1.75])
    #expect(try BenchDocument(parsing: text(document), path: "a.json") == document)
  }

  @Test func `ratios are to golden, to one worker and to the limit`() throws {
    let workload = try MeasuredDocument.document(twoWorkers: [1, 1, 1]).workloads[0]
    let series = try #require(workload.series("2 workers"))
    #expect(workload.speed(series, to: workload.golden) == 20)
    #expect(workload.speed(series, to: workload.oneWorker) == 2)
    // 2,000 permutations of 10,000 a second, LZ4 and JSON: by two workers half of it.
    #expect(abs(try #require(workload.limitSeconds) - 0.5) < 1e-9)
    #expect(abs(try #require(workload.partOfLimit(series)) - 0.25) < 1e-9)
    #expect(workload.partOfLimit(try #require(workload.golden)) == nil)
    #expect(workload.entriesPerSecond(series) == 1000)
    #expect(workload.bytesPerSecond(series) == 4_000_000)
    #expect(series.stages.map(\.seconds) == MeasuredDocument.stages.map(\.1))
  }

  @Test(arguments: [
    ("\"eqm-replay/bench/1\"", "\"eqm-replay/bench/2\""), ("\"session\"", "\"other\""), ("\"state_root\"", "\"root\""),
    ("\"round\": 0", "\"round\": -1"), ("\"seconds\": 0.500000", "\"seconds\": 0"),
    ("\"seconds\": 0.500000", "\"seconds\": \"fast\""), ("\"cores\": 2", "\"cores\": 1.5"), ("{\n", "{"),
  ])
  func `what is no document of a benchmark is refused by name`(part: String, other: String) throws {
    let whole = String(decoding: text(try MeasuredDocument.document(twoWorkers: [0.5])), as: UTF8.self)
    try #require(whole.contains(part))
    var changed = whole.replacing(part, with: other)
    if part == "{\n" { changed.removeLast(20) }
    let error = #expect(throws: BenchFault.self) { try BenchDocument(parsing: Array(changed.utf8), path: "a.json") }
    guard case .notADocument("a.json", let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test func `tables have a row for each series, and numbers on the right`() throws {
    let document = try MeasuredDocument.document(twoWorkers: [1, 1.5, 2])
    let lines = BenchTables(document).lines
    #expect(lines.filter { $0.hasPrefix("recorded ") }.count == 3 + 3 + 1)
    let markdown = BenchTables(document).markdown
    #expect(markdown[0] == "| log | entries | golden | 1 worker | 2 workers | to golden | to 1 worker | of limit |")
    #expect(markdown[2] == "| recorded | 1,000 | 20.0 s | 3.00 s | 1.50 s | 13.3× | 2.00× | 17 % |")
    var table = TextTable(["log", "s"])
    table.add(["a", "1.5"])
    table.add(["long", "22.5"])
    #expect(table.lines == ["log      s", "a      1.5", "long  22.5"])
  }

  @Test func `github-action-benchmark gets a name, a unit and a value of each series`() throws {
    let document = try MeasuredDocument.document(twoWorkers: [1, 1.5, 2])
    let items = (BenchmarkAction.json(document).elements ?? []).compactMap(\.objectValue)
    try #require(items.count == 3)
    #expect(items[2]["name"] == .text("recorded: 2 workers"))
    #expect(items[2]["unit"] == .text("s"))
    #expect(items[2]["value"] == .number(Array("1.500000".utf8)))
    #expect(items[2]["range"] == .text("± 33.3 %"))
  }
}
