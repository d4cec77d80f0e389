internal import ArgumentParser
internal import ReplayEngine

struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Makes keys, signs evidence, checks it, and shows it.",
    subcommands: [
      KeygenCommand.self, SignCommand.self, VerifyEvidenceCommand.self, ShowCommand.self,
    ])
}

struct KeygenCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "keygen", abstract: "Makes a key that signs evidence, and the public key that verifies it.",
    discussion: """
      Writes KEY (PKCS#8 in PEM, mode 0600) and KEY.pub. Keep KEY away from the machines that are drilled. Ed25519 signs
      checkpoints of event logs too; P-256 does not. A checkpoint's verifier key has the name of its log: --origin here and
      with prove or drill; without it each log has a name of its own, and prove and drill print the verifier key.
      """)

  @OptionGroup var shared: SharedOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The private key's file; the public one has .pub behind it.", valueName: "path"),
    completion: .file())
  var output: String

  @Option(help: ArgumentHelp("ed25519 or p256.", valueName: "name"))
  var algorithm = "ed25519"

  @Option(
    help: ArgumentHelp(
      "Print the verifier key of this log's checkpoints: the --origin that they get.", valueName: "name"))
  var origin: String?

  @Flag(help: "Replace the keys that are there.")
  var force = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try KeyGeneration(path: output, algorithm: algorithm, origin: origin, replaces: force).run()
  }
}

struct SignCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Puts evidence that is not signed into a signed envelope.",
    discussion: """
      Signs only what holds (evidence verify). The evidence stays as it is written: what says NOT_READY goes on saying so.
      """)

  @OptionGroup var shared: SharedOptions

  @Argument(help: "The evidence: a .json.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("The private key.", valueName: "key"), completion: .file())
  var sign: String

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The envelope; the evidence's name with .dsse.json if not given.", valueName: "path"),
    completion: .file())
  var output: String?

  @Flag(help: "Replace an existing file.")
  var force = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try EvidenceSigning(path: file, key: sign, output: output, replaces: force).run()
  }
}

struct VerifyEvidenceCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Checks evidence: signature, digests, equations, and the log replayed again.",
    discussion: """
      Every check is listed with what came of it. Exit status 1 if one fails. Without --key no signature is checked: digests and
      equations show that nobody changed the file by accident, only a signature that nobody did on purpose.
      """)

  @OptionGroup var shared: SharedOptions

  @Argument(help: "The evidence: a .json or .dsse.json.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("The public key whose signature is asked for.", valueName: "key"), completion: .file())
  var key: String?

  @Option(help: ArgumentHelp("The log, to be replayed again and compared.", valueName: "log"), completion: .file())
  var archive: String?

  @Option(help: ArgumentHelp("The golden trace that the drill was given.", valueName: "file"), completion: .file())
  var golden: String?

  @Option(
    help: ArgumentHelp("The accept list that the drill was given; --archive needs it.", valueName: "file"),
    completion: .file())
  var accept: String?

  @Option(
    help: ArgumentHelp("The evidence before, which the evidence must name.", valueName: "file"), completion: .file())
  var previous: String?

  @Option(
    help: ArgumentHelp("The snapshot that the drill wrote: every row is read.", valueName: "file"), completion: .file())
  var snapshot: String?

  @Option(help: ArgumentHelp("Workers of the replay.", valueName: "number"))
  var workers: Int?

  @Option(help: ArgumentHelp("Partitions of the replay.", valueName: "number"))
  var partitions: Int?

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = EvidenceCheckingArguments(path: file)
    arguments.key = key
    arguments.archive = archive
    arguments.golden = golden
    arguments.accept = accept
    arguments.previous = previous
    arguments.snapshot = snapshot
    arguments.workers = workers
    arguments.partitions = partitions
    return try await EvidenceChecking(arguments, services: services).run()
  }
}

struct ShowCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows evidence for people.",
    discussion: "Evidence that does not hold is not shown: exit status 1 and what is wrong.")

  @OptionGroup var shared: SharedOptions

  @Argument(help: "The evidence: a .json or .dsse.json.", completion: .file())
  var file: String

  func report(_ services: Services) throws(ReplayFailure) -> Report { try EvidenceShowing(path: file).run() }
}
