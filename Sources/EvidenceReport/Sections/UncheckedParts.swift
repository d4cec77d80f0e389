internal import PageMarkup
internal import ReplayEvidence
internal import StorageProtocol

/// What nobody looked at, or could have: a sentence each.
struct UncheckedParts {
  private let evidence: ReportedEvidence

  init(_ evidence: ReportedEvidence) { self.evidence = evidence }

  var items: [Markup] {
    guard !evidence.isDamaged else {
      let all = "Anything of the log but its damage: nothing was applied, and nothing could be compared."
      return [all, signature, Self.again].map(Markup.text)
    }
    let missing = Comparisons.Side.allCases.filter { side in !evidence.sides.contains { $0.side == side } }
    return missing.map { .group([Piece.strong($0.rawValue), .text(": \(absence(of: $0)).")]) }
      + (contents + extent + [signature, Self.legacyHashes, Self.again]).map(Markup.text)
  }

  /// Why a comparison was not made.
  func absence(of side: Comparisons.Side) -> String {
    guard !evidence.isDamaged else { return "the log is damaged: there is nothing to compare" }
    return switch side {
    case .recorded: "the log records no events that could be compared"
    case .sequential: "the sequential run was left out"
    case .golden: "no golden trace was given"
    case .expected: "no state root and no state hash was given that should come out"
    }
  }

  /// STOREs and proofs that were not computed from content.
  private var contents: [String] {
    let stores = Figures.count(evidence.storeCount)
    let facts: [(path: String, text: (String) -> String)] = [
      (
        "stores.placeholder",
        {
          "Contents of \($0) of \(stores) applied STOREs: the log never had them, and their hashes are those of placeholder bytes."
        }
      ),
      (
        "stores.carried",
        {
          "Contents of \($0) of \(stores) applied STOREs: the log has none, so their hashes and sizes were carried over from its record."
        }
      ),
      ("proofs.carried", { "\($0) proofs, which were carried over from the record." }),
    ]
    return facts.compactMap { fact in
      guard let count = evidence.count("result.\(fact.path)"), count > 0 else { return nil }
      return fact.text(Figures.count(count))
    }
  }

  /// Whether the log is whole, and how much of it was replayed.
  private var extent: [String] {
    var texts: [String] = []
    if evidence["result.completeness.complete"].isNull, !evidence.isSalvage {
      texts.append(
        "Whether the log is whole: a plain log carries no sums, and nothing in it says how long it should be.")
    }
    if let ordinal = evidence.count("result.completeness.stop.before_ordinal") {
      texts.append("Entries from \(Figures.count(ordinal)) on: the replay was asked to end before them.")
    }
    if !evidence["result.completeness.stop.after_epoch"].isNull {
      texts.append(
        "Entries behind epoch \(evidence.text("result.completeness.stop.after_epoch")): the replay was asked to end there."
      )
    }
    if let lost = evidence.count("result.completeness.lost_entries"), lost > 0 {
      texts.append(
        "\(Figures.count(lost, "entry that is", "entries that are")) lost: what depends on them may be wrong.")
    }
    if !evidence.sides.contains(where: { $0.side == .golden || $0.side == .expected }) {
      texts.append(
        "Whether the log is the right one: nothing from outside of it was compared, so it only explains itself.")
    }
    return texts
  }

  private var signature: String {
    let signer = evidence.text("signed_by.key_id")
    switch evidence.source.signature(of: evidence.document) {
    case .verified:
      return
        "Whether the signed evidence is true: the signature says who signed it, by the key \(evidence.source.keyID?.hexadecimal ?? signer)."
    case .notChecked:
      return "The signature was not checked, since no key was given (--key): anybody may have made this envelope."
    case .missing:
      return
        "The signature was not checked: the evidence says that the key \(signer) signs it, but this file has no signature."
    case .notSigned: return "The evidence is not signed: digests show an accident, not a forgery."
    }
  }

  private static let legacyHashes =
    "The legacy hashes cover counters only: two states that differ may have the same. The state root covers everything."

  private static let again =
    "The log was not replayed again to make this page: evidence verify --archive does that, best on another machine."
}
