internal import ArgumentParser
internal import ReplayEngine

struct ProveCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "prove", abstract: "Replays a log and proves one part of what it gives, by a root.",
    discussion: """
      An object version (--object with --version), or that there is none; a node, or that there is none; an event of the log, as a C2SP tlog-proof; that a
      log begins with an earlier state of it. check-proof checks the file without the log. The exit status is that of the replay.
      """)

  @OptionGroup var log: LogOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @OptionGroup var part: PartOptions

  @Option(help: ArgumentHelp("Prove the event at this place of the event log, counted from 0.", valueName: "index"))
  var event: UInt64?

  @Option(help: ArgumentHelp("Prove the event of the entry of this ordinal.", valueName: "ordinal"))
  var ordinal: UInt64?

  @Option(
    help: ArgumentHelp("Prove that the log begins with its first events, so many.", valueName: "event count"))
  var consistency: UInt64?

  @Option(help: ArgumentHelp("The later log of --consistency; all of it if not given.", valueName: "event count"))
  var to: UInt64?

  @Option(
    help: ArgumentHelp(
      "Sign the log's checkpoint by this Ed25519 key, PKCS#8 in PEM; it is also written beside the proof.",
      valueName: "key"), completion: .file())
  var sign: String?

  @Option(
    help: ArgumentHelp(
      "Whose log it is, in the checkpoint; eqm-replay/ and the first digits of the first event's id if not given.",
      valueName: "name"))
  var origin: String?

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The file to write.", valueName: "path"),
    completion: .file())
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  var logName: String? { log.log }

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = ProofArguments(output: output)
    arguments.force = force
    arguments.part = part.arguments
    arguments.event = event
    arguments.ordinal = ordinal
    arguments.consistency = consistency
    arguments.to = to
    arguments.signingKey = sign
    arguments.origin = origin
    return try await Proving(ReplayOptions(parallel.arguments(log)), arguments, services: services).run()
  }
}

struct CheckProofCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "check-proof", abstract: "Checks a proof by the file alone, and says what root it leads to.",
    discussion: """
      Exit status 0: it holds, and every root, key, origin and number given is its own. 1: it does not, or the file is no proof.
      2: a file cannot be read. What of it may be trusted is said besides: all of it, where a root is given (over the log with
      --event-count), or a verifier key, or a public key with --origin.
      """)

  @Argument(help: "The proof: eqm-proof/1, or a C2SP tlog-proof.", completion: .file())
  var proof: String

  @OptionGroup var shared: SharedOptions

  @Option(
    help: ArgumentHelp(
      "The root that it must lead to: a state root, or of a proof over the log the log root.",
      valueName: "root"))
  var root: String?

  @Option(help: ArgumentHelp("The earlier log root of a proof of consistency.", valueName: "root"))
  var fromRoot: String?

  @Option(
    help: ArgumentHelp("The number of events of the log, which a log root alone does not cover.", valueName: "number"))
  var eventCount: UInt64?

  @Option(
    help: ArgumentHelp(
      "The key that must have signed the checkpoint: a note verifier key, or a file with one or a public key in PEM.",
      valueName: "key"), completion: .file())
  var key: String?

  @Option(
    help: ArgumentHelp(
      "Whose log the key must have signed; that of a verifier key's name if not given. A public key has no name.",
      valueName: "name"))
  var origin: String?

  @Option(help: ArgumentHelp("The id of the event that a tlog-proof is of.", valueName: "id"))
  var eventID: String?

  @Option(
    help: ArgumentHelp("A file with that event in JSON: its id is computed.", valueName: "file"), completion: .file())
  var event: String?

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    var arguments = ProofCheckArguments(proof: proof)
    arguments.root = root
    arguments.earlierRoot = fromRoot
    arguments.eventCount = eventCount
    arguments.key = key
    arguments.origin = origin
    arguments.eventID = eventID
    arguments.event = event
    return try ProofChecking(arguments).run()
  }
}
