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
    let verification = EvidenceVerification(file: text)
    guard let document = verification.document,
      let evidenceDigest = digest(document, "evidence_digest"), let resultDigest = digest(document, "result_digest")
    else {
      let failed = verification.checks.first { $0.outcome == .fails }.map { ": \($0.detail)" } ?? ""
      throw .precondition(
        PreconditionFailure(
          description: "\(path) is no evidence that another could follow\(failed); move it away, or name another"
            + " with --previous"))
    }
    return EvidenceDocument.Previous(
      sha256: Digest.sha256(text), evidenceDigest: evidenceDigest, resultDigest: resultDigest)
  }

  private static func digest(_ document: JSONObject, _ name: String) -> Digest? {
    document[name]?.stringBytes.flatMap { Digest(hexadecimal: Array($0.dropFirst("sha256:".count))) }
  }
}
