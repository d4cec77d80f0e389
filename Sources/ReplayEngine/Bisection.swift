internal import DivergenceSearch
internal import GoldenRun
internal import GoldenTrace
internal import LogPacking
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

/// The verb `bisect`: the first entry of a log of which something else became than in a golden run, and why.
///
/// One replay compares every event and checkpoint with the trace and aligns the entries of both sides; the log is read once more
/// up to the place found, for the few entries that decide it, which the golden engine then replays alone.
public struct Bisection: Sendable {
  private let options: ReplayOptions
  private let goldenPath: String
  private let target: ArchiveTarget?
  private let services: Services

  /// - Parameters:
  ///   - golden: path of a golden trace, or of a recorded event log.
  ///   - reproduction: the folder for an archive that shows the same divergence; nil for none.
  ///   - replaces: whether an archive that is there may be replaced.
  public init(
    _ options: ReplayOptions, golden: String, reproduction: String?, replaces: Bool, services: Services
  ) {
    self.options = options
    goldenPath = golden
    target = reproduction.map { ArchiveTarget(path: $0, replaces: replaces) }
    self.services = services
  }

  /// - Throws: `.precondition`, `.log`, `.logChanged`, `.output`.
  public func run() async throws(ReplayFailure) -> Report {
    let options = try options.fitted(services)
    let trace = try options.goldenTrace(goldenPath, services)
    try checkTarget(options)
    if let reproduction = options.archive?.manifest.reproduction {
      guard reproduction.trace == trace.sealDigest.hexadecimal else {
        throw .precondition(
          PreconditionFailure(
            description: "\(options.source.name) reproduces a divergence from another golden trace than \(goldenPath)"))
      }
      return BisectionReport(reproduced: try again(reproduction, options, trace)).report
    }
    // The entries that decide are collected in a second reading.
    services.onPlan(options.copyingSteps + [PlannedStep(.replay, readings: 1), PlannedStep(.load, readings: 1)])
    return try await options.withRereadableLog(services) { (options) throws(ReplayFailure) in
      try await search(options, trace)
    }
  }

  private func checkTarget(_ options: ReplayOptions) throws(ReplayFailure) {
    guard let target else { return }
    guard options.archive?.manifest.reproduction == nil else {
      throw .usage(UsageError(description: "--repro: the log is a reproduction already"))
    }
    // A reproduction may need the whole log.
    try ReplayFailure.checking { () throws(TargetFault) in
      try target.check(log: options.source.path, expectedBytes: options.source.storedBytes ?? 0)
    }
  }

  private func search(_ options: ReplayOptions, _ trace: TraceReader) async throws(ReplayFailure) -> Report {
    let (comparison, finding, run) = try await compared(options, trace)
    var report = BisectionReport(trace, run)
    guard let sighting = comparison.sighting else {
      report.other = comparison.otherDifference
      report.firstEntry = [finding.firstOutcome, finding.parting].compactMap { $0?.logOrdinal }.min()
      return report.report
    }
    var divergence = DivergenceCase(finding, sighting)
    if divergence.isExplained { divergence.entries = try collect(finding, divergence, options) }
    let explanation = try explain(divergence, trace, options)
    report.divergence = explanation
    if let target {
      report.reproduction =
        divergence.precision == .entry && explanation.isShown
        ? try reproduce(divergence, explanation, target, options, trace)
        : try await reproduceWhole(divergence, until: comparison.sightingEnd, target, options)
    }
    return report.report
  }

  /// Replays the log beside the trace, from its start.
  private func compared(
    _ options: ReplayOptions, _ trace: TraceReader
  ) async throws(ReplayFailure) -> (GoldenComparison, DivergenceSurvey.Finding, ReplayRun) {
    let comparison = try options.comparison(with: trace, at: goldenPath, services)
    let survey = DivergenceSurvey(trace) { comparison.seen }
    let run = try await options.replayed(services, comparing: comparison, hashesFile: true, survey: survey)
    _ = comparison.finding(run.result)
    let finding = try ReplayFailure.searching { () throws(SearchError) in
      do throws(TraceError) { return try survey.finding() } catch { throw .trace(error) }
    }
    return (comparison, finding, run)
  }

  private func explain(
    _ divergence: DivergenceCase, _ trace: TraceReader, _ options: ReplayOptions
  ) throws(ReplayFailure) -> DivergenceExplanation {
    try ReplayFailure.searching { () throws(SearchError) in
      try DivergenceExplanation(divergence, trace, options.configuration)
    }
  }

  /// The entries that decide a case.
  private func collect(
    _ finding: DivergenceSurvey.Finding, _ divergence: DivergenceCase, _ options: ReplayOptions
  ) throws(ReplayFailure) -> [RawEntry] {
    let places = [divergence.logOrdinal, divergence.sighting.ordinal].compactMap { $0 }
    let ordinals = finding.context.ordinals(
      with: finding.objectStores + places.filter { $0.value < finding.entryCount })
    var entries: [RawEntry] = []
    try ReplayFailure.reading { () throws(LogError) in
      try EntrySearch.listed(ordinals).forEach(in: options.source, reading: options.reading(services, step: .load)) {
        entries.append($0)
      }
    }
    return entries
  }

  // MARK: Reproduction

  /// Writes the entries of a case, opens what was written, and looks whether it shows the same.
  private func reproduce(
    _ divergence: DivergenceCase, _ explanation: DivergenceExplanation, _ target: ArchiveTarget,
    _ options: ReplayOptions, _ trace: TraceReader
  ) throws(ReplayFailure) -> BisectionReport.Reproduction {
    do {
      try ReproductionWriter.write(divergence, trace, to: target, options.configuration)
    } catch {
      throw ReplayFailure(output: error)
    }
    let written = try options.reading(from: .archive(path: target.folder.path)).fitted(services)
    guard let reproduction = written.archive?.manifest.reproduction else {
      preconditionFailure("a reproduction says what it is")
    }
    let again = try self.again(reproduction, written, trace)
    return BisectionReport.Reproduction(
      path: target.folder.path, entryCount: divergence.entries.count, isWholePrefix: false,
      isEqual: again.differs && again.comparable == explanation.comparable)
  }

  /// What a reproduction shows.
  private func again(
    _ reproduction: ArchiveReproduction, _ options: ReplayOptions, _ trace: TraceReader
  ) throws(ReplayFailure) -> DivergenceExplanation {
    var entries: [RawEntry] = []
    try ReplayFailure.reading { () throws(LogError) in
      var reader = try LogReader(options.source, options: options.reading(services, step: .load))
      while let entry = try reader.next() { entries.append(entry) }
    }
    let divergence = DivergenceCase(reproduction, entries: entries) { text in
      guard let (value, fault) = try? JSONReader.read(Array(text.utf8)), fault == nil else { return nil }
      return value
    }
    return try explain(divergence, trace, options)
  }

  /// Some entries alone do not show it: it takes everything up to where the difference shows. Replays that, and looks whether it
  /// does.
  private func reproduceWhole(
    _ divergence: DivergenceCase, until end: Ordinal?, _ target: ArchiveTarget, _ options: ReplayOptions
  ) async throws(ReplayFailure) -> BisectionReport.Reproduction {
    let stopped = end.map { options.stopping(before: $0.value + 1) } ?? options
    let survey = try PackSurvey(target, PackingOptions(), options.configuration)
    let result = try await stopped.surveyed(by: survey, services)
    _ = try survey.publish()
    let written = try options.reading(from: .archive(path: target.folder.path)).fitted(services)
    // A trace hands out its ids once: it is opened anew.
    let (comparison, finding, _) = try await compared(written, written.goldenTrace(goldenPath, services))
    let again = comparison.sighting.map { DivergenceCase(finding, $0) }
    return BisectionReport.Reproduction(
      path: target.folder.path, entryCount: Int(result.extent.entries), isWholePrefix: true,
      isEqual: again?.isSamePlace(as: divergence) ?? false)
  }
}

extension DivergenceCase {
  /// What a search found, entries still to be collected.
  fileprivate init(_ finding: DivergenceSurvey.Finding, _ sighting: Sighting) {
    if let parting = finding.parting {
      self.init(
        precision: .entry, logOrdinal: parting.logOrdinal, goldenOrdinal: parting.goldenOrdinal,
        logOutcome: parting.logOutcome, sighting: sighting, entries: [])
      return
    }
    self.init(
      precision: sighting.precision, logOrdinal: sighting.ordinal, goldenOrdinal: nil, sighting: sighting, entries: [])
  }

  /// Whether another log parts from the trace at the same place.
  fileprivate func isSamePlace(as other: DivergenceCase) -> Bool {
    precision == other.precision && logOrdinal == other.logOrdinal && goldenOrdinal == other.goldenOrdinal
      && logOutcome == other.logOutcome
  }

  /// Whether some entries decide what is seen.
  fileprivate var isExplained: Bool { precision == .entry || precision == .event }
}

extension ReplayFailure {
  /// Searches; its errors become failures.
  fileprivate static func searching<Value>(_ work: () throws(SearchError) -> Value) throws(ReplayFailure) -> Value {
    do {
      return try work()
    } catch {
      switch error {
      case .log(let error): throw ReplayFailure(error)
      case .trace(let error): throw .precondition(PreconditionFailure(description: error.description))
      }
    }
  }
}
