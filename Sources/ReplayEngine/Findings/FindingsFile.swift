internal import GoldenRun
internal import LogReading
internal import ReplayPipeline
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// The file of `--rejects`: a line for everything that was found wrong with an entry, in log order (`Recovery.md`).
///
/// Written while the log is replayed, by either engine, under a temporary name; memory is that of one batch's lines. It goes with
/// this value unless it was published.
final class FindingsFile: LogSurvey {
  private let target: TargetFile
  private let file: Mutex<TemporaryFile>

  /// - Parameter target: checked before.
  /// - Throws: `.output`.
  init(_ target: TargetFile) throws(ReplayFailure) {
    self.target = target
    do {
      file = Mutex(try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-rejects"))
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  func prepare(_ batch: SurveyedBatch) -> any Sendable { batch.findings.flatMap(\.line) }

  func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let lines = prepared as? [UInt8] else { preconditionFailure("a batch was prepared before") }
    try PipelineError.filing { () throws(FileError) in try write(lines) }
  }

  /// Appends what a sequential run found in the next entry.
  ///
  /// - Throws: ``FileError``.
  func append(_ step: GoldenReplay.Step, accepting list: AcceptList?) throws(FileError) {
    try write(step.findings(accepting: list).flatMap(\.line))
  }

  /// Gives the complete file its name.
  ///
  /// - Throws: `.output`.
  func publish() throws(ReplayFailure) {
    do throws(FileError) {
      let isPublished = try file.withLock { (file) throws(FileError) in
        try file.publish(as: target.name, replaces: target.replaces)
      }
      guard isPublished else { throw FileError(.publish, target.path, errno: FileError.exists) }
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  private func write(_ lines: [UInt8]) throws(FileError) {
    guard !lines.isEmpty else { return }
    try file.withLock { (file) throws(FileError) in try file.write(lines) }
  }
}

extension TargetFile {
  /// The file that `--rejects` names; nil where it is not given.
  ///
  /// - Throws: `.usage` for options under which not every finding comes by, or not in log order.
  init?(findings arguments: ReplayArguments) throws(ReplayFailure) {
    guard let path = arguments.rejects else { return nil }
    guard !arguments.resume else {
      throw ReplayOptions.usage("--rejects lists what is found from the log's start on: leave --resume out")
    }
    guard arguments.memoryLimit == nil else {
      throw ReplayOptions.usage(
        "--rejects lists divergences in log order, and some are found late under --memory-limit: leave one of them out")
    }
    self.init(path: path, replaces: arguments.force)
  }
}

extension ReplayOptions {
  /// Checks, before any work, that the file of `--rejects` can be written and stands in nobody's place.
  ///
  /// - Throws: `.precondition`.
  func checkFindingsTarget() throws(ReplayFailure) {
    guard let findingsTarget else { return }
    try ReplayFailure.checking { () throws(TargetFault) in try findingsTarget.check(log: source.path) }
  }
}
