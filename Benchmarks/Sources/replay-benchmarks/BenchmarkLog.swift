internal import Foundation
internal import LogGeneration

/// A log that is measured.
struct BenchmarkLog {
  /// The word for it in tables.
  let name: String
  let workload: Workload

  init(_ name: String, _ kind: Workload.Kind, dataEntryCount: Int) {
    self.name = name
    workload = Workload(kind, dataEntryCount: dataEntryCount)
  }
}

/// The folder of generated logs: a log is made once, and its name says what it is.
struct LogCache {
  static var usualFolder: String {
    (ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp") + "/eqm-replay-benchmarks"
  }

  let folder: String
  /// Whether a generated log is taken away after it was used.
  let discards: Bool

  /// Runs `body` with the path of `log`, all of whose bytes were just read.
  func with<Value>(_ log: BenchmarkLog, _ body: (String) async throws -> Value) async throws -> Value {
    let path = try path(of: log)
    defer { if discards { try? FileManager.default.removeItem(atPath: path) } }
    try LogCache.warm(path)
    return try await body(path)
  }

  private func path(of log: BenchmarkLog) throws -> String {
    let name = "\(log.workload.name).jsonl"
    let path = "\(folder)/\(name)"
    guard !FileManager.default.fileExists(atPath: path) else { return path }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let start = ContinuousClock.now
    try log.workload.write(name, in: folder)
    let seconds = (ContinuousClock.now - start).seconds
    Notice.show("\(log.name): wrote \(path): \(Quantity.rate(Double(log.workload.dataEntryCount) / seconds)) entries/s")
    return path
  }

  /// Reads a file from end to end, so that a measurement finds it in memory.
  private static func warm(_ path: String) throws {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }
    while let bytes = try file.read(upToCount: 8 << 20), !bytes.isEmpty {}
  }

  /// Bytes that can still be written to the folder's file system.
  func freeBytes() throws -> Int {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder)
    return (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
  }
}
