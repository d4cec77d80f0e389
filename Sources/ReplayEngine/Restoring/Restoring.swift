internal import ContentRestore
internal import EpochMerge
internal import LogReading
internal import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

/// The verb `restore`: the contents back (Restore.md).
///
/// A replay says which STORE wrote what exists in the end; then the log is read again, and every such content is written as its
/// STORE comes by. What is there already is verified, and only what is missing or wrong is written.
public struct Restoring: Sendable {
  private let options: ReplayOptions
  private let selection: RestoreSelection
  private let target: RestoreTarget
  private let services: Services

  /// - Throws: `.usage`.
  public init(_ options: ReplayOptions, _ arguments: RestoreArguments, services: Services) throws(ReplayFailure) {
    self.options = options
    selection = try RestoreSelection(arguments)
    target = RestoreTarget(path: arguments.output, replaces: arguments.force)
    self.services = services
  }

  /// - Throws: `.precondition`, `.log`, `.output`, `.logChanged`; what was given back until then stays, without a manifest.
  public func run() async throws(ReplayFailure) -> Report {
    let clock = StepClock()
    try options.checkIsLog()
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: options.source.path) }
    services.onPlan(
      options.copyingSteps + [
        PlannedStep(.replay, readings: 1), PlannedStep(.verify, readings: 0), PlannedStep(.load, readings: 1),
      ])
    let source = try await RestoredLog(options, services)
    return try await source.options.withRereadableLog(services) { (options) throws(ReplayFailure) in
      var source = source
      source.options = options
      return try await restore(from: source, clock)
    }
  }

  private func restore(from source: RestoredLog, _ clock: StepClock) async throws(ReplayFailure) -> Report {
    var clock = clock
    let (sha256, identity) = try identity(of: source)
    var lock: FolderLock?
    try ReplayFailure.checking { () throws(TargetFault) in
      let held = try target.lock()
      lock = try target.resumes(identity) ? held : nil
    }
    let survey = StoreSurvey(selection)
    let replay = try await clock.measure(.replay, services) { () async throws(ReplayFailure) in
      try await source.replayed(by: survey, services)
    }
    let findings = survey.take()
    let items = RestoreItem.all(of: findings.sortedHistories, selection, source.options.configuration.constants)
    let recovery = RestoreReport.Recovery(replay: replay, findings: findings, damagedPacks: source.damagedPacks)
    var report = RestoreReport(
      source: source, logDigest: sha256, selection: selection, target: target, items: items, recovery: recovery)
    guard report.isFound else { return report.notFound(clock) }
    let found = try await clock.measure(.verify, services) { () async throws(ReplayFailure) in
      lock == nil ? items.map { _ in .absent } : try await find(items, source)
    }
    report.outcomes = zip(items, found).map { RestoreOutcome($0, found: $1) }
    lock = try open(identity, lock, report)
    try await clock.measure(.load, services) { () async throws(ReplayFailure) in
      try await write(report, found, from: source)
    }
    withExtendedLifetime(lock) {}
    return report.finished(clock)
  }

  // MARK: What is there

  /// What a target is a restore of: everything that decides what its files are.
  private func identity(of source: RestoredLog) throws(ReplayFailure) -> (sha256: Digest, document: [UInt8]) {
    let options = source.options
    let sha256 = try ReplayFailure.reading { () throws(LogError) in
      try LogReader.storedIdentity(of: options.source, options: options.reading(services, step: .prepare)).sha256
    }
    let json = JSONValue.members([
      "schema": .text(RestoreTarget.schema), "log_sha256": .hexadecimal(sha256),
      "constants": options.configuration.constants.json, "profile": .text(options.configuration.profile.rawValue),
      "max_content_size": .integer(options.configuration.contentBytesMax), "stop": options.stop.json,
      "selection": selection.json,
    ])
    return (sha256, JSONFormat.indented.encode(json) + [UInt8(ascii: "\n")])
  }

  /// What is in the place of each item, looked at side by side.
  private func find(_ items: [RestoreItem], _ source: RestoredLog) async throws(ReplayFailure) -> [RestoredFile] {
    try ReplayFailure.checking { () throws(TargetFault) in try target.checkFolders(of: items) }
    let (root, constants) = (target.folder.path, source.options.configuration.constants)
    let workers = source.workers
    let isInterrupted = services.isInterrupted
    let parts = await withTaskGroup(of: (Int, [RestoredFile]).self) { group in
      for worker in 0..<workers {
        group.addTask {
          let places = stride(from: worker, to: items.count, by: workers)
          return (
            worker,
            places.map { isInterrupted() ? .absent : RestoredFile.find(items[$0], in: root, constants) }
          )
        }
      }
      var parts = [[RestoredFile]](repeating: [], count: workers)
      for await (worker, part) in group { parts[worker] = part }
      return parts
    }
    guard !isInterrupted() else { throw ReplayFailure(LogError(.interrupted)) }
    return items.indices.map { parts[$0 % workers][$0 / workers] }
  }

  // MARK: Writing

  /// Checks that there is room for what is missing, and makes the folder ready.
  private func open(
    _ identity: [UInt8], _ held: FolderLock?, _ report: RestoreReport
  ) throws(ReplayFailure) -> FolderLock {
    do throws(TargetFault) {
      try target.checkRoom(for: report.bytesOnDisk)
      return try target.open(identity, held)
    } catch {
      throw ReplayFailure(error)
    }
  }

  private func write(
    _ report: RestoreReport, _ found: [RestoredFile], from source: RestoredLog
  ) async throws(ReplayFailure) {
    let items = report.items
    let places = items.indices.filter { report.outcomes[$0].isToBeWritten }
    try filing { () throws(FileError) in
      let wrong = items.indices.filter { found[$0] == .different }
      if !places.isEmpty || !wrong.isEmpty { target.removeManifest() }
      for place in wrong { target.remove(items[place]) }
      try target.makeFolders(of: places.map { items[$0] })
    }
    if !places.isEmpty {
      let writing = ContentWriting(items, places: places, to: target)
      try await source.write(by: writing, services)
      guard writing.isComplete else { throw .logChanged }
    }
    try filing { () throws(FileError) in
      try target.finish(items, report.outcomes, lostBehind: report.recovery.lostBehind)
    }
  }

  private func filing(_ work: () throws(FileError) -> Void) throws(ReplayFailure) {
    do {
      try work()
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}
