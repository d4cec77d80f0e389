internal import Benchmarking

/// What `bench gate` is told, as typed.
public struct GateArguments: Sendable {
  /// Path of the baseline.
  public var baseline: String
  /// Path of the program that is gated; nil for this one.
  public var program: String?
  /// Whether the baseline is written and not compared with.
  public var records = false
  /// Whether a baseline that is there may be replaced.
  public var force = false
  /// A decimal from 1.
  public var threshold = "1.05"
  /// Entries of each log.
  public var logEntries = 10_000
  /// Names of logs; empty for all.
  public var workloads: [String] = []
  /// Whether processor times of one and two workers are compared.
  public var comparesWorkers = true
  /// The folder of generated logs; nil for the usual one.
  public var cache: String?
  /// Path of the file that github-action-benchmark reads; nil for none.
  public var chart: String?
  /// Instructions planted in stages, each `STAGE=INSTRUCTIONS`, an entry.
  public var planted: [String] = []

  /// The logs that can be named.
  public static let workloadNames = NamedWorkload.gatedNames

  public init(baseline: String) { self.baseline = baseline }
}
