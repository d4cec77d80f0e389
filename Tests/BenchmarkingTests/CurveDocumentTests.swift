import Benchmarking
import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// The document of a measurement, and the pictures that are drawn from it.
@Suite struct CurveDocumentTests {
  private static let stages = #""hashed_bytes": 0, "permutations": null, "stages": {}"#

  private static func sample(_ round: Int, seconds: String, memory: Int) -> String {
    """
    {"round": \(round), "seconds": \(seconds), "process_seconds": 2.5, "processor_seconds": 3.000000,
     "peak_memory_bytes": \(memory), \(stages)}
    """
  }

  private static func series(_ workers: Int, seconds: [String]) -> String {
    let samples = seconds.enumerated().map { sample($0, seconds: $1, memory: (30 + 10 * $0) << 20) }
    return """
      {"contender": "\(workers) workers", "workers": \(workers), "samples": [\(samples.joined(separator: ","))]}
      """
  }

  private static func points(_ curve: String, _ places: [(Int, String, Int)]) -> String {
    let points = places.map { #"{"place": \#($0.0), "log": "\#($0.1)", "workers": \#($0.2)}"# }
    return #"{"curve": "\#(curve)", "picture": "\#(curve).svg", "points": [\#(points.joined(separator: ","))]}"#
  }

  /// Two logs of which each was replayed three times by one worker and by two.
  private static let text = """
    {"schema": "eqm-replay/curves/1",
     "program": {"path": "eqm-replay", "version": "eqm-replay 0.7.0", "revision": null, "sha256": "00"},
     "machine": {"host": "here", "system": "Linux", "processor": "A <processor>", "cores": 2},
     "command": "eqm-replay bench curves", "started": "2026-11-27T01:00:00.000000Z", "scale": 0.5, "runs": 3,
     "logs": [
      {"log": "short", "entries": 10000, "content_bytes": 160000, "state_root": "ab", "series": [
       \(series(1, seconds: ["0.100000", "0.200000", "0.125000"])), \(series(2, seconds: ["0.050000", "0.062500", "0.040000"]))]},
      {"log": "long", "entries": 1000000, "content_bytes": 16000000, "state_root": "cd", "series": [
       \(series(1, seconds: ["8.000000", "10.000000", "16.000000"])), \(series(2, seconds: ["4.000000", "5.000000", "4.000000"])),
       {"contender": "golden", "workers": null, "samples": [\(sample(0, seconds: "60.000000", memory: 1 << 30))]}]}],
     "curves": [
      \(points("workers", [(1, "long", 1), (2, "long", 2)])),
      \(points("entries", [(10_000, "short", 1), (1_000_000, "long", 1), (10_000, "short", 2), (1_000_000, "long", 2)])),
      \(points("content-size", [(16, "short", 1), (1 << 20, "long", 1)])), \(points("skew", [(0, "short", 1), (90, "long", 1)])),
      \(points("epochs", [(4, "short", 1), (10_000, "long", 1)])), \(points("cost", [(10_000, "short", 1), (1_000_000, "long", 1)])),
      \(points("memory", [(10_000, "short", 1), (1_000_000, "long", 1)]))]}
    """

  private func document(_ text: String = text) throws -> CurveDocument {
    try CurveDocument(parsing: Array(text.utf8), path: "curves.json")
  }

  private func pictures(_ document: CurveDocument) -> [(name: String, text: [UInt8])] {
    document.curves.map { ($0.curve.rawValue, CurveChart($0, of: document).chart.bytes) }
  }

  @Test func `a document that is read and written again has the same bytes, and the same pictures`() throws {
    let document = try document()
    #expect(document.replayCount == 13)
    let text = JSONFormat.indented.encode(document.json)
    let again = try CurveDocument(parsing: text, path: "again")
    #expect(again == document)
    #expect(JSONFormat.indented.encode(again.json) == text)
    #expect(pictures(again).map(\.text) == pictures(document).map(\.text))
  }

  @Test func `what cannot be drawn is no document`() throws {
    let changes = [
      ("eqm-replay/curves/1", "eqm-replay/bench/1"), ("\"seconds\": 0.062500", "\"seconds\": 0"),
      ("\"seconds\": 0.062500", "\"seconds\": -1"), ("\"place\": 16,", "\"place\": 0,"),
      ("\"entries\": 10000,", "\"entries\": 0,"), ("\"content_bytes\": 160000", "\"content_bytes\": 0"),
      ("\"place\": 16, \"log\": \"short\"", "\"place\": 16, \"log\": \"other\""),
      ("\"curve\": \"skew\"", "\"curve\": \"skews\""),
      ("\"place\": 90, \"log\": \"long\", \"workers\": 1", "\"place\": 90, \"log\": \"long\", \"workers\": 3"),
      ("\"peak_memory_bytes\": 31457280", "\"peak_memory_bytes\": 0"), ("\"curves\": [", "\"curves\": [{},"),
      ("\"processor_seconds\": 3.000000", "\"processor_seconds\": 1e300"), ("{\"schema\"", "[{\"schema\""),
    ]
    for (before, after) in changes {
      let changed = Self.text.replacingOccurrences(of: before, with: after)
      try #require(changed != Self.text, "\(before)")
      #expect(throws: BenchFault.self, "\(after)") { try document(changed) }
    }
  }

  @Test func `every picture is read, its texts apart from each other, its points in their plots`() throws {
    let shown = try ChartFacts.read(pictures(document()))
    #expect(shown.map(\.name) == Curve.allCases.map(\.rawValue))
    for chart in shown {
      #expect(!chart.hasErrors && chart.overlaps.isEmpty && chart.outside.isEmpty, "\(chart.name): \(chart.overlaps)")
      #expect(chart.panels.allSatisfy { !$0.points.isEmpty && $0.points.allSatisfy($0.grid.holds) }, "\(chart.name)")
      #expect(chart.texts.contains { $0.contains("medians of 3 runs") && $0.contains("A <processor>, 2 cores") })
    }
    #expect(shown.map(\.panels.count) == [1, 1, 2, 1, 1, 1, 2])
  }

  @Test func `points are medians with their least and greatest run`() throws {
    let shown = try ChartFacts.read(pictures(document()))
    let titles = Dictionary(uniqueKeysWithValues: shown.map { ($0.name, $0.pointTitles) })
    #expect(titles["workers"] == ["measured, 1: 100 k, 62.5 k to 125 k", "measured, 2: 250 k, 200 k to 250 k"])
    #expect(
      titles["entries"] == [
        "1 worker, 10 k: 80 k, 50 k to 100 k", "1 worker, 1 M: 100 k, 62.5 k to 125 k",
        "2 workers, 10 k: 200 k, 160 k to 250 k", "2 workers, 1 M: 250 k, 200 k to 250 k",
      ])
    #expect(titles["content-size"]?.first == "1 worker, 16 B: 1.28, 0.8 to 1.6")
    #expect(titles["cost"] == ["1 worker, 10 k: 300", "1 worker, 1 M: 3"])
    #expect(titles["memory"]?.first == "1 worker, 10 k: 4.1 KiB, 3.07 KiB to 5.12 KiB")
    #expect(titles["memory"]?.last == "1 worker, 1 M: 40 MiB, 30 MiB to 50 MiB")
  }
}
