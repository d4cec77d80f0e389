internal import ProofFiles
internal import StorageProtocol

/// What of a proof is covered by something from elsewhere, and what is the file's own word.
struct ProofTrust {
  /// Whether the root that the proof leads to is one that was given, or that a key signed for the log which is meant.
  let coversRoot: Bool
  /// Whether the numbers of events, and with them places in the log, are covered too. A state root covers them, a log root does
  /// not: its tree hashes to the same root for some other sizes and places (Proofs.md).
  let coversSizes: Bool
  private let proof: ProofFile
  private let comparisons: [ProofComparison]

  /// - Parameter comparisons: every one that was asked for; where one is unequal, nothing is covered.
  init(_ proof: ProofFile, _ comparisons: [ProofComparison]) {
    self.proof = proof
    self.comparisons = comparisons
    let holds = comparisons.allSatisfy(\.isEqual)
    coversRoot = holds && comparisons.contains(where: \.isOfTheRoot)
    if case .state = proof {
      coversSizes = coversRoot
    } else {
      coversSizes = holds && comparisons.contains(where: \.isOfTheSize)
    }
  }

  /// Whether all that the proof claims is covered.
  var isWhole: Bool { coversRoot && coversSizes }

  var json: JSONValue { .members(["root": .boolean(coversRoot), "event_count": .boolean(coversSizes)]) }

  /// What the reader may rely on, in a sentence.
  var sentence: String {
    if isWhole { return "all of it is covered by what was given" }
    if coversRoot { return "the root alone: how many events the log has, and at which place, is the file's word" }
    if comparisons.contains(where: \.isOfSomeLog) {
      return "that root is one the key signed, of some log: --origin names the log that is meant"
    }
    return "that root was compared with nothing: you must have it from a source that you trust"
  }

  /// What nothing that was given covers.
  var notes: [String] {
    var notes: [String] = []
    if !coversSizes, proof.hasSizes {
      notes.append(
        "the numbers of events are the file's word: a root covers them only with a signature or --event-count")
    }
    if case .consistency(let consistency) = proof, !comparisons.contains(where: { $0.side == "from-root" }) {
      notes.append("the earlier root, \(consistency.firstRoot.hexadecimal), was compared with nothing")
    }
    if case .event(let event) = proof, event.hasExtraData {
      notes.append("the file has extra data, which nothing covers: they were not looked at")
    }
    if let origin = proof.origin {
      notes.append("the checkpoint is of \(PrintableText.quoted(origin))")
    }
    return notes
  }
}

extension ProofFile {
  /// Whether the proof speaks of sizes of logs.
  fileprivate var hasSizes: Bool {
    if case .state = self { false } else { true }
  }
}
