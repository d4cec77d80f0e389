internal import ArgumentParser
internal import ReplayEngine

struct RestoreCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Gives the contents of objects back, or the shards of a node, as files.",
    discussion: """
      A replay decides which content every object version has in the end. Each is verified against its hash_commit (a shard
      against its Merkle root) and appears whole: objects/ab/abcd…, by the object's key; manifest.jsonl, written last, says which
      object is where and what is missing, and why. --object: only that object, all its versions or the one of --version. --node:
      the shards that this node must hold, orphans among them, instead of contents. A second run into the same folder verifies what is there and goes on.

      Exit status 0: everything that was asked for is there. 1: no such object or node. 3: something is not in the log (carried or
      placeholder), or entries were rejected. 4: the archive is damaged; everything else was given back, if only packs are. 6: the
      folder holds something else.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The folder: new, empty, or of the same restore.", valueName: "folder"), completion: .directory)
  var output: String

  @OptionGroup var part: PartOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("As of the first advancement to this epoch, which must come.", valueName: "epoch"))
  var untilEpoch: Int64?

  @Option(help: ArgumentHelp("As of the front of the entry of this ordinal.", valueName: "ordinal"))
  var untilOrdinal: UInt64?

  @Flag(help: "Pass over entries that a damaged archive has lost: contents may be older ones then, and are marked.")
  var salvage = false

  @Flag(help: "Remove the restore of something else that is in the folder.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = parallel.arguments(log)
    arguments.untilEpoch = untilEpoch
    arguments.untilOrdinal = untilOrdinal
    arguments.salvage = salvage
    var restore = RestoreArguments(output: output)
    restore.force = force
    restore.part = part.arguments
    return try await Restoring(ReplayOptions(arguments), restore, services: services).run()
  }
}
