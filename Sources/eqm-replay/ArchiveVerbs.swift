internal import ArgumentParser
internal import ReplayEngine

struct PackCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "pack", abstract: "Makes an archive of a log: segments, packs of contents, manifest, sums.",
    discussion: """
      Every entry keeps its bytes, but that a line break inside of one becomes a blank. Contents move to packs where the same
      text comes out of them again; entries that a replay rejects are kept as they are. The archive appears whole or not at all.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The archive's folder.", valueName: "folder"),
    completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("The level of LZ4: 0 to 12.", valueName: "number"))
  var level = 1

  @Option(help: ArgumentHelp("Bytes of log in a segment, and stored in a pack, about.", valueName: "size"))
  var segmentBytes = "256MiB"

  @Flag(help: "Replace the archive that is there.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = PackArguments(output: output)
    arguments.level = level
    arguments.segmentBytes = segmentBytes
    arguments.force = force
    return try await Packing(ReplayOptions(parallel.arguments(log)), arguments, services: services).run()
  }
}

struct UnpackCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "unpack", abstract: "Gives an archive's entries back as a log, with their contents.",
    discussion: "The name of the file tells its form: .json or .jsonl, either with .lz4 after it.")

  @OptionGroup var log: LogOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "path"),
    completion: .file())
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try Unpacking(ReplayOptions(log.arguments), path: output, replaces: force, services: services).run()
  }
}

struct CheckCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks integrity and completeness without replaying.",
    discussion: """
      Of an archive: manifest, sums, chain, frames, ordinals, event ids, contents. Of any other log its form and event ids: it
      has no sums. Exit status 4 names the first damage; 3 says that a replay would reject entries.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Flag(help: "Compare an archive's files with their sums only, without decompressing them.")
  var quick = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    try await Checking(ReplayOptions(parallel.arguments(log)), quick: quick, services: services).run()
  }
}

struct GenerateCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Makes a log from a seed: an archive, or a plain log by its name.",
    discussion: """
      The same arguments give the same bytes. Workloads: recorded (carried STOREs and proofs, no content), uniform (1 KiB of
      content each), tiny (16 bytes), large-content (1 MiB), zipf, hot-object, epoch-storm (an EPOCH_ADVANCEMENT every ten data
      entries), many-nodes (5,000 nodes).
      """)

  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The archive's folder, or a file that ends in .json or .jsonl, either with .lz4.", valueName: "path"),
    completion: .file())
  var output: String

  @Option(help: ArgumentHelp("Entries in all.", valueName: "number"))
  var entries: Int

  @Option(help: ArgumentHelp("What everything random follows from.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("What the log is like.", valueName: "name"))
  var workload = "recorded"

  @OptionGroup var shape: WorkloadShapeOptions

  @Flag(help: "One entry of fifty is one that a replay rejects, or of an unknown type.")
  var faults = false

  @Option(help: ArgumentHelp("The level of LZ4: 0 to 12.", valueName: "number"))
  var level = 1

  @Option(help: ArgumentHelp("Bytes of log in a segment, and stored in a pack, about.", valueName: "size"))
  var segmentBytes = "256MiB"

  @Flag(help: "Replace what is there.")
  var force = false

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = GenerateArguments(output: output, entries: entries)
    arguments.seed = seed
    arguments.workload = workload
    arguments.shape = shape.arguments
    arguments.faults = faults
    arguments.level = level
    arguments.segmentBytes = segmentBytes
    arguments.force = force
    return try await Generation(arguments, services: services).run()
  }
}

/// In what a generated log differs from others of its workload.
struct WorkloadShapeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Content of each STORE, at most 64MiB: of uniform, tiny and large-content.", valueName: "size"))
  var contentBytes: String?

  @Option(help: ArgumentHelp("Nodes that are registered at the start.", valueName: "number"))
  var nodes: Int?

  @Option(help: ArgumentHelp("Data entries between two EPOCH_ADVANCEMENTs.", valueName: "number"))
  var epochEvery: Int?

  @Option(
    help: ArgumentHelp(
      "Of a hundred entries those that store the hot object, 0 to 90: of hot-object.", valueName: "number")
  )
  var hotPercent: Int?

  var arguments: WorkloadArguments {
    var arguments = WorkloadArguments()
    arguments.contentBytes = contentBytes
    arguments.nodes = nodes
    arguments.epochEvery = epochEvery
    arguments.hotPercent = hotPercent
    return arguments
  }
}
