internal import Benchmarking
internal import SystemFiles

/// What `bench run` is told, as typed.
public struct BenchArguments: Sendable {
  public var workloads: [String]
  /// Programs to measure, at most two; this one where none is named.
  public var programs: [String] = []
  /// The log that `vm-trace` is.
  public var trace = BenchArguments.usualTrace
  public var scale = 1.0
  public var runs = 5
  /// Of the contender that has all of them; as many as there are processors if not given.
  public var workers: Int?
  /// Of the documents, one a program.
  public var outputs: [String] = []
  /// Of the JSON that github-action-benchmark reads.
  public var github: String?
  public var cache: String?
  public var discard = false
  public var markdown = false
  public var force = false
  /// The command line, for the document.
  public var command = ""

  public static let usualTrace = "fixtures/vm-trace.jsonl.lz4"
  /// For the help.
  public static var workloadNames: String { NamedWorkload.names.joined(separator: ", ") }

  private static let runsMax = 1000
  private static let workersMax = 1024
  private static let scaleMax = 10.0

  public init(workloads: [String]) { self.workloads = workloads }

  /// The logs to measure, in the order in which they were asked for.
  ///
  /// - Throws: `.usage`.
  func checkedWorkloads() throws(ReplayFailure) -> [NamedWorkload] {
    var found: [NamedWorkload] = []
    for name in workloads {
      let logs = NamedWorkload.named(name, trace: trace, scale: scale)
      guard !logs.isEmpty else {
        throw ReplayOptions.usage("a workload is one of \(BenchArguments.workloadNames), not \(name)")
      }
      found += logs.filter { !found.contains($0) }
    }
    return found
  }

  /// - Throws: `.usage`.
  func check() throws(ReplayFailure) {
    guard scale > 0, scale <= BenchArguments.scaleMax else {
      throw ReplayOptions.usage("--scale is above 0 and at most \(Int(BenchArguments.scaleMax))")
    }
    guard (1...BenchArguments.runsMax).contains(runs) else {
      throw ReplayOptions.usage("--runs is a number from 1 to \(BenchArguments.runsMax)")
    }
    guard (1...BenchArguments.workersMax).contains(workers ?? 1) else {
      throw ReplayOptions.usage("--workers is a number from 1 to \(BenchArguments.workersMax)")
    }
    guard programs.count <= 2 else { throw ReplayOptions.usage("--program: two programs can be measured by turns") }
    guard outputs.isEmpty || outputs.count == max(1, programs.count) else {
      throw ReplayOptions.usage("-o: as many documents as programs")
    }
    guard github == nil || programs.count < 2 else {
      throw ReplayOptions.usage("--github is of one program; of two, bench compare writes it")
    }
  }
}
