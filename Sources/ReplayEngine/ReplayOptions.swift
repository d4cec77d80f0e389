internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// The options of a replay as typed on the command line, unchecked.
public struct ReplayArguments: Sendable {
  /// Path of the log, or `-`.
  public var log: String
  /// `runbook` or `drill`; nil for what an archive's manifest says, and `runbook` for any other log.
  public var profile: String?
  /// Bytes, with an optional unit (`KiB`, `MiB`, `GiB`).
  public var maxContentSize = "1GiB"
  /// 64 hexadecimal digits.
  public var expectedStateHash: String?
  /// 64 hexadecimal digits.
  public var expectedStateRoot: String?
  /// A decimal from 0 to 1.
  public var threshold = "0.95"
  /// Workers of the parallel engine; nil for as many as there are processors.
  public var workers: Int?
  /// Partitions of the parallel engine; nil for the usual number.
  public var partitions: Int?
  /// Whether the sequential engine replays.
  public var sequential = false
  /// Whether the sequential engine checks what the parallel one gave.
  public var crossCheck = false
  /// Path of a golden trace to compare with.
  public var golden: String?
  /// Path of the snapshot that the state goes to.
  public var stateOut: String?
  /// The epoch behind whose advancement the replay ends.
  public var untilEpoch: Int64?
  /// The ordinal of the first entry that is not replayed.
  public var untilOrdinal: UInt64?
  /// The folder of resume points.
  public var checkpointFolder: String?
  /// Seconds between two resume points, at least.
  public var checkpointSeconds = 30
  /// Whether the replay goes on from a resume point.
  public var resume = false
  /// Whether what a damaged archive has lost is passed over.
  public var salvage = false
  /// Whether a resume point of another replay, and the file ``rejects``, may be replaced.
  public var force = false
  /// Bytes, with an optional unit, that the whole process may take of memory; nil for no limit.
  public var memoryLimit: String?
  /// The folder for what the limit has no room for; nil for that of temporary files.
  public var spillFolder: String?
  /// Path of the accept list; nil where nothing is accepted.
  public var accept: String?
  /// Path of the file for everything that was found wrong with an entry; nil where it is only counted and listed.
  public var rejects: String?
  /// Work that a measurement is to notice, each `STAGE=INSTRUCTIONS`, per entry.
  public var planted: [String] = []

  public init(log: String) { self.log = log }
}

/// What a replay is told, checked.
public struct ReplayOptions: Sendable {
  private(set) var source: LogSource
  private(set) var configuration: ReplayConfiguration
  /// Whether the profile was asked for.
  let hasProfile: Bool
  let expectations: Comparisons.Expectations
  let threshold: BigNum128
  /// Nil for the sequential engine.
  let parallelism: Parallelism?
  let verification: Verification
  /// Where the replay ends.
  private(set) var stop: ReplayStop
  /// Whether what a damaged archive has lost is passed over.
  let salvages: Bool
  /// Nil where no resume points are kept.
  let checkpointing: Checkpointing?
  /// Nil where memory has no limit.
  let memoryLimit: MemoryLimit?
  /// Nil where nobody wants the state.
  let stateTarget: TargetFile?
  /// Nil where nothing is accepted.
  let acceptPath: String?
  /// Nil where what is wrong with entries is only counted and listed.
  let findingsTarget: TargetFile?
  /// Nil where nothing is planted.
  let planted: PlantedWork?
  /// Of an archive, once it was opened.
  private(set) var archive: LogArchive?

  /// - Throws: `.usage`.
  public init(_ arguments: ReplayArguments) throws(ReplayFailure) {
    source = LogSource(argument: arguments.log)
    let profileName = arguments.profile ?? PlaceholderProfile.runbook.rawValue
    guard let profile = PlaceholderProfile(rawValue: profileName) else {
      throw ReplayOptions.usage("--profile is runbook or drill, not \(profileName)")
    }
    hasProfile = arguments.profile != nil
    guard let contentBytesMax = ByteSize(arguments.maxContentSize)?.bytes,
      contentBytesMax <= ReplayConfiguration.contentBytesLimit
    else {
      throw ReplayOptions.usage("--max-content-size is a number of bytes such as 1048576, 64MiB or 1GiB, at most 1TiB")
    }
    var configuration = ReplayConfiguration()
    configuration.profile = profile
    configuration.contentBytesMax = contentBytesMax
    self.configuration = configuration
    var expectations = Comparisons.Expectations()
    expectations.stateHash = try ReplayOptions.digest(arguments.expectedStateHash, "--expect-state-hash")
    expectations.stateRoot = try ReplayOptions.digest(arguments.expectedStateRoot, "--expect-state-root")
    self.expectations = expectations
    guard let threshold = try? BigNum128(parsing: Array(arguments.threshold.utf8)),
      threshold.raw <= BigNum128.scale
    else { throw ReplayOptions.usage("--threshold is a decimal from 0 to 1, not \(arguments.threshold)") }
    self.threshold = threshold
    parallelism = arguments.sequential ? nil : try Parallelism(arguments)
    verification = try Verification(arguments)
    stop = try ReplayStop(arguments)
    checkpointing = try Checkpointing(arguments)
    memoryLimit = try MemoryLimit(arguments, workers: parallelism?.workers)
    acceptPath = arguments.accept
    stateTarget = try ReplayOptions.stateTarget(arguments)
    findingsTarget = try TargetFile(findings: arguments)
    planted = try PlantedWork(arguments)
    salvages = arguments.salvage
    guard !salvages || (!arguments.sequential && !arguments.crossCheck && arguments.golden == nil) else {
      throw ReplayOptions.usage("--salvage replays what is left of a log: there is nothing to compare it with")
    }
    guard !salvages || (checkpointing == nil && stop == .end && source.isArchive) else {
      throw ReplayOptions.usage("--salvage takes an archive, all of it, in one go")
    }
  }

  static func digest(_ text: String?, _ option: String) throws(ReplayFailure) -> Digest? {
    guard let text else { return nil }
    guard let digest = Digest(hexadecimal: Array(text.lowercased().utf8)) else {
      throw usage("\(option) is 64 hexadecimal digits")
    }
    return digest
  }

  static func usage(_ sentence: String) -> ReplayFailure {
    .usage(UsageError(description: sentence))
  }

  /// The same options, for the entries in front of an ordinal.
  func stopping(before ordinal: UInt64) -> ReplayOptions {
    var options = self
    options.stop = .before(Ordinal(ordinal))
    return options
  }

  /// The same options for another place where the log is.
  func reading(from source: LogSource) -> ReplayOptions {
    var options = self
    options.source = source
    return options
  }

  /// The same options, with what an archive's manifest decides.
  func fitting(_ archive: LogArchive) -> ReplayOptions {
    var options = self
    options.archive = archive
    options.configuration.constants = archive.manifest.constants
    if !hasProfile { options.configuration.profile = archive.manifest.profile }
    return options
  }

  /// The same options, with what is accepted of the log.
  func accepting(_ list: AcceptList) -> ReplayOptions {
    var options = self
    options.configuration.accepting = list
    return options
  }

  /// The same options, with contents as large as any may be.
  var withoutContentLimit: ReplayOptions {
    var options = self
    options.configuration.contentBytesMax = ReplayConfiguration.contentBytesLimit
    return options
  }

  /// What the reader of the log is told.
  func reading(_ services: Services, step: RunStep) -> LogReadingOptions {
    var reading = LogReadingOptions()
    // Base64 takes four bytes for three; twice the content leaves room for everything else of the entry.
    reading.entryBytesMax = max(reading.entryBytesMax, 2 * Int(configuration.contentBytesMax))
    reading.salvages = salvages
    reading.shardBytes = configuration.constants.chunkBytes
    reading.isInterrupted = services.isInterrupted
    reading.wakeDescriptor = services.wakeDescriptor
    let storedBytes = source.storedBytes
    reading.onProgress = { bytesRead, entries in
      services.onProgress(Progress(step: step, entries: entries, bytesRead: bytesRead, storedBytes: storedBytes))
    }
    return reading
  }
}

/// How many work on a replay; never what comes of it.
struct Parallelism: Sendable {
  private static let workersMax = 1024
  /// Partitions where nobody asks for a number: enough that any number of workers is kept busy.
  private static let partitionsUsual = 16
  private static let partitionsPerWorker = 4
  /// Partitions where resume points are kept: the same on every machine, so that one can go on where another stopped.
  private static let partitionsResumable = 64
  /// Partitions where memory is limited: a few at a time are to fit.
  private static let partitionsLimited = 256

  let workers: Int
  let partitions: Int

  init(_ arguments: ReplayArguments) throws(ReplayFailure) {
    workers = arguments.workers ?? Program.processorCount
    partitions =
      arguments.partitions ?? (arguments.checkpointFolder != nil ? Parallelism.partitionsResumable : nil)
      ?? (arguments.memoryLimit != nil ? max(Parallelism.partitionsLimited, 2 * workers) : nil)
      ?? min(
        KeyRanges.partitionCountMax, max(Parallelism.partitionsUsual, Parallelism.partitionsPerWorker * workers))
    guard (1...Parallelism.workersMax).contains(workers) else {
      throw ReplayOptions.usage("--workers is a number from 1 to \(Parallelism.workersMax)")
    }
    guard (1...KeyRanges.partitionCountMax).contains(partitions) else {
      throw ReplayOptions.usage("--partitions is a number from 1 to \(KeyRanges.partitionCountMax)")
    }
  }
}

/// What a replay is compared with besides the record and expected values.
struct Verification: Sendable {
  /// Whether a sequential run follows.
  let crossChecks: Bool
  let goldenPath: String?

  init(_ arguments: ReplayArguments) throws(ReplayFailure) {
    guard !arguments.sequential || (!arguments.crossCheck && arguments.golden == nil) else {
      throw ReplayOptions.usage("--sequential is the run that others are compared with: leave one of them out")
    }
    crossChecks = arguments.crossCheck
    goldenPath = arguments.golden
  }
}

extension ReplayStop {
  fileprivate init(_ arguments: ReplayArguments) throws(ReplayFailure) {
    switch (arguments.untilEpoch, arguments.untilOrdinal) {
    case (nil, nil): self = .end
    case (let epoch?, nil): self = .after(Epoch(epoch))
    case (nil, let ordinal?): self = .before(Ordinal(ordinal))
    default: throw ReplayOptions.usage("--until-epoch or --until-ordinal: a replay ends at one place")
    }
  }
}

/// Resume points of a replay.
struct Checkpointing: Sendable {
  let folder: TargetFolder
  let interval: Duration
  let resumes: Bool
  let replaces: Bool

  /// Nil where none are asked for.
  fileprivate init?(_ arguments: ReplayArguments) throws(ReplayFailure) {
    guard let path = arguments.checkpointFolder else {
      guard !arguments.resume else { throw ReplayOptions.usage("--resume goes on from a point in --checkpoint-dir") }
      return nil
    }
    guard !arguments.sequential else { throw ReplayOptions.usage("--sequential keeps no resume points") }
    guard arguments.golden == nil else {
      throw ReplayOptions.usage("a golden trace is compared from the start: leave --checkpoint-dir out")
    }
    guard arguments.checkpointSeconds >= 0 else { throw ReplayOptions.usage("--checkpoint-seconds is 0 or more") }
    folder = TargetFolder(path: path)
    interval = .seconds(arguments.checkpointSeconds)
    resumes = arguments.resume
    replaces = arguments.force
  }
}

/// A number of bytes with an optional binary unit: `1048576`, `64MiB`, `64M`, `1GiB`.
struct ByteSize {
  let bytes: UInt64

  init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [String: UInt64] = [
      "": 1, "b": 1, "k": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mib": 1 << 20, "g": 1 << 30, "gib": 1 << 30,
      "t": 1 << 40, "tib": 1 << 40,
    ]
    guard let number = UInt64(digits), let unit = units[text.dropFirst(digits.count).lowercased()] else {
      return nil
    }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}
