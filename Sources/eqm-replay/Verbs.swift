internal import ArgumentParser
internal import ReplayEngine

struct DrillCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "drill",
    abstract: "The runbook's five steps in one process: prepare, load, replay, verify, evidence.",
    discussion: """
      Replays the log twice with the sequential engine and reports whether the repeat is equal. That is no comparison:
      without recorded events or an expected value the verdict is NOT_COMPARED and the exit status 3.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("The legacy state hash the replay must reach.", valueName: "hash"))
  var expectStateHash: String?

  @Option(help: ArgumentHelp("The state root the replay must reach.", valueName: "root"))
  var expectStateRoot: String?

  @Option(help: ArgumentHelp("The folder for storage_replay_drill_YYYYMMDD.json.", valueName: "folder"))
  var out = "."

  @Option(help: ArgumentHelp("The success ratio below which replay counts as degraded.", valueName: "ratio"))
  var threshold = "0.95"

  @Flag(help: "Replace the evidence of the same day.")
  var force = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    var arguments = log.arguments
    arguments.expectedStateHash = expectStateHash
    arguments.expectedStateRoot = expectStateRoot
    arguments.threshold = threshold
    return try Drill(ReplayOptions(arguments), folder: out, replaces: force, services: services).run()
  }
}

struct ReplayCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Replays a log; prints counts, totals and roots.",
    discussion: "In this version every replay is sequential, with or without --sequential.")

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Flag(help: "Replay with the sequential golden engine.")
  var sequential = false

  @Option(help: "What to verify against; nothing else is in this version.")
  var verify = VerifySide.none

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try Replay(ReplayOptions(log.arguments), services: services).run()
  }
}

struct InspectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Looks inside a log without replaying it.")

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Flag(help: "Sizes, entry types, STOREs and epochs. The only view in this version.")
  var stats = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try Inspection(ReplayOptions(log.arguments), services: services).run()
  }
}

struct ExportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Replays a log and writes its state and events to a file.",
    discussion: "The exit status is that of the replay: a state that diverges from its record is exported, and said to."
  )

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: "The format; no other is in this version.")
  var to: ExportFormat

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "path"))
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try Export(ReplayOptions(log.arguments), path: output, replaces: force, services: services).run()
  }
}

/// What a replay can be verified against.
enum VerifySide: String, CaseIterable, ExpressibleByArgument {
  case none
}

/// What a state can be exported to.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case jsonl
}
