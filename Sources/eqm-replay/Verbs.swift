internal import ArgumentParser
internal import ReplayEngine

struct DrillCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "The runbook's five steps in one process: prepare, load, replay, verify, evidence.",
    discussion: """
      Replays the log with the parallel engine and compares every field of the result with a sequential run, with the
      events that the log recorded, and with the golden trace, hash and root that are given. With --no-sequential and
      nothing else to compare with, the verdict is NOT_COMPARED and the exit status 3.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    help: ArgumentHelp("A golden trace to compare with at every event and checkpoint.", valueName: "file"),
    completion: .file())
  var golden: String?

  @Flag(help: "Do not cross-check by a sequential run.")
  var noSequential = false

  @Option(help: ArgumentHelp("The legacy state hash the replay must reach.", valueName: "hash"))
  var expectStateHash: String?

  @Option(help: ArgumentHelp("The state root the replay must reach.", valueName: "root"))
  var expectStateRoot: String?

  @Option(
    help: ArgumentHelp("The folder for storage_replay_drill_YYYYMMDD.json.", valueName: "folder"),
    completion: .directory)
  var out = "."

  @Option(
    help: ArgumentHelp(
      "Sign the evidence with this private key: .dsse.json, .checkpoint and .SHA256SUMS are written beside it.",
      valueName: "key"), completion: .file())
  var sign: String?

  @Option(
    help: ArgumentHelp(
      "Whose log it is, in the checkpoint; eqm-replay/ and the first digits of the first event's id if not given.",
      valueName: "name"))
  var origin: String?

  @Option(
    help: ArgumentHelp("The evidence that this one follows; the newest in --out if not given.", valueName: "file"),
    completion: .file())
  var previous: String?

  @Option(
    help: ArgumentHelp("Write the state to this file too: a snapshot, which the evidence names.", valueName: "file"),
    completion: .file())
  var stateOut: String?

  @OptionGroup var acceptance: AcceptOptions

  @Option(
    help: ArgumentHelp(
      "Replace this page of metrics, which Prometheus reads by node_exporter's textfile collector, whatever comes of the drill unless it is interrupted.",
      valueName: "file"), completion: .file())
  var metricsFile: String?

  @Option(help: ArgumentHelp("The name of the drill in metrics: one of few, not the log's.", valueName: "name"))
  var target = DrillArguments.usualTarget

  @OptionGroup var serving: ServingOptions

  @Option(help: ArgumentHelp("The success ratio below which replay counts as degraded.", valueName: "ratio"))
  var threshold = "0.95"

  @Flag(help: "Replace the evidence of the same day, and an existing snapshot.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = parallel.arguments(log)
    arguments.expectedStateHash = expectStateHash
    arguments.expectedStateRoot = expectStateRoot
    arguments.threshold = threshold
    arguments.accept = acceptance.accept
    arguments.crossCheck = !noSequential
    arguments.golden = golden
    arguments.stateOut = stateOut
    arguments.force = force
    var drill = DrillArguments(folder: out)
    drill.replaces = force
    drill.signingKey = sign
    drill.origin = origin
    drill.previous = previous
    drill.metricsFile = metricsFile
    drill.target = target
    let options = try ReplayOptions(arguments)
    return try await serving.during(options, target: target, shared, services) {
      [drill] (services) throws(ReplayFailure) in
      try await Drill(options, drill, services: services).run()
    }
  }
}

struct ReplayCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Replays a log; prints counts, totals and roots.",
    discussion: "Any number of workers and partitions gives the same result.")

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Flag(help: "Replay with the sequential golden engine.")
  var sequential = false

  @Option(help: "What to verify against: none, sequential, or golden:FILE.")
  var verify = VerifySide.none

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End behind the first advancement to this epoch, which must come.", valueName: "epoch"))
  var untilEpoch: Int64?

  @Option(help: ArgumentHelp("End in front of the entry of this ordinal.", valueName: "ordinal"))
  var untilOrdinal: UInt64?

  @Option(
    help: ArgumentHelp("Keep a resume point in this folder; the log is an archive.", valueName: "folder"),
    completion: .directory)
  var checkpointDir: String?

  @Option(help: ArgumentHelp("The time between two resume points, at least.", valueName: "seconds"))
  var checkpointSeconds = 30

  @Flag(help: "Go on from the resume point in --checkpoint-dir; from the start if there is none.")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "The most memory that the process takes: objects that have no room go to disk.", valueName: "size"))
  var memoryLimit: String?

  @Option(
    help: ArgumentHelp("The folder for what --memory-limit has no room for; TMPDIR if not given.", valueName: "folder"),
    completion: .directory)
  var spillDir: String?

  @OptionGroup var acceptance: AcceptOptions

  @Option(
    help: ArgumentHelp(
      "Write every rejected, unknown, lost and diverged entry to this file, a JSON object a line.", valueName: "file"),
    completion: .file())
  var rejects: String?

  @Flag(help: "Replay what a damaged archive still has, and list every ordinal that is lost: WARNED at best.")
  var salvage = false

  @Option(
    help: ArgumentHelp("Write the state to this file: a snapshot, a SQLite database.", valueName: "file"),
    completion: .file())
  var stateOut: String?

  @OptionGroup var serving: ServingOptions

  @Flag(help: "Replace the resume point of another replay, an existing snapshot, and the file --rejects.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Execute so many more instructions an entry in a stage, for a measurement to notice.",
      valueName: "stage=instructions", visibility: .hidden))
  var plant: [String] = []

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = parallel.arguments(log)
    arguments.sequential = sequential
    arguments.accept = acceptance.accept
    arguments.untilEpoch = untilEpoch
    arguments.untilOrdinal = untilOrdinal
    arguments.checkpointFolder = checkpointDir
    arguments.checkpointSeconds = checkpointSeconds
    arguments.resume = resume
    arguments.memoryLimit = memoryLimit
    arguments.spillFolder = spillDir
    arguments.salvage = salvage
    arguments.stateOut = stateOut
    arguments.rejects = rejects
    arguments.planted = plant
    arguments.force = force
    switch verify {
    case .none: break
    case .sequential: arguments.crossCheck = true
    case .golden(let path): arguments.golden = path
    }
    let options = try ReplayOptions(arguments)
    let target = DrillArguments.usualTarget
    return try await serving.during(options, target: target, shared, services) { (services) throws(ReplayFailure) in
      try await Replay(options, services: services).run()
    }
  }
}

struct GoldenCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "golden", abstract: "Records the trace of a sequential run: events, control entries, checkpoints.",
    discussion: "The exit status is that of the replay. Format eqm-golden/1.")

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "path"),
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      """
      What the trace holds besides checkpoints and roots: full (what became of every entry), ids (event ids), or roots \
      (nothing): how closely a divergence is found.
      """, valueName: "full|ids|roots"))
  var detail = "full"

  @Flag(help: "Replace an existing file.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try GoldenRecording(
      ReplayOptions(log.arguments), path: output, detail: detail, replaces: force, services: services
    ).run()
  }
}

struct VerifyCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Replays a log in parallel and compares it with a golden trace at every event and checkpoint.",
    discussion: "Events or checkpoints left over on either side are a difference: exit status 1.")

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("The golden trace.", valueName: "file"), completion: .file())
  var golden: String

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = parallel.arguments(log)
    arguments.golden = golden
    return try await Replay(ReplayOptions(arguments), services: services).run()
  }
}

struct StressCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "stress", abstract: "Replays a log under many schedules: all must give the sequential result.",
    discussion: """
      Every pair of --workers and --partitions once, then as many random schedules as --seeds says: pairs, sizes of chunks
      and windows, order of work and delays by seed. An unequal result is named with its seed; the exit status is 1 then.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("Numbers of workers.", valueName: "list"))
  var workers = "1,2,3,8"

  @Option(help: ArgumentHelp("Numbers of partitions.", valueName: "list"))
  var partitions = "1,7,64"

  @Option(help: ArgumentHelp("Random schedules.", valueName: "number"))
  var seeds = 20

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    try await Stress(
      log.arguments, workers: workers, partitions: partitions, seeds: seeds, services: services
    ).run()
  }
}

struct InspectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Looks inside a log without replaying it, or inside a snapshot.")

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Flag(help: "Sizes, entry types, STOREs, epochs, largest objects: what is shown if nothing else is asked for.")
  var stats = false

  @Option(help: ArgumentHelp("Show the entries about this object, as written.", valueName: "id"))
  var object: String?

  @Option(
    help: ArgumentHelp("Show the entries with these ordinals, as written: 10..20, or one.", valueName: "ordinals"))
  var entries: String?

  var logName: String? { log.log }

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    guard !stats || (object == nil && entries == nil) else {
      throw ReplayFailure.usage(UsageError(description: "--stats, --object or --entries: one view at a time"))
    }
    return try Inspection(ReplayOptions(log.arguments), object: object, entries: entries, services: services).run()
  }
}

struct ExportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes the state and the events of a log, or of a snapshot, to a file or a folder.",
    discussion: """
      A log is replayed; the exit status is that of the replay: a state that diverges from its record is exported, and said
      to. Every row of a snapshot is checked first. --to postgres writes a folder: cd FOLDER && psql -X -d CONNINFO -f load.sql
      loads all of it, checked, or nothing.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    help: ArgumentHelp(
      "The format: jsonl, sqlite for a snapshot, or postgres for a folder that psql loads.", valueName: "format"))
  var to: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The file or folder to write.", valueName: "path"), completion: .file())
  var output: String

  @Flag(help: "Replace an existing file, or an export to postgres.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    try await Export(
      ReplayOptions(parallel.arguments(log)), to: to, path: output, replaces: force, services: services
    ).run()
  }
}

/// What a replay can be verified against.
enum VerifySide: ExpressibleByArgument {
  case none, sequential
  case golden(path: String)

  init?(argument: String) {
    switch argument {
    case "none": self = .none
    case "sequential": self = .sequential
    default:
      guard argument.hasPrefix("golden:"), argument != "golden:" else { return nil }
      self = .golden(path: String(argument.dropFirst("golden:".count)))
    }
  }

  var defaultValueDescription: String { "none" }
}
