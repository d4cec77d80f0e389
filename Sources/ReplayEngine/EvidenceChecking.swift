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
  /// Path of the snapshot that the drill wrote.
  public var snapshot: String?
  /// Path of the evidence that this one must follow.
  public var previous: String?
  /// Workers of the replay; nil for as many as there are processors.
  public var workers: Int?
  /// Partitions of the replay; nil for the usual number.
  public var partitions: Int?

  public init(path: String) { self.path = path }
}

/// The verb `evidence verify`: every check that the file, a key, the log and a golden trace allow, each with what came of it.
public struct EvidenceChecking: Sendable {
  let arguments: EvidenceCheckingArguments
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
      try checkPrevious(document, &verification)
      try checkSnapshot(document, &verification)
      var inputs = try EvidenceInputs(document, arguments, services)
      try inputs.checkGolden(&verification)
      inputs.checkAccept(&verification)
      try await inputs.checkArchive(&verification)
    } else {
      let inputs: [(EvidenceCheck.Name, String?)] = [
        (.previous, arguments.previous), (.snapshot, arguments.snapshot), (.golden, arguments.golden),
        (.acceptList, arguments.accept),
        (.archive, arguments.archive),
      ]
      for (name, given) in inputs {
        if given != nil { verification.add(name, .notChecked, "the evidence does not hold as it is") }
      }
    }
    return EvidenceChecking.report(verification)
  }

  /// Whether the evidence before that is given is the one that this one names.
  ///
  /// - Throws: `.input`.
  private func checkPrevious(
    _ document: JSONObject, _ verification: inout EvidenceVerification
  ) throws(ReplayFailure) {
    let stated = document["previous"]?.objectValue
    guard let path = arguments.previous else {
      if stated != nil { verification.add(.previous, .notChecked, "the evidence before was not given") }
      return
    }
    guard let stated else {
      verification.add(.previous, .fails, "the evidence names none before it")
      return
    }
    let (link, fault) = EvidenceInput.link(to: try EvidenceInput.bytes(path))
    guard let link else {
      verification.add(.previous, .fails, "what was given does not hold\(fault.map { ": \($0)" } ?? "")")
      return
    }
    if JCS.areEqual(.object(stated), link.json) {
      verification.add(.previous, .holds, "the evidence that this one names, by its digests")
    } else if link.json.objectValue?["evidence_digest"] == stated["evidence_digest"] {
      verification.add(.previous, .fails, "the evidence that this one names, but another file of it, by its SHA-256")
    } else {
      verification.add(.previous, .fails, "other evidence, by its digests")
    }
  }

  /// What came of every check; exit status 1 if one failed.
  static func report(_ verification: EvidenceVerification) -> Report {
    let checks = verification.checks
    let counts = [EvidenceCheck.Outcome.holds, .fails, .missing, .notChecked].map { outcome in
      checks.count { $0.outcome == outcome }
    }
    return Report(
      status: verification.holds ? .done : .diverged,
      json: .members([
        "schema": .text("eqm-replay/evidence-verification/1"), "holds": .boolean(verification.holds),
        "checks": .array(checks.map(\.json)),
      ]),
      text: checks.map { check in
        ResultText.row(check.name.rawValue, "\(check.outcome.words): \(check.detail)", width: EvidenceCheck.nameWidth)
      } + ["", "\(counts[0]) hold, \(counts[1]) fail, \(counts[2]) missing, \(counts[3]) not checked"])
  }
}

extension EvidenceCheck.Outcome {
  /// What did not hold, and what nobody looked at, in capitals.
  fileprivate var words: String {
    switch self {
    case .holds: "holds"
    case .fails: "FAILS"
    case .missing: "MISSING"
    case .notChecked: "NOT CHECKED"
    }
  }
}
