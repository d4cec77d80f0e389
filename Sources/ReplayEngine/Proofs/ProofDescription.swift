internal import ProofFiles
internal import Signing
internal import StateCommitment
internal import StorageProtocol

/// What a proof says, in words.
struct ProofDescription {
  let kind: String
  let sentence: String
  /// Nil where the proof is neither of something that is there nor of something that is not.
  let isPresent: Bool?
  /// As documents name it.
  let rootName: String
  /// The root that the file states.
  let root: Digest

  /// As people name it.
  var rootTitle: String { rootName == ProofDescription.stateRoot ? "state root" : "log root" }

  private static let stateRoot = "state_root"
  private static let logRoot = "log_root"

  /// - Parameter coversSizes: whether something covers the numbers of events; else they are said to be the file's word.
  init(_ proof: ProofFile, coversSizes: Bool) {
    switch proof {
    case .state(let proof):
      (kind, sentence) = ProofDescription.words(proof.claim)
      isPresent = !proof.claim.isAbsence
      rootName = ProofDescription.stateRoot
      root = proof.roots.state
    case .event(let proof):
      kind = "event"
      let place = "event \(proof.inclusion.index), counted from 0, of a log of \(proof.inclusion.size) events"
      sentence = coversSizes ? place : "the event is in the log; at the place the file says: \(place)"
      isPresent = true
      rootName = ProofDescription.logRoot
      root = proof.checkpoint.root
    case .consistency(let proof):
      kind = "consistency"
      sentence =
        coversSizes
        ? "a log of \(proof.consistency.second) events begins with all of one of \(proof.consistency.first), whose "
          + "log root is \(proof.firstRoot.hexadecimal)"
        : "a log begins with all of the one whose log root is \(proof.firstRoot.hexadecimal); by the sizes the file "
          + "says: \(proof.consistency.second) events with \(proof.consistency.first)"
      isPresent = nil
      rootName = ProofDescription.logRoot
      root = proof.secondRoot
    }
  }

  private static func words(_ claim: StateClaim) -> (kind: String, sentence: String) {
    switch claim {
    case .object(let version):
      let object = version.object
      let id = PrintableText.quoted(version.id.bytes)
      let orphanCount = object.shards.count - object.currentShardCount
      return (
        "object",
        "object \(id) version \(version.version.value) is in the state: written by event "
          + "\(object.writer.hexadecimal), \(object.currentShardCount) shards, \(orphanCount) orphans"
      )
    case .noObject(let id, let version, _):
      return ("object-absence", "object \(PrintableText.quoted(id.bytes)) version \(version.value) is NOT in the state")
    case .node(let node):
      return (
        "node",
        "node \(PrintableText.quoted(node.id.bytes)) is in the state: \(node.status.rawValue), "
          + "\(node.bytesStored.trimmedDecimalString) bytes stored, \(node.proofsVerified.trimmedDecimalString) proofs"
      )
    case .noNode(let id, _): return ("node-absence", "node \(PrintableText.quoted(id.bytes)) is NOT in the state")
    }
  }
}

extension ProofFile {
  /// Whose log it is, as a checkpoint says.
  var origin: String? {
    switch self {
    case .event(let proof): proof.checkpoint.origin
    case .consistency(let proof): (try? proof.checkpoint())?.origin
    case .state: nil
    }
  }
}
