internal import ArgumentParser
internal import ReplayEngine

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measures replays of named workloads, compares what was measured, and draws curves.",
    subcommands: [BenchRunCommand.self, BenchCompareCommand.self, GateCommand.self, CurvesCommand.self])
}

struct BenchRunCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Replays named workloads by the sequential engine, one worker, all workers and without SIMD, by turns.",
    discussion: """
      Each replay is a process of its own. All of them must give one root: exit status 1 where one does not, or an entry is
      rejected or diverges. No time is judged. A sequential replay of more than ten seconds is made once.

      Medians, spread, entries and bytes a second, CPU seconds, peak memory, stages, permutations and bytes hashed; how that
      stands to the sequential engine, to one worker, and to the limit: the same permutations, LZ4 frames and JSON texts
      alone, measured in the same rounds.

      Two programs are measured by turns, so that bench compare can compare their replays in pairs. Logs are made once
      and kept in $TMPDIR/eqm-replay-bench.
      """)

  @Argument(help: ArgumentHelp("What to replay: \(BenchArguments.workloadNames).", valueName: "workload"))
  var workloads: [String]

  @Option(
    name: .customLong("program"),
    help: ArgumentHelp("A program to measure, once or twice; this one if not given.", valueName: "path"),
    completion: .file())
  var programs: [String] = []

  @Option(help: ArgumentHelp("The log that vm-trace is.", valueName: "file"), completion: .file())
  var trace = BenchArguments.usualTrace

  @Option(
    help: ArgumentHelp("Entries of generated logs, as a part of the usual number; not of tiny.", valueName: "factor"))
  var scale = 1.0

  @Option(help: ArgumentHelp("Rounds: replays of each kind.", valueName: "number"))
  var runs = 5

  @Option(help: ArgumentHelp("All workers; as many as there are processors if not given.", valueName: "number"))
  var workers: Int?

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The document, with every replay's figures; of two programs, one each.", valueName: "file"),
    completion: .file())
  var outputs: [String] = []

  @Option(
    help: ArgumentHelp("The medians as github-action-benchmark reads them (customSmallerIsBetter).", valueName: "file"),
    completion: .file())
  var github: String?

  @Option(
    help: ArgumentHelp("The folder that generated logs are kept in.", valueName: "folder"), completion: .directory)
  var cache: String?

  @Flag(help: "Take each generated log away again.")
  var discard = false

  @Flag(help: "Print a table in Markdown.")
  var markdown = false

  @Flag(help: "Replace files that are there.")
  var force = false

  @OptionGroup var shared: SharedOptions

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    var arguments = BenchArguments(workloads: workloads)
    arguments.programs = programs
    arguments.trace = trace
    arguments.scale = scale
    arguments.runs = runs
    arguments.workers = workers
    arguments.outputs = outputs
    arguments.github = github
    arguments.cache = cache
    arguments.discard = discard
    arguments.markdown = markdown
    arguments.force = force
    arguments.command = CommandLine.arguments.joined(separator: " ")
    return try BenchRunning(arguments, services: services).run()
  }
}

struct BenchCompareCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Says whether the second of two documents of bench run is of a slower program.",
    discussion: """
      Exit status 1 where a whole confidence interval of the ratio of times lies above the threshold, or a root differs.
      Replays that one bench run measured by turns are compared in pairs, others by their medians.
      """)

  @Argument(help: ArgumentHelp("A document of bench run.", valueName: "first"), completion: .file())
  var first: String

  @Argument(help: ArgumentHelp("Another one, of what may be slower.", valueName: "second"), completion: .file())
  var second: String

  @Option(help: ArgumentHelp("The ratio of times beyond which the second is slower.", valueName: "ratio"))
  var threshold = 1.05

  @Option(help: ArgumentHelp("Of the interval, which must lie beyond the threshold.", valueName: "part"))
  var confidence = 0.95

  @Option(
    help: ArgumentHelp(
      "The second's medians as github-action-benchmark reads them (customSmallerIsBetter).", valueName: "file"),
    completion: .file())
  var github: String?

  @Flag(help: "Replace a file that is there.")
  var force = false

  @OptionGroup var shared: SharedOptions

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try BenchComparing(
      first, second, threshold: threshold, confidence: confidence, github: github, replaces: force
    ).run()
  }
}
