/// A way to replay a log, whose time is compared with that of others.
package struct Contender: Hashable, Sendable {
  /// Nil for the sequential engine.
  package let workers: Int?
  /// Whether SHA3-256 may be computed four messages at a time.
  package let usesSIMD: Bool

  /// The sequential engine, which every other is checked against.
  package static let golden = Contender(workers: nil)

  package init(workers: Int?, usesSIMD: Bool = true) {
    self.workers = workers
    self.usesSIMD = usesSIMD
  }

  /// The sequential engine, one worker, all workers, and one worker without SIMD.
  package static func all(workers: Int) -> [Contender] {
    let several = workers > 1 ? [Contender(workers: workers)] : []
    return [.golden, Contender(workers: 1)] + several + [Contender(workers: 1, usesSIMD: false)]
  }

  /// The word for it in tables and documents: `golden`, `1 worker`, `2 workers`, `1 worker, SIMD off`.
  package var name: String {
    guard let workers else { return "golden" }
    return "\(workers) \(workers == 1 ? "worker" : "workers")\(usesSIMD ? "" : ", SIMD off")"
  }

  /// Options of `replay`.
  var options: [String] { workers.map { ["--workers=\($0)"] } ?? ["--sequential"] }
}
