internal import ArgumentParser
internal import ReplayEngine

/// The command line of eqm-replay.
struct EqmReplay: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Program.name,
    abstract: "Replays ordered storage logs and proves what state they give.",
    discussion: """
      exit status: 0 done · 1 a divergence was found, evidence or a proof does not hold, nothing has that name, or a mirror is
      not equal · 2 input or I/O failure ·
      3 degraded (WARNED, or a drill that compared nothing) · 4 the log is damaged or cut · 5 evidence, a report or metrics
      could not be written · 6 precondition · 64 usage · 130, 143 interrupted; explain STATUS says what to do

      Options come from the command line, then from EQM_REPLAY_… in the environment (EQM_REPLAY_MAX_CONTENT_SIZE for
      --max-content-size), then from the JSON file that --config names ({"max-content-size": "2GiB"}).

      --version, alone, shows the version; --generate-completion-script bash (zsh, fish) prints what a shell completes by.
      """,
    subcommands: [
      DrillCommand.self, ReplayCommand.self, GoldenCommand.self, VerifyCommand.self, BisectCommand.self,
      DiffCommand.self,
      StressCommand.self,
      InspectCommand.self, ExportCommand.self, RestoreCommand.self, ReconcileCommand.self, PackCommand.self,
      UnpackCommand.self,
      CheckCommand.self,
      GenerateCommand.self, EvidenceCommand.self, ReportCommand.self, ServeCommand.self, ProveCommand.self,
      CheckProofCommand.self, ExplainCommand.self, BenchCommand.self,
    ])
}

/// A verb of the command line.
protocol Verb: ParsableCommand {
  var shared: SharedOptions { get }
  /// The log as it was named; nil for a verb that has none.
  var logName: String? { get }

  /// Does the work.
  func report(_ services: Services) async throws(ReplayFailure) -> Report
}

extension Verb {
  var logName: String? { nil }

  /// As it is typed.
  var name: String {
    let group = CommandGroups.all.first { $0.configuration.subcommands.contains { $0 == Self.self } }
    return [group, Self.self].compactMap { $0?.configuration.commandName }.joined(separator: " ")
  }
}

/// Commands that have verbs of their own, and do nothing without one.
enum CommandGroups {
  static let all: [any ParsableCommand.Type] = [EvidenceCommand.self, BenchCommand.self]
}

/// What every verb takes.
struct SharedOptions: ParsableArguments {
  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print nothing but errors on the error stream.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say which step begins, and in the end what each step and stage took.")
  var verbose = false

  @Option(help: "How progress is shown on the error stream.")
  var progress = ProgressStyle.auto

  @Option(
    help: ArgumentHelp("Read options that are not given otherwise from this JSON file.", valueName: "file"),
    completion: .file())
  var config: String?

  /// Whether a table of steps is shown in the end: of what people look at, or asked for.
  var showsSummary: Bool {
    guard !quiet else { return false }
    return verbose || (Terminal.errors.isTerminal && progress != .none && progress != .json)
  }
}

/// How progress is shown.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
  /// A redrawn line on a terminal, else a plain line every 10 s.
  case auto
  case plain, json, none
}

/// What every verb that replays takes.
struct LogOptions: ParsableArguments {
  @Argument(
    help:
      "The log: a .json array or .jsonl lines, either with .lz4 after it, an archive's folder, or - for standard input.",
    completion: .file())
  var log: String

  @OptionGroup var content: ContentOptions

  var arguments: ReplayArguments { content.arguments(log) }
}

/// What every verb takes that replays, besides the log.
struct ContentOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The metadata that stands for what the runbook dialect does not log: runbook or drill; an archive's own if not given.",
      valueName: "name"))
  var profile: String?

  @Option(help: ArgumentHelp("The largest content of one object, decoded; at most 1TiB.", valueName: "size"))
  var maxContentSize = "1GiB"

  func arguments(_ log: String) -> ReplayArguments {
    var arguments = ReplayArguments(log: log)
    arguments.profile = profile
    arguments.maxContentSize = maxContentSize
    return arguments
  }
}

/// What every verb takes that replays in parallel.
struct ParallelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Workers, reading included; as many as there are processors if not given.", valueName: "number"))
  var workers: Int?

  @Option(help: ArgumentHelp("Ranges of object keys that are applied apart.", valueName: "number"))
  var partitions: Int?

  func arguments(_ log: LogOptions) -> ReplayArguments { arguments(log.arguments) }

  func arguments(_ others: ReplayArguments) -> ReplayArguments {
    var arguments = others
    arguments.workers = workers
    arguments.partitions = partitions
    return arguments
  }
}

/// What a verb takes that is about an object or a node.
struct PartOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The object of this id.", valueName: "id"))
  var object: String?

  @Option(
    name: .customLong("object-hex"),
    help: ArgumentHelp("The id's UTF-8 bytes in hexadecimal digits, if it cannot be typed.", valueName: "digits"))
  var objectHexadecimal: String?

  @Option(help: ArgumentHelp("The version of --object.", valueName: "number"))
  var version: UInt64?

  @Option(help: ArgumentHelp("The node of this id.", valueName: "id"))
  var node: String?

  @Option(
    name: .customLong("node-hex"),
    help: ArgumentHelp("The id's UTF-8 bytes in hexadecimal digits.", valueName: "digits"))
  var nodeHexadecimal: String?

  var arguments: PartArguments {
    var arguments = PartArguments()
    arguments.object = object
    arguments.objectHexadecimal = objectHexadecimal
    arguments.version = version
    arguments.node = node
    arguments.nodeHexadecimal = nodeHexadecimal
    return arguments
  }
}

/// What a verb takes that accepts what is known of a log.
struct AcceptOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Divergences, rejected and unsupported entries that are known and accepted: JSON lines {"ordinal", "field" or \
      "code", "reason", "expires": "YYYY-MM-DD"}; "code" is UNSUPPORTED for an entry of unknown type. WARNED at best; a \
      line that accepts nothing is FAILED.
      """, valueName: "file"), completion: .file())
  var accept: String?
}
