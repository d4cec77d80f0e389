internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// What evidence that holds was made from: the golden trace and the log, looked at again.
struct EvidenceInputs {
  private let result: JSONObject
  private let verification: JSONObject
  private let accept: AcceptAgain
  private let arguments: EvidenceCheckingArguments
  private let services: Services
  /// Path of the golden trace, where it is the one that was compared with.
  private var golden: String?

  /// - Parameter document: evidence that holds.
  /// - Throws: `.precondition` for an accept list that cannot be read.
  init(
    _ document: JSONObject, _ arguments: EvidenceCheckingArguments, _ services: Services
  ) throws(ReplayFailure) {
    guard let result = document["result"]?.objectValue, let verification = document["verification"]?.objectValue else {
      preconditionFailure("evidence that holds has a result")
    }
    accept = try AcceptAgain(document, path: arguments.accept)
    self.result = result
    self.verification = verification
    self.arguments = arguments
    self.services = services
  }

  private var statedTrace: JSONObject? { result["golden_trace"]?.objectValue }

  /// Whether the golden trace that is given is the one that was compared with.
  ///
  /// - Throws: `.input` for a trace that cannot be read; `.log` where reading is interrupted.
  mutating func checkGolden(_ verification: inout EvidenceVerification) throws(ReplayFailure) {
    guard let path = arguments.golden else {
      if statedTrace != nil { verification.add(.golden, .notChecked, "the golden trace was not given") }
      return
    }
    guard let statedTrace else {
      verification.add(.golden, .fails, "the evidence was compared with no golden trace")
      return
    }
    let identity = try identity(ofGolden: path)
    let isSame = statedTrace["sha256"] == .hexadecimal(identity)
    // A comparison with another trace would say nothing of the evidence's.
    golden = isSame ? path : nil
    verification.add(
      .golden, isSame ? .holds : .fails, isSame ? "the trace of the evidence" : "another trace, by its SHA-256")
  }

  private func identity(ofGolden path: String) throws(ReplayFailure) -> Digest {
    do throws(ReplayFailure) {
      return try ReplayOptions(ReplayArguments(log: path)).storedIdentity(services).sha256
    } catch {
      guard case .log(let failure) = error, !failure.isInterruption else { throw error }
      let reason: String
      switch failure.error.reason {
      case .cannotOpen(let cause), .cannotRead(let cause): reason = "cannot be read: \(cause)"
      case .isFolder: reason = "is a folder"
      default: reason = "cannot be read: \(failure.error)"
      }
      throw .input(InputFailure(description: "the golden trace \(path) \(reason)"))
    }
  }

  /// Whether the accept list that is given is the one of the drill.
  func checkAccept(_ verification: inout EvidenceVerification) {
    if let check = accept.check { verification.add(check.name, check.outcome, check.detail) }
  }

  /// Whether the log that is given is the one of the evidence, and gives the same result again.
  ///
  /// - Throws: `.log`, `.logChanged`, `.precondition`.
  func checkArchive(_ verification: inout EvidenceVerification) async throws(ReplayFailure) {
    guard let path = arguments.archive else {
      verification.add(.archive, .notChecked, "the log was not given")
      verification.add(.replay, .notChecked, "nothing was replayed")
      return
    }
    let options = try ReplayOptions(replayArguments(path))
    let checks = try await options.withRereadableLog(services) {
      (options) async throws(ReplayFailure) -> [EvidenceCheck] in try await self.checks(of: options)
    }
    for check in checks { verification.add(check.name, check.outcome, check.detail) }
  }

  private func checks(of options: ReplayOptions) async throws(ReplayFailure) -> [EvidenceCheck] {
    let identity = try options.storedIdentity(services)
    guard result["archive"]?.objectValue?["sha256"] == .hexadecimal(identity.sha256) else {
      return [
        EvidenceCheck(.archive, .fails, "another log, by its SHA-256"),
        EvidenceCheck(.replay, .notChecked, "another log gives another result"),
      ]
    }
    let archive = EvidenceCheck(.archive, .holds, "the log of the evidence, by its SHA-256")
    guard let options = accept.applied(to: options) else {
      return [archive, EvidenceCheck(.replay, .notChecked, "without the drill's accept list the result is another")]
    }
    let evidence = try await replayed(options)
    let difference = EvidenceInputs.firstDifference(stated: statedParts, replayed: parts(of: evidence))
    let replay =
      if let difference {
        EvidenceCheck(.replay, .fails, "\(difference) is another one after this replay")
      } else {
        EvidenceCheck(.replay, .holds, comparesAll ? "the same result in every field" : withoutTrace)
      }
    return [archive, replay]
  }

  private let withoutTrace = "the same result; the comparison with the golden trace was not made again"

  /// Whether every comparison of the evidence can be made again.
  private var comparesAll: Bool { statedTrace == nil || golden != nil }

  /// The options of the drill, as the evidence has them.
  private func replayArguments(_ path: String) -> ReplayArguments {
    let options = result["options"]?.objectValue
    let text = { (name: String) in options?[name]?.stringBytes.map { String(decoding: $0, as: UTF8.self) } }
    var arguments = ReplayArguments(log: path)
    arguments.profile = text("profile")
    arguments.threshold = text("threshold") ?? arguments.threshold
    arguments.expectedStateHash = text("expected_state_hash")
    arguments.expectedStateRoot = text("expected_state_root")
    if case .number(let digits) = options?["max_content_size"] {
      arguments.maxContentSize = String(decoding: digits, as: UTF8.self)
    }
    arguments.workers = self.arguments.workers
    arguments.partitions = self.arguments.partitions
    let sides = result["comparison"]?.objectValue?["with"]?.elements ?? []
    arguments.crossCheck = sides.contains(.text("sequential"))
    arguments.golden = golden
    return arguments
  }

  private func replayed(_ options: ReplayOptions) async throws(ReplayFailure) -> JSONObject {
    var clock = StepClock()
    services.onPlan(options.findingSteps)
    let (fitted, damage) = try options.fittedOrDamaged(services)
    let golden = try fitted.goldenComparison(services)
    let finding =
      if let damage { try fitted.damaged(damage, golden, services) } else {
        try await fitted.found(golden, services, &clock)
      }
    return finding.evidence(fitted).json(timestamp: "", run: JSONObject([:]))
  }

  // MARK: Comparing

  private var statedParts: [(name: String, value: JSONValue)] { parts(result, verification) }

  private func parts(of evidence: JSONObject) -> [(name: String, value: JSONValue)] {
    guard let result = evidence["result"]?.objectValue, let verification = evidence["verification"]?.objectValue else {
      preconditionFailure("evidence has a result")
    }
    return parts(result, verification)
  }

  /// What can be compared: without the golden trace, nothing that hangs on it.
  private func parts(_ result: JSONObject, _ verification: JSONObject) -> [(name: String, value: JSONValue)] {
    let hanging = ["golden_trace", "comparison", "verdict"]
    let members = result.members.map { (name: String(decoding: $0.key, as: UTF8.self), value: $0.value) }
    var parts = members.filter { comparesAll || !hanging.contains($0.name) }
    if !comparesAll {
      for side in Comparisons.Side.allCases where side != .golden {
        let sides = result["comparison"]?.objectValue?["sides"]?.objectValue
        parts.append(("comparison with \(side.rawValue)", sides?[side.rawValue] ?? .null))
      }
    }
    for name in ["divergences", "divergences_omitted"] { parts.append((name, verification[name] ?? .null)) }
    return parts
  }

  private static func firstDifference(
    stated: [(name: String, value: JSONValue)], replayed: [(name: String, value: JSONValue)]
  ) -> String? {
    for part in stated {
      guard let again = replayed.first(where: { $0.name == part.name }), JCS.areEqual(again.value, part.value) else {
        return part.name
      }
    }
    return replayed.first { part in !stated.contains { $0.name == part.name } }?.name
  }
}
