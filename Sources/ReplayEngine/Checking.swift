internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol
internal import Synchronization

/// The verb `check`: integrity and completeness of a log without replaying it.
///
/// Of an archive: manifest, sums, chain, frames, ordinals, event ids and referenced contents; `quick` compares files with their
/// sums only, without decompressing them. Of any other log: its form, and event ids.
public struct Checking: Sendable {
  private let options: ReplayOptions
  private let isQuick: Bool
  private let services: Services

  public init(_ options: ReplayOptions, quick: Bool, services: Services) {
    self.options = options
    isQuick = quick
    self.services = services
  }

  /// - Throws: `.log` for a log that is damaged or cannot be read; `.usage` for a quick look at a log without sums.
  public func run() async throws(ReplayFailure) -> Report {
    try options.checkIsLog()
    guard options.source.isArchive else {
      guard !isQuick else {
        throw .usage(
          UsageError(description: "--quick compares an archive's files with their sums; a plain log has none"))
      }
      return try await full(options, nil)
    }
    let options = try options.fitted(services)
    guard let archive = options.archive else { preconditionFailure("an archive was opened") }
    guard isQuick else { return try await full(options, archive) }
    try await verify(archive, archive.allFiles, options)
    return report(nil, nil, archive)
  }

  private func full(_ options: ReplayOptions, _ archive: LogArchive?) async throws(ReplayFailure) -> Report {
    services.onPlan([PlannedStep(.load, readings: 1)])
    let survey = CheckSurvey()
    let result = try await options.surveyed(by: survey, services)
    if let archive { try await verify(archive, archive.packFiles, options) }
    return report(result, survey.eventIDs.load(ordering: .relaxed), archive)
  }

  /// Compares files with their sums, side by side.
  private func verify(
    _ archive: LogArchive, _ files: [ArchiveFile], _ options: ReplayOptions
  ) async throws(ReplayFailure) {
    let reading = options.reading(services, step: .load)
    let workers = options.parallelism?.workers ?? 1
    let outcomes = await withTaskGroup(of: (Int, LogError?).self) { group in
      var outcomes = [LogError?](repeating: nil, count: files.count)
      var next = 0
      while next < min(workers, files.count) {
        group.addTask { [next] in (next, archive.damage(of: files[next], options: reading)) }
        next += 1
      }
      while let (place, damage) = await group.next() {
        outcomes[place] = damage
        guard next < files.count else { continue }
        group.addTask { [next] in (next, archive.damage(of: files[next], options: reading)) }
        next += 1
      }
      return outcomes
    }
    if let first = outcomes.compactMap({ $0 }).first { throw ReplayFailure(first) }
  }

  // MARK: Report

  private func report(_ result: SurveyResult?, _ eventIDs: Int?, _ archive: LogArchive?) -> Report {
    let counts = result?.counts
    let isDegraded = counts.map { $0.rejected + $0.unsupported > 0 } ?? false
    let json = JSONValue.members([
      "schema": .text("eqm-replay/check/1"), "sound": .boolean(true), "quick": .boolean(isQuick),
      "integrity": .text(archive == nil ? "none: a plain log carries no sums" : "sha256"),
      "manifest_covered": archive.map { .boolean($0.coversManifest) } ?? .null,
      "sha256": archive.map { .hexadecimal($0.sha256) } ?? .null,
      "completeness": archive.map { Checking.completeness($0, result) } ?? .null,
      "entries": counts.map { .object($0.json) } ?? .null,
      "event_ids_verified": eventIDs.map(JSONValue.integer) ?? .null,
      "rejects": .array(result?.rejects.items.map { .object($0.json) } ?? []),
      "rejects_omitted": .integer(result?.rejects.omittedCount ?? 0),
    ])
    let typed = TypedReplay(options)
    return Report(
      status: isDegraded ? .degraded : .done, json: json, text: lines(result, eventIDs, archive),
      next: isDegraded ? "\(Program.name) replay \(typed.entries) --rejects rejects.jsonl" : nil)
  }

  private static func completeness(_ archive: LogArchive, _ result: SurveyResult?) -> JSONValue {
    let declared = DeclaredExtent(archive.manifest)
    return .members([
      "segments": .integer(declared.segments), "frames": .integer(declared.frames), "packs": .integer(declared.packs),
      "stored_bytes": .integer(declared.storedBytes + declared.packBytes), "raw_bytes": .integer(declared.rawBytes),
      "entries_expected": .integer(declared.entries),
      "entries_found": result.map { .integer($0.extent.entries) } ?? .null,
    ])
  }

  private func lines(_ result: SurveyResult?, _ eventIDs: Int?, _ archive: LogArchive?) -> [String] {
    var lines = [ResultText.row("check", isQuick ? "sound (sums only)" : "sound")]
    if let archive {
      let manifest = archive.manifest
      lines += [
        ResultText.row("archive", archive.sha256.hexadecimal),
        ResultText.row(
          "segments", "\(manifest.segments.count), \(manifest.frameCount) frames, \(manifest.packs.count) packs"),
        ResultText.row("entries", "\(manifest.entryCount) declared"),
      ]
      if !archive.coversManifest { lines.append(ResultText.row("manifest", "SHA256SUMS does not name it")) }
    }
    if let result {
      lines += [
        ResultText.row(
          "entries", "\(result.counts.total) found, of which a replay rejects \(result.counts.rejected) by themselves"),
        ResultText.row("event ids", "\(eventIDs ?? 0) verified, of STOREs and proofs"),
      ]
    }
    return lines
  }
}

/// Counts event ids that were verified.
private final class CheckSurvey: LogSurvey {
  let eventIDs = Atomic(0)

  func prepare(_ batch: SurveyedBatch) -> any Sendable { batch.verifiedIDCount }

  func append(_ prepared: any Sendable) throws(PipelineError) {
    eventIDs.add(prepared as? Int ?? 0, ordering: .relaxed)
  }
}
