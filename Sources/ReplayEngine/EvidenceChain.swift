internal import ReplayEvidence
internal import StorageProtocol
internal import SystemFiles

/// Evidence files of one folder, and which of them names which as the one before it. What they say is not checked here: whoever
/// follows one checks that it holds.
enum EvidenceChain {
  private struct Link {
    let path: String
    let sha256: Digest
    let evidenceDigest: JSONValue?
    /// What it names as the evidence before it; nil where it names none.
    let previous: JSONObject?
    /// When its run ended (ISO 8601, UTC, microseconds): such texts stand in the order of time.
    let ended: [UInt8]

    /// Nil for a file that is no evidence, or does not say when it was made.
    init?(_ path: String) {
      guard let text = try? BoundedFile.read(path, bytesMax: UnverifiedEvidence.bytesMax),
        let document = (try? UnverifiedEvidence(parsing: text))?.document,
        let ended = document["run"]?.objectValue?["ended"]?.stringBytes
      else { return nil }
      self.path = path
      sha256 = .sha256(text)
      evidenceDigest = document["evidence_digest"]
      previous = document["previous"]?.objectValue
      self.ended = ended
    }

    /// Whether this one names `other` as the one before it, by its file or by what it says.
    func follows(_ other: Link) -> Bool {
      guard let previous else { return false }
      return previous["evidence_sha256"] == .hexadecimal(other.sha256)
        || (other.evidenceDigest != nil && previous["evidence_digest"] == other.evidenceDigest)
    }
  }

  /// The path of the evidence that a new one follows: of those that none follows the one whose run ended last; nil without any.
  ///
  /// - Parameter paths: of evidence, in the order of their names, which decides between runs that ended at one moment.
  /// - Throws: `.precondition` for a file that is no evidence: which one is the newest cannot be told then.
  static func head(of paths: [String]) throws(ReplayFailure) -> String? {
    var links: [Link] = []
    for path in paths {
      guard let link = Link(path) else {
        throw .precondition(
          PreconditionFailure(
            description: "\(path) has the name of evidence and is none that can be read, so nobody knows which is the"
              + " newest: move it away, or name the evidence to follow with --previous"))
      }
      links.append(link)
    }
    let heads = links.filter { link in !links.contains { $0.follows(link) } }
    // Of those that ended at one moment `max` gives the first.
    return heads.reversed().max { $0.ended.lexicographicallyPrecedes($1.ended) }?.path
  }

  /// The path of a file that names one of `replaced` as the evidence before it; nil where none does.
  ///
  /// - Parameter others: what is no evidence among them is passed over.
  static func follower(of replaced: [String], among others: [String]) -> String? {
    let replaced = replaced.compactMap(Link.init)
    guard !replaced.isEmpty else { return nil }
    return others.first { path in Link(path).map { link in replaced.contains { link.follows($0) } } ?? false }
  }
}
