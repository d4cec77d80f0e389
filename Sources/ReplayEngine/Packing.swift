internal import LogPacking
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// What `pack` is told besides the log, as typed.
public struct PackArguments: Sendable {
  /// The archive's folder.
  public var output: String
  public var level = 1
  /// Bytes with an optional unit.
  public var segmentBytes = "256MiB"
  /// Whether an archive that is there may be replaced.
  public var force = false

  public init(output: String) { self.output = output }
}

/// The verb `pack`: any accepted log becomes an archive (archive.md).
///
/// The log goes through the stages up to derive, so that what a replay would reject is known, and kept as it is.
public struct Packing: Sendable {
  private let options: ReplayOptions
  private let target: ArchiveTarget
  private let packing: PackingOptions
  private let services: Services

  /// - Throws: `.usage`.
  public init(_ options: ReplayOptions, _ arguments: PackArguments, services: Services) throws(ReplayFailure) {
    self.options = options
    target = ArchiveTarget(path: arguments.output, replaces: arguments.force)
    packing = try PackingOptions(arguments)
    self.services = services
  }

  /// - Throws: `.precondition`, `.log`, `.output`; no archive is left then.
  public func run() async throws(ReplayFailure) -> Report {
    // Contents move whatever limit a replay has.
    let options = try options.fitted(services).withoutContentLimit
    try ReplayFailure.checking { () throws(TargetFault) in
      // Twice as much must be free: LZ4 makes no log longer than it is, but by its frames.
      try target.check(log: options.source.path, expectedBytes: (options.source.storedBytes ?? 0) / 2)
    }
    services.onPlan([PlannedStep(.load, readings: 1)])
    let survey = try PackSurvey(target, packing, options.configuration)
    let result = try await options.surveyed(by: survey, services)
    let (manifest, sha256) = try survey.publish()
    return report(result, manifest, sha256)
  }

  private func report(_ result: SurveyResult, _ manifest: ArchiveManifest, _ sha256: Digest) -> Report {
    let json = JSONValue.members([
      "schema": .text("eqm-replay/pack/1"), "archive": .text(target.folder.path), "sha256": .hexadecimal(sha256),
      "entries": .object(result.counts.json), "segments": .integer(manifest.segments.count),
      "frames": .integer(manifest.frameCount), "raw_bytes": .integer(manifest.rawBytes),
      "segment_bytes": .integer(manifest.segmentBytes), "packs": .integer(manifest.packs.count),
      "pack_bytes": .integer(manifest.packBytes),
    ])
    return Report(
      status: .done, json: json,
      text: [
        ResultText.row("archive", target.folder.path), ResultText.row("sha256", sha256.hexadecimal),
        ResultText.row("entries", "\(manifest.entryCount), of which \(result.counts.rejected) a replay rejects"),
        ResultText.row(
          "segments", "\(manifest.segments.count), \(manifest.frameCount) frames, \(manifest.segmentBytes) bytes"),
        ResultText.row("packs", "\(manifest.packs.count), \(manifest.packBytes) bytes"),
        ResultText.row("log", "\(manifest.rawBytes) bytes"),
      ])
  }
}

extension PackingOptions {
  fileprivate init(_ arguments: PackArguments) throws(ReplayFailure) {
    self.init()
    try FrameEncoder.check(level: arguments.level)
    guard let bytes = ByteSize(arguments.segmentBytes)?.bytes, bytes > 0 else {
      throw .usage(UsageError(description: "--segment-bytes is a number of bytes such as 64MiB or 1GiB"))
    }
    level = arguments.level
    segmentBytes = bytes
  }
}

extension FrameEncoder {
  /// - Throws: `.usage`.
  static func check(level: Int) throws(ReplayFailure) {
    guard levels.contains(level) else {
      throw .usage(UsageError(description: "--level is a number from 0 to \(levels.upperBound)"))
    }
  }
}

/// Packs batch by batch.
final class PackSurvey: LogSurvey {
  private let encoder: FrameEncoder
  private let writer: Mutex<ArchiveWriter?>

  init(
    _ target: ArchiveTarget, _ options: PackingOptions, _ configuration: ReplayConfiguration
  ) throws(ReplayFailure) {
    encoder = FrameEncoder(level: options.level)
    do {
      writer = Mutex(
        try ArchiveWriter(
          in: target, options, constants: configuration.constants, profile: configuration.profile))
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  func prepare(_ batch: SurveyedBatch) -> any Sendable { PackedBatch(batch, encoder) }

  func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let batch = prepared as? PackedBatch else { preconditionFailure("a batch was packed before it is appended") }
    if let byteOffset = batch.lostContent {
      throw .log(LogError(.archive(.contentNotRead), byteOffset: byteOffset))
    }
    do {
      try writer.withLock { (writer) throws(FileError) in try writer?.append(batch) }
    } catch {
      throw .output(error)
    }
  }

  func publish() throws(ReplayFailure) -> (manifest: ArchiveManifest, sha256: Digest) {
    do {
      return try writer.withLock { (writer) throws(FileError) in
        guard let complete = writer.take() else { preconditionFailure("an archive is published once") }
        return try complete.publish()
      }
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}

extension ReplayOptions {
  /// Takes the log through the stages up to derive.
  ///
  /// - Throws: `.log`, `.output`.
  func surveyed(by survey: some LogSurvey, _ services: Services) async throws(ReplayFailure) -> SurveyResult {
    guard let parallelism else { preconditionFailure("a survey is run by the parallel engine") }
    let parallel = parallel(parallelism, services)
    let reading = reading(services, step: .load)
    return try await ReplayFailure.replaying { () throws(PipelineError) in
      try await ReplayPipeline.survey(source, parallel, reading: reading, by: survey)
    }
  }

  /// The options with what an archive's manifest decides: constants, and the profile where none was asked for.
  ///
  /// - Throws: `.log` for an archive that is damaged.
  func fitted(_ services: Services) throws(ReplayFailure) -> ReplayOptions {
    try checkIsLog()
    guard case .archive(let path) = source else { return self }
    let archive = try ReplayFailure.reading { () throws(LogError) in
      try LogArchive(path: path, options: reading(services, step: .prepare))
    }
    return fitting(archive)
  }
}
