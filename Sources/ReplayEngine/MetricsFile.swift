internal import GoldenRun
internal import LogReading
internal import ReplayEvidence
internal import ReplayMetrics
internal import StorageProtocol
internal import SystemFiles

/// Where a drill leaves its metrics: a file for node_exporter's textfile collector, replaced by every run.
struct MetricsFile {
  /// A page has a few kilobytes.
  private static let pageBytesMax = 1 << 20
  private static let labelBytesMax = 100

  let file: TargetFile
  private let label: String
  /// Nil where no metrics are asked for.
  ///
  /// - Throws: `.usage`; `.precondition` for a file that cannot be written, or must not be replaced: one that is no page of this
  ///   target.
  init?(_ path: String?, label: String, log: LogSource) throws(ReplayFailure) {
    try MetricsFile.check(label: label)
    guard let path else { return nil }
    let file = TargetFile(path: path, replaces: true)
    try ReplayFailure.checking { () throws(TargetFault) in try file.check(log: log.path) }
    self.file = file
    self.label = label
    // Found before any work; what it says is looked up where the page is replaced.
    _ = try MetricsFile.earlier(file, label)
  }

  /// - Throws: `.usage` for what is no name of a target.
  static func check(label: String) throws(ReplayFailure) {
    guard !label.isEmpty, label.utf8.count <= labelBytesMax else {
      throw ReplayOptions.usage("the name of a target has at most \(labelBytesMax) bytes, and at least one")
    }
  }

  private static func earlier(_ file: TargetFile, _ label: String) throws(ReplayFailure) -> EarlierPage? {
    guard file.folder.holds(file.name) else { return nil }
    let bytes: [UInt8]
    do {
      bytes = try BoundedFile.read(file.path, bytesMax: pageBytesMax)
    } catch {
      throw failed("\(error): the time of the last success could not be carried over")
    }
    do {
      return try EarlierPage(bytes, target: label)
    } catch {
      switch error {
      case .foreign(let line):
        throw failed("line \(line) of \(file.path) is none of a metrics page: choose another file, or remove it")
      case .otherTarget:
        throw failed("\(file.path) has the metrics of another --target: every target needs a file of its own")
      }
    }
  }

  private static func failed(_ sentence: String) -> ReplayFailure {
    .precondition(PreconditionFailure(description: sentence))
  }

  /// A run of this target that has found nothing yet.
  func run(_ options: ReplayOptions) -> LastRun {
    LastRun(target: label, archive: options.source.name, threshold: options.threshold)
  }

  /// Replaces the page by that of a run that came to a report.
  ///
  /// - Returns: the report; where the page could not be written, with the status that wins.
  func write(_ run: inout LastRun, _ report: Report, at time: TimeOfDay, after elapsed: Duration) -> Report {
    run.end(report.status, at: time, after: elapsed)
    do {
      try write(run)
      return report
    } catch {
      return report.adding(problem: MetricsFile.sentence(error), status: .evidenceFailed)
    }
  }

  /// Replaces the page by that of a run that failed: unless it was interrupted, or misused, in which case nothing is known of the
  /// target that was not known before.
  ///
  /// - Returns: the failure.
  func write(
    _ run: inout LastRun, _ failure: ReplayFailure, _ services: Services, after elapsed: Duration
  ) -> ReplayFailure {
    let status = failure.status(whenInterrupted: .interrupted)
    guard !failure.isInterruption, status != .usage else { return failure }
    run.end(status, at: services.now(), after: elapsed)
    do {
      try write(run)
      return failure
    } catch {
      return .also(failure, problem: MetricsFile.sentence(error))
    }
  }

  private static func sentence(_ failure: ReplayFailure) -> String { "the metrics could not be written: \(failure)" }

  /// - Throws: `.precondition` where the earlier page is none, or another target's, by now; `.output`. It is still there then.
  private func write(_ run: LastRun) throws(ReplayFailure) {
    var run = run
    // Another drill of the target may have ended meanwhile.
    if let earlier = try MetricsFile.earlier(file, label) {
      run.unequalBefore = earlier.unequal
      // A time to come is none: it would hide every drill that is overdue.
      run.successBefore = earlier.lastSuccess.flatMap {
        (Double($0) ?? .infinity) <= (Double(run.ended) ?? 0) ? $0 : nil
      }
    }
    let page = MetricsPage(run.families + [Program.buildInformation.family])
    do throws(FileError) {
      var pending = try TemporaryFile(in: file.folder.path, prefix: "eqm-replay-metrics")
      try pending.write(Array(page.text.utf8))
      try pending.publish(to: file)
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}

extension LastRun {
  mutating func end(_ status: ExitStatus, at time: TimeOfDay, after elapsed: Duration) {
    exitStatus = status.rawValue
    ended = time.unixSeconds
    self.elapsed = elapsed
  }

  /// Adds what a drill found.
  mutating func add(_ drilled: Drill.Drilled) {
    let evidence = drilled.evidence
    verdict = evidence.verdict.rawValue
    steps = drilled.facts.steps
    guard case .replayed(let run, let counterparts) = drilled.finding, case .replayed(let document) = evidence.finding
    else { return }
    replayed = Replayed(
      document: document, workers: run.workers, divergentObjects: run.observed?.divergentObjects,
      goldenRoot: evidence.goldenTrace?.stateRoot ?? counterparts.sequential?.roots.state,
      archiveBytes: evidence.archive.bytes)
  }
}

extension Program {
  static var buildInformation: BuildInformation {
    BuildInformation(version: version, revision: revision, swiftVersion: swiftVersion)
  }
}
