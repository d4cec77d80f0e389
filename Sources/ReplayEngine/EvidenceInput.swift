internal import ReplayEvidence
internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// Evidence that is read back.
enum EvidenceInput {
  /// The bytes of an evidence file.
  ///
  /// - Throws: `.input`.
  static func bytes(_ path: String) throws(ReplayFailure) -> [UInt8] {
    do {
      return try BoundedFile.read(path, bytesMax: UnverifiedEvidence.bytesMax)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
  }

  /// The evidence that a new one follows.
  ///
  /// - Throws: `.precondition` for a file that cannot be read or does not hold: no chain goes through it.
  static func previous(_ path: String) throws(ReplayFailure) -> EvidenceDocument.Previous {
    let text: [UInt8]
    do {
      text = try BoundedFile.read(path, bytesMax: UnverifiedEvidence.bytesMax)
    } catch {
      throw .precondition(PreconditionFailure(description: "the evidence before: \(error)"))
    }
    let (link, fault) = link(to: text)
    guard let link else {
      throw .precondition(
        PreconditionFailure(
          description: "\(path) is no evidence that another could follow\(fault.map { ": \($0)" } ?? "");"
            + " move it away, or name another with --previous"))
    }
    return link
  }

  /// What names the evidence in a file; nil, and why, where that does not hold.
  static func link(to text: [UInt8]) -> (EvidenceDocument.Previous?, fault: String?) {
    let verification = EvidenceVerification(file: text)
    guard let document = verification.document,
      let evidenceDigest = digest(document, "evidence_digest"), let resultDigest = digest(document, "result_digest")
    else { return (nil, verification.checks.first { $0.outcome == .fails }?.detail) }
    let link = EvidenceDocument.Previous(
      sha256: Digest.sha256(text), evidenceDigest: evidenceDigest, resultDigest: resultDigest)
    return (link, nil)
  }

  private static func digest(_ document: JSONObject, _ name: String) -> Digest? {
    document[name]?.stringBytes.flatMap { Digest(hexadecimal: Array($0.dropFirst("sha256:".count))) }
  }
}
