internal import ArgumentParser
internal import ReplayEngine

struct CurvesCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "curves", abstract: "Draws speed, cost and memory over what they depend on.",
    discussion: """
      workers, entries (10,000 to 10,000,000), content-size (16 bytes to 1 MiB), skew (entries of a hundred that store one
      object), epochs (their length): throughput. cost: processor time of an entry, memory: the most of it, both against
      entries, from the same replays. Every replay is a process of its own; a point is the median of --runs, which go by rounds
      over all points, and the whiskers reach from the least to the most.

      FOLDER gets a picture a curve (SVG) and curves.json: every replay, the machine and the command. --redraw draws anew from
      curves.json alone. All of it takes a quarter of an hour on two fast cores, and 8 GB in the cache; --scale 0.01 a minute.

      Exit status 0: all replays of each log, and one of the sequential engine where it has at most 1,000,000 entries, came to
      the same state root. 1: one did not, and nothing is drawn. 4: curves.json is not what was measured.
      """)

  @Argument(
    help: ArgumentHelp(
      "workers, entries, content-size, skew, epochs, cost, memory; all if none is named.", valueName: "curve"))
  var curves: [String] = []

  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The folder of pictures and curves.json.", valueName: "folder"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("Replays of each point.", valueName: "number"))
  var runs = 3

  @Option(help: ArgumentHelp("The usual numbers of entries times this.", valueName: "factor"))
  var scale = 1.0

  @Option(help: ArgumentHelp("The program that is measured; this one if not given.", valueName: "path"))
  var program: String?

  @Option(
    help: ArgumentHelp("The folder of generated logs: $TMPDIR/eqm-replay-bench if not given.", valueName: "folder"),
    completion: .directory)
  var cache: String?

  @Flag(help: "Take each generated log away when it was used the last time.")
  var discard = false

  @Flag(help: "Draw what curves.json has, without measuring.")
  var redraw = false

  @Flag(help: "Replace the curves that are there.")
  var force = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    var arguments = CurveArguments(output: output)
    arguments.curves = curves
    arguments.runs = runs
    arguments.scale = scale
    arguments.program = program
    arguments.cache = cache
    arguments.discard = discard
    arguments.redraw = redraw
    arguments.force = force
    arguments.command = CommandLine.arguments.joined(separator: " ")
    return try CurveDrawing(arguments, services: services).run()
  }
}
