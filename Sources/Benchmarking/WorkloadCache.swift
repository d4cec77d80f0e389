internal import SystemFiles

/// The folder of generated logs: a log is made once, and its name says what it is.
package struct WorkloadCache: Sendable {
  package let folder: String
  /// Whether a generated log is taken away after it was used.
  private let discards: Bool
  private let generator: MeasuredProgram

  /// - Parameters:
  ///   - generator: the program whose `generate` makes logs.
  ///   - version: of its logs: those of another version are others.
  ///   - discards: whether a generated log is taken away after it was used.
  package init(folder: String, generator: MeasuredProgram, version: String, discards: Bool = false) {
    self.folder = "\(folder)/\(version)"
    self.generator = generator
    self.discards = discards
  }

  /// The folder where nobody names one.
  package static func usualFolder(temporaryFolder: String) -> String { "\(temporaryFolder)/eqm-replay-bench" }

  /// Runs `body` with the path of a log, all of whose bytes were just read: what is measured finds it in memory.
  ///
  /// - Throws: ``BenchFault``; what `body` throws.
  package func withLog<Value>(
    _ workload: NamedWorkload, wakeDescriptor: Int32 = -1, _ body: (String) throws(BenchFault) -> Value
  ) throws(BenchFault) -> Value {
    let path: String
    switch workload.source {
    case .file(let file): path = file
    case .generated(let log): path = try made(log, wakeDescriptor)
    }
    defer { if discards, case .generated = workload.source { FolderContents.remove(path) } }
    do {
      try PageCache.fill(from: path)
    } catch {
      throw .cannotRun(error.description)
    }
    return try body(path)
  }

  private func path(of log: GeneratedLog) -> String { "\(folder)/\(log.fileName)" }

  /// The path of a log, made if it is not there. `generate` publishes it whole or not at all.
  private func made(_ log: GeneratedLog, _ wakeDescriptor: Int32) throws(BenchFault) -> String {
    let path = path(of: log)
    guard !TargetFolder(path: folder).holds(log.fileName) else { return path }
    do {
      try TargetFolder(path: folder).create()
    } catch {
      throw .cannotRun(error.description)
    }
    do throws(BenchFault) {
      _ = try generator.run(log.arguments(output: path), wakeDescriptor: wakeDescriptor)
    } catch {
      // Another benchmark was faster.
      guard case .ended = error, TargetFolder(path: folder).holds(log.fileName) else { throw error }
    }
    return path
  }

}
