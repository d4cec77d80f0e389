import Benchmarking
import Testing

/// Verdicts of `bench compare`.
@Suite struct ComparisonTests {
  private let usual = [1.0, 1.02, 0.98, 1.01, 0.99]

  private func compare(
    _ second: [Double], session: String = "s", root: String = "aa", threshold: Double = 1.05
  ) throws -> BenchComparison {
    BenchComparison(
      try MeasuredDocument.document(twoWorkers: usual),
      try MeasuredDocument.document(twoWorkers: second, session: session, root: root), threshold: threshold,
      confidence: 0.95)
  }

  private func finding(_ comparison: BenchComparison) -> BenchComparison.Finding? {
    comparison.rows.first { $0.contender == "2 workers" }?.finding
  }

  @Test func `a document is as fast as itself`() throws {
    let comparison = try compare(usual)
    #expect(!comparison.isWorse)
    #expect(comparison.rows.map(\.contender) == ["golden", "1 worker", "2 workers"])
    // A single run bounds nothing.
    #expect(comparison.rows.map(\.finding) == [.undecided, .same, .same])
    #expect(comparison.rows.allSatisfy { $0.ratio == 1 && $0.isPaired })
  }

  @Test func `every run a tenth longer is slower, a tenth shorter faster`() throws {
    let slower = try compare(usual.map { $0 * 1.1 })
    #expect(slower.isWorse)
    #expect(finding(slower) == .slower)
    let faster = try compare(usual.map { $0 * 0.9 })
    #expect(!faster.isWorse)
    #expect(finding(faster) == .faster)
  }

  @Test func `within a larger threshold it is the same`() throws {
    let comparison = try compare(usual.map { $0 * 1.1 }, threshold: 1.15)
    #expect(!comparison.isWorse)
    #expect(finding(comparison) == .same)
  }

  @Test func `one long run decides nothing`() throws {
    let comparison = try compare([1.0, 1.02, 0.98, 1.01, 3])
    #expect(!comparison.isWorse)
    #expect(finding(comparison) == .undecided)
  }

  @Test func `documents of two sessions are compared apart`() throws {
    let comparison = try compare(usual.map { $0 * 1.2 }, session: "another")
    #expect(comparison.isWorse)
    #expect(comparison.rows.allSatisfy { !$0.isPaired })
    // The order of one's rounds says nothing of the other's then.
    #expect(try compare(usual.reversed(), session: "another").rows.last?.ratio == 1)
  }

  @Test func `another root is worse whatever the time`() throws {
    let comparison = try compare(usual.map { $0 * 0.5 }, root: "bb")
    #expect(comparison.isWorse)
    #expect(comparison.contradictions.count == 1)
  }

  @Test func `another log is not compared`() throws {
    let first = try MeasuredDocument.document(twoWorkers: usual)
    let second = try MeasuredDocument.document(twoWorkers: usual, log: "recorded-2000-1.jsonl.lz4")
    #expect(BenchComparison(first, second, threshold: 1.05, confidence: 0.95).rows.isEmpty)
  }
}
