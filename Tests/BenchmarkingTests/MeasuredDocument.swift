import Benchmarking
import StorageProtocol

/// A document as a measurement leaves it, with times that are given.
enum MeasuredDocument {
  static let stages = [("read", 0.1), ("derive", 0.75)]

  /// The text of a result of `replay`.
  static func result(seconds: Double, root: String = "aa", rejected: Int = 0) -> [UInt8] {
    let stages = stages.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
    return Array(
      """
      {"entries":{"total":1000,"rejected":\(rejected),"diverged":0},"commitment":{"state_root":"\(root)"},
       "run":{"seconds":\(seconds),"hashed_bytes":5000,"permutations":2000,"peak_memory_bytes":9000000,"stages":{\(stages)}}}
      """.utf8)
  }

  static func series(_ contender: Contender, _ seconds: [Double]) throws -> BenchSeries {
    BenchSeries(
      contender,
      try seconds.enumerated().map { round, seconds in
        let run = MeasuredRun(
          command: "replay", output: result(seconds: seconds), elapsed: .seconds(seconds),
          processorTime: .seconds(2 * seconds), peakMemoryBytes: 1)
        return BenchSample(round: round, try BenchedReplay(run))
      })
  }

  /// A document of one log: golden, one worker, two workers.
  static func document(
    twoWorkers: [Double], session: String = "s", root: String = "aa", name: String = "recorded",
    log: String = "recorded-1000-1.jsonl.lz4"
  ) throws -> BenchDocument {
    let workload = BenchedWorkload(
      name: name, log: log, entryCount: 1000, bytes: 4_000_000, stateRoot: root, messageBytes: 600,
      limits: twoWorkers.indices.map {
        LimitSample(round: $0, permutationsPerSecond: 10_000, decompressionSeconds: 0.25, scanSeconds: 0.05)
      },
      series: [
        try series(.golden, [20]), try series(Contender(workers: 1), twoWorkers.map { $0 * 2 }),
        try series(Contender(workers: 2), twoWorkers),
      ])
    return BenchDocument(
      program: .init(path: "/bin/eqm-replay", version: "eqm-replay 0.7.0", revision: nil, sha256: "00"),
      machine: .init(host: "host", system: "Linux", processor: "a processor", cores: 2), command: "bench run recorded",
      started: "2026-11-27T00:00:00.000000Z", session: session, runs: twoWorkers.count, workloads: [workload])
  }
}
