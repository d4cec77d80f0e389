internal import ArgumentParser
internal import ReplayEngine

struct BisectCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "bisect",
    abstract: "Finds the first entry of which something else became than in a golden run, and says in what and why.",
    discussion: """
      The golden run is a trace that `golden` recorded, or the event log of a live engine. Exit status 1 where a divergence is
      found, 0 where state and event log are the same.

      --repro writes an archive of the few entries that show the same divergence; `bisect` of that archive, with the same
      --golden, names the same ordinals. Where no single entry is known it holds the log up to the first value that differs.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("The golden trace, or a recorded event log.", valueName: "file"), completion: .file())
  var golden: String

  @Option(
    help: ArgumentHelp("The folder for an archive that shows the same divergence.", valueName: "folder"),
    completion: .directory)
  var repro: String?

  @Flag(help: "Replace an archive that is there.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    try await Bisection(
      ReplayOptions(parallel.arguments(log)), golden: golden, reproduction: repro, replaces: force, services: services
    ).run()
  }
}

struct DiffCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compares two golden traces, or two snapshots: checkpoints, events, objects, shards, nodes and the end.",
    discussion: """
      Every row of a snapshot is checked first. Instead of a trace, either may be the event log of a live engine. Events are told apart by their ids, wherever they lie: an entry more or
      less on one side does not make all that follow differ. Exit status 1 where anything differs.
      """)

  @Argument(
    help: ArgumentHelp("A golden trace, a recorded event log, or a snapshot.", valueName: "first"), completion: .file())
  var first: String

  @Argument(help: ArgumentHelp("Another one.", valueName: "second"), completion: .file())
  var second: String

  @OptionGroup var shared: SharedOptions

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try TraceComparison(first: first, second: second, services: services).run()
  }
}
