internal import ReplayEvidence
internal import Signing
internal import StorageProtocol

/// What evidence is checked with.
public struct EvidenceCheckingArguments: Sendable {
  /// Path of the evidence, `.json` or `.dsse.json`.
  public var path: String
  /// Path of the public key whose signature is asked for.
  public var key: String?
  /// The log, to be replayed again.
  public var archive: String?
  /// The golden trace that the drill was given.
  public var golden: String?
  /// The accept list that the drill was given.
  public var accept: String?
  /// Workers of the replay; nil for as many as there are processors.
  public var workers: Int?
  /// Partitions of the replay; nil for the usual number.
  public var partitions: Int?

  public init(path: String) { self.path = path }
}

/// The verb `evidence verify`: every check that the file, a key, the log and a golden trace allow, each with what came of it.
public struct EvidenceChecking: Sendable {
  private let arguments: EvidenceCheckingArguments
  private let services: Services

  public init(_ arguments: EvidenceCheckingArguments, services: Services) {
    self.arguments = arguments
    self.services = services
  }

  /// - Throws: `.input` for a file that cannot be read; `.precondition` for a key or an accept list; `.log`, `.logChanged` of the replay.
  public func run() async throws(ReplayFailure) -> Report {
    let key = try arguments.key.map { (path) throws(ReplayFailure) in try KeyFile.verifyingKey(path) }
    var verification = EvidenceVerification(file: try EvidenceInput.bytes(arguments.path), key: key)
    // Whatever a broken document says of its inputs is not worth a replay.
    if let document = verification.document {
      let inputs = try EvidenceInputs(document, arguments, services)
      try inputs.checkGolden(&verification)
      inputs.checkAccept(&verification)
      try await inputs.checkArchive(&verification)
    } else {
      let inputs: [(EvidenceCheck.Name, String?)] = [
        (.golden, arguments.golden), (.acceptList, arguments.accept), (.archive, arguments.archive),
      ]
      for (name, given) in inputs {
        if given != nil { verification.add(name, .notChecked, "the evidence does not hold as it is") }
      }
    }
    return EvidenceChecking.report(verification)
  }

  /// What came of every check; exit status 1 if one failed.
  static func report(_ verification: EvidenceVerification) -> Report {
    let checks = verification.checks
    let counts = [EvidenceCheck.Outcome.holds, .fails, .notChecked].map { outcome in
      checks.count { $0.outcome == outcome }
    }
    return Report(
      status: verification.holds ? .done : .diverged,
      json: .members([
        "schema": .text("eqm-replay/evidence-verification/1"), "holds": .boolean(verification.holds),
        "checks": .array(checks.map(\.json)),
      ]),
      text: checks.map { check in
        let outcome = check.outcome == .notChecked ? "NOT CHECKED" : check.outcome == .holds ? "holds" : "FAILS"
        return ResultText.row(check.name.rawValue, "\(outcome): \(check.detail)", width: EvidenceCheck.nameWidth)
      } + ["", "\(counts[0]) hold, \(counts[1]) fail, \(counts[2]) not checked"])
  }
}
