internal import ArgumentParser
internal import ReplayEngine

struct GateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Counts what a replay takes for an entry, and compares it with a baseline: instructions and allocations.",
    discussion: """
      Counts by valgrind (callgrind), which must be installed: the figures are the same on a busy machine. Of every log it
      compares the instructions of each stage and of the whole program, and the allocations of derive and apply. Exit status
      1 where a figure is more than it may be, or a replay is not that of the sequential engine; 2 where valgrind does not run
      or a stage cannot be told from others; 4 for a baseline that cannot be understood; 6 for one of another kind of machine
      or of other logs.
      """)

  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("The baseline, a JSON file.", valueName: "file"), completion: .file())
  var baseline: String

  @Flag(help: "Write the baseline and compare with none.")
  var record = false

  @Option(
    help: ArgumentHelp("The program that is gated; this one if not given.", valueName: "file"), completion: .file())
  var program: String?

  @Option(help: ArgumentHelp("How many times the figure of the baseline a figure may be.", valueName: "ratio"))
  var threshold = "1.05"

  @Option(
    help: ArgumentHelp(
      "A log that is replayed: \(GateArguments.workloadNames.joined(separator: ", ")); all if not given.",
      valueName: "name"))
  var log: [String] = []

  @Option(help: ArgumentHelp("Entries of each log.", valueName: "number"))
  var logEntries = 10_000

  @Flag(help: "Do not compare the processor times of one and two workers.")
  var noRatios = false

  @Option(
    help: ArgumentHelp("The folder of generated logs; one in TMPDIR if not given.", valueName: "folder"),
    completion: .directory)
  var cache: String?

  @Option(
    help: ArgumentHelp(
      "Write the figures to this file as github-action-benchmark reads them (customSmallerIsBetter).",
      valueName: "file"), completion: .file())
  var github: String?

  @Flag(help: "Replace an existing baseline, and the file --github.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Plant so many instructions an entry in a stage of the program that is gated.", valueName: "stage=instructions",
      visibility: .hidden))
  var plant: [String] = []

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    var arguments = GateArguments(baseline: baseline)
    arguments.program = program
    arguments.records = record
    arguments.force = force
    arguments.threshold = threshold
    arguments.logEntries = logEntries
    arguments.workloads = log
    arguments.comparesWorkers = !noRatios
    arguments.cache = cache
    arguments.chart = github
    arguments.planted = plant
    return try Gating(arguments, services: services).run()
  }
}
