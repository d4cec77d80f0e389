internal import StateCommitment
internal import StorageProtocol

/// What `prove` is asked, as typed.
public struct ProofArguments: Sendable {
  /// The file of the proof.
  public var output: String
  public var force = false
  /// The object version or the node that is proved.
  public var part = PartArguments()
  /// The place of an event among the events of the log.
  public var event: UInt64?
  /// The ordinal of the entry whose event is proved.
  public var ordinal: UInt64?
  /// Events of the earlier log.
  public var consistency: UInt64?
  /// Events of the later log; nil for the whole log.
  public var to: UInt64?
  /// Path of the key that signs the checkpoint.
  public var signingKey: String?
  /// Whose log it is, in checkpoints.
  public var origin: String?

  public init(output: String) { self.output = output }
}

/// What is proved.
enum ProofSubject: Sendable {
  case object(Identifier, ObjectVersion)
  case node(Identifier)
  case event(EventPlace)
  /// Numbers of events; the later one nil for the whole log.
  case consistency(first: UInt64, second: UInt64?)

  /// Which event is meant.
  enum EventPlace: Sendable {
    /// Counted among the events of the log.
    case index(UInt64)
    /// The one that the entry emitted.
    case ordinal(Ordinal)
  }

  /// Whether the proof has a checkpoint of the log, which can be signed.
  var hasCheckpoint: Bool {
    switch self {
    case .event, .consistency: true
    case .object, .node: false
    }
  }

  /// Whether the event is told by the entry that emitted it.
  var isOfEntry: Bool {
    if case .event(.ordinal) = self { true } else { false }
  }

  /// - Throws: `.usage` where not exactly one thing is asked for, or what belongs to another.
  init(_ arguments: ProofArguments) throws(ReplayFailure) {
    var asked: [ProofSubject] = []
    let part = try arguments.part.named()
    if let object = part.object {
      guard let version = part.version else {
        throw ReplayOptions.usage("--object takes --version too: every version is an object of its own")
      }
      asked.append(.object(object, version))
    }
    if let node = part.node { asked.append(.node(node)) }
    if let index = arguments.event { asked.append(.event(.index(index))) }
    if let ordinal = arguments.ordinal { asked.append(.event(.ordinal(Ordinal(ordinal)))) }
    if let first = arguments.consistency { asked.append(.consistency(first: first, second: arguments.to)) }
    guard asked.count == 1, let subject = asked.first else {
      throw ReplayOptions.usage("prove one thing: --object with --version, --node, --event, --ordinal or --consistency")
    }
    if case .consistency(let first, let second) = subject {
      guard first > 0, second.map({ $0 >= first }) ?? true else {
        throw ReplayOptions.usage(
          "--consistency is 1 or more, and --to not less: nothing is the beginning of every log")
      }
    } else if arguments.to != nil {
      throw ReplayOptions.usage("--to belongs to --consistency")
    }
    self = subject
    guard hasCheckpoint || (arguments.signingKey == nil && arguments.origin == nil) else {
      throw ReplayOptions.usage("--sign and --origin are for checkpoints of the log: --event, --ordinal, --consistency")
    }
  }
}
