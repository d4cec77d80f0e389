internal import GoldenRun
internal import ReplayPipeline
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// The file of `--rejects`: a line for everything that was found wrong with an entry, in log order (`Recovery.md`).
///
/// Written while the log is replayed, by either engine, under a temporary name; memory is that of one batch's lines. It goes with
/// this value unless it was published.
final class FindingsFile: LogSurvey {
  private struct State: ~Copyable {
    var file: TemporaryFile
    /// Nil where findings come in log order: else first those that do, then a run for each partition.
    var runs: LineRuns?
  }

  private let target: TargetFile
  private let state: Mutex<State>

  /// - Parameters:
  ///   - target: checked before.
  ///   - partitions: of which some may be found wrong late; nil where nothing is.
  /// - Throws: `.output`.
  init(_ target: TargetFile, latePartitions partitions: Int?) throws(ReplayFailure) {
    self.target = target
    do throws(FileError) {
      let file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-rejects")
      if let partitions {
        state = Mutex(State(file: file, runs: try LineRuns(count: 1 + partitions, in: target.folder.path)))
      } else {
        state = Mutex(State(file: file, runs: nil))
      }
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  func prepare(_ batch: SurveyedBatch) -> any Sendable { FindingLines(batch.findings) }

  func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let lines = prepared as? FindingLines else { preconditionFailure("a batch was prepared before") }
    try filing { () throws(FileError) in try write(lines, to: 0) }
  }

  func append(late findings: [EntryFinding], of partition: Int) throws(PipelineError) {
    try filing { () throws(FileError) in try write(FindingLines(findings), to: 1 + partition) }
  }

  private func filing(_ work: () throws(FileError) -> Void) throws(PipelineError) {
    do {
      try work()
    } catch {
      throw .output(error)
    }
  }

  /// Appends what a sequential run found in the next entry.
  ///
  /// - Throws: ``FileError``.
  func append(_ step: GoldenReplay.Step, accepting list: AcceptList?) throws(FileError) {
    try write(FindingLines(step.findings(accepting: list)), to: 0)
  }

  private func write(_ lines: FindingLines, to run: Int) throws(FileError) {
    guard !lines.text.isEmpty else { return }
    try state.withLock { (state) throws(FileError) in
      guard state.runs == nil else {
        try state.runs?.append(lines, to: run)
        return
      }
      try state.file.write(lines.text)
    }
  }

  /// Gives the complete file its name.
  ///
  /// - Throws: `.output`.
  func publish() throws(ReplayFailure) {
    do throws(FileError) {
      try state.withLock { (state) throws(FileError) in
        try state.runs?.merge(into: &state.file)
        try state.file.publish(to: target)
      }
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}

/// Lines of findings, in order.
struct FindingLines: Sendable {
  private(set) var text: [UInt8] = []
  private var lines: [(ordinal: Ordinal, end: Int)] = []

  init(_ findings: [EntryFinding]) {
    for finding in findings {
      text += finding.line
      lines.append((finding.ordinal, text.count))
    }
  }

  func forEach(_ body: (Ordinal, ArraySlice<UInt8>) -> Void) {
    var start = 0
    for line in lines {
      body(line.ordinal, text[start..<line.end])
      start = line.end
    }
  }
}
