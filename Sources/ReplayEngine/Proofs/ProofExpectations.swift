internal import GoldenRun
internal import ProofFiles
internal import Signing
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// One comparison of a proof with something from elsewhere.
struct ProofComparison {
  let side: String
  let isEqual: Bool
  let sentence: String
  /// Whether it says whose root the proof leads to.
  var isOfTheRoot = false
  /// Whether it says how many events the log has.
  var isOfTheSize = false
  /// Whether it says of the root only that a key signed it, for whichever of its logs.
  var isOfSomeLog = false
}

/// What a proof is compared with.
struct ProofExpectations: Sendable {
  private let root: Digest?
  private let earlierRoot: Digest?
  private let eventCount: UInt64?
  private let key: TrustedKey?
  private let origin: String?
  private let eventID: Digest?

  /// - Throws: `.usage`, `.input`.
  init(_ arguments: ProofCheckArguments) throws(ReplayFailure) {
    root = try ReplayOptions.digest(arguments.root, "--root")
    earlierRoot = try ReplayOptions.digest(arguments.earlierRoot, "--from-root")
    eventCount = arguments.eventCount
    key = try arguments.key.map { (key) throws(ReplayFailure) in try TrustedKey(key) }
    origin = arguments.origin
    try CheckpointSigner.check(origin)
    guard origin == nil || key != nil else {
      throw ReplayOptions.usage("--origin says whose log the key must have signed: it goes with --key")
    }
    guard arguments.eventID == nil || arguments.event == nil else {
      throw ReplayOptions.usage("--event-id or --event, not both")
    }
    let event = try arguments.event.map { (path) throws(ReplayFailure) in try StorageEvent.id(inFile: path) }
    eventID = try ReplayOptions.digest(arguments.eventID, "--event-id") ?? event
  }

  /// The root that a proof leads to, computed again; nil for a proof of an event where nobody says which.
  ///
  /// - Throws: ``ProofFault``; `.usage` for what does not belong to such a proof.
  func root(of proof: ProofFile) throws -> Digest? {
    if case .consistency = proof {
    } else if earlierRoot != nil {
      throw ReplayOptions.usage("--from-root is for a proof of consistency")
    }
    switch proof {
    case .event(let proof): return try eventID.map { (id) throws(ProofFault) in try proof.check(id) }
    case .state, .consistency:
      guard eventID == nil else { throw ReplayOptions.usage("--event-id and --event are for a tlog-proof") }
    }
    if case .state(let proof) = proof {
      guard eventCount == nil, key == nil else {
        throw ReplayOptions.usage("--event-count and --key are for proofs over the log: a state has --root")
      }
      return try proof.check()
    }
    guard case .consistency(let proof) = proof else { return nil }
    return try proof.check()
  }

  /// Every comparison that was asked for.
  func comparisons(with proof: ProofFile, leadingTo computed: Digest) -> [ProofComparison] {
    var comparisons: [ProofComparison] = []
    if let root {
      let isEqual = computed == root
      comparisons.append(
        ProofComparison(
          side: "root", isEqual: isEqual,
          sentence: isEqual ? "it is the root given" : "it is not the root given, \(root.hexadecimal)",
          isOfTheRoot: true))
    }
    if case .consistency(let proof) = proof, let earlierRoot {
      let isEqual = proof.firstRoot == earlierRoot
      comparisons.append(
        ProofComparison(
          side: "from-root", isEqual: isEqual,
          sentence: isEqual
            ? "the earlier root is the one given"
            : "the earlier root is \(proof.firstRoot.hexadecimal), not the one given"))
    }
    if let eventCount, let size = proof.size {
      let isEqual = size == eventCount
      comparisons.append(
        ProofComparison(
          side: "event-count", isEqual: isEqual,
          sentence: isEqual ? "\(size) events, as given" : "\(size) events, not the \(eventCount) given",
          isOfTheSize: true))
    }
    if let key { comparisons.append(key.comparison(with: proof, of: origin)) }
    if let origin { comparisons.append(ProofExpectations.comparison(of: proof.origin, with: origin)) }
    return comparisons
  }

  private static func comparison(of stated: String?, with origin: String) -> ProofComparison {
    let isEqual = stated == origin
    return ProofComparison(
      side: "origin", isEqual: isEqual,
      sentence: isEqual
        ? "the checkpoint is of the log named"
        : "the checkpoint is of \(stated.map { PrintableText.quoted($0) } ?? "no log"), not of \(PrintableText.quoted(origin))"
    )
  }
}

extension ProofFile {
  /// Events of the log whose root the proof leads to; nil for a proof of a state.
  fileprivate var size: UInt64? {
    switch self {
    case .event(let proof): proof.inclusion.size
    case .consistency(let proof): proof.consistency.second
    case .state: nil
    }
  }
}

extension StorageEvent {
  /// The id of the event in a file: computed from its 13 fields, and equal to the one beside them if there is one.
  ///
  /// - Throws: `.input`.
  fileprivate static func id(inFile path: String) throws(ReplayFailure) -> Digest {
    func failure(_ sentence: String) -> ReplayFailure { .input(InputFailure(description: "\(path) \(sentence)")) }
    let text: [UInt8]
    do {
      text = try BoundedFile.read(path, bytesMax: ProofFile.bytesMax)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
    guard let (value, fault) = try? JSONReader.read(text), fault == nil, let object = value.objectValue else {
      throw failure("is not one JSON object")
    }
    let fields = EventFields(recordedIn: object)
    guard fields.isComplete else { throw failure("has not the 13 fields of an event") }
    let id = StorageEvent(fields).id
    guard object["event_id"].map({ $0 == .hexadecimal(id) }) ?? true else {
      throw failure("is not what its event_id says: its fields give \(id.hexadecimal)")
    }
    return id
  }
}
