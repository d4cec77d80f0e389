internal import ContentRestore
internal import LogReading
internal import ReplayPipeline
internal import StorageProtocol

/// The log that contents come from: any, and an archive although packs of it are damaged or missing.
struct RestoredLog: Sendable {
  var options: ReplayOptions
  /// Where the files of an archive are; nil for any other log.
  private let map: SalvageMap?
  /// Packs that are not what the archive's manifest says.
  let damagedPacks: [String]

  /// Opens an archive's manifest, and reads its packs for their digests; of a salvage, its segments too.
  ///
  /// - Throws: `.log` for an archive whose manifest, or outside of a salvage a segment, cannot be used.
  init(_ options: ReplayOptions, _ services: Services) async throws(ReplayFailure) {
    self.options = options
    guard case .archive(let path) = options.source else {
      map = nil
      damagedPacks = []
      return
    }
    let reading = RestoredLog.reading(options, nil, services, .prepare)
    do throws(LogError) {
      let archive = try LogArchive(path: path, options: reading)
      let map = try await SalvageMap(archive, options: reading, workers: options.parallelism?.workers ?? 1)
      self.map = map
      damagedPacks = map.damagedPacks(of: archive)
      self.options = options.fitting(archive)
    } catch {
      throw ReplayFailure(error)
    }
  }

  private static func reading(
    _ options: ReplayOptions, _ map: SalvageMap?, _ services: Services, _ step: RunStep
  ) -> LogReadingOptions {
    var reading = options.reading(services, step: step)
    reading.losesContents = true
    reading.salvageMap = map
    return reading
  }

  private var parallelism: Parallelism {
    guard let parallelism = options.parallelism else { preconditionFailure("contents are restored in parallel") }
    return parallelism
  }

  var workers: Int { parallelism.workers }

  /// Replays the log; `survey` is shown every batch.
  ///
  /// - Throws: `.log`.
  func replayed(by survey: StoreSurvey, _ services: Services) async throws(ReplayFailure) -> ParallelReplay {
    let reading = RestoredLog.reading(options, map, services, .replay)
    return try await ReplayFailure.replaying { () throws(PipelineError) in
      try await ReplayPipeline.replay(
        options.source, options.parallel(parallelism, services), reading: reading, survey: survey)
    }
  }

  /// Reads the log again, up to the last STORE that is needed.
  ///
  /// - Throws: `.log`, `.output`.
  func write(by writing: ContentWriting, _ services: Services) async throws(ReplayFailure) {
    var parallel = options.parallel(parallelism, services)
    // A stop compares a segment's digest, which of a salvage may not hold.
    parallel.stop = options.salvages ? .end : .before(writing.endOrdinal)
    let reading = RestoredLog.reading(options, map, services, .load)
    _ = try await ReplayFailure.replaying { [parallel] () throws(PipelineError) in
      try await ReplayPipeline.survey(options.source, parallel, reading: reading, by: writing)
    }
  }
}
