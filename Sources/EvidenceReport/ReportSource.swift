package import ReplayEvidence
package import StorageProtocol

/// Where the evidence of a report comes from, and what was checked of it.
package struct ReportSource: Sendable {
  /// The evidence's file, as it was named.
  package let path: String
  /// Of that file.
  package let sha256: Digest
  /// Whether the file is an envelope around the evidence.
  package let isEnvelope: Bool
  /// The key whose signature was asked for; nil without one.
  package let keyID: Digest?
  /// Every check that was made, with what came of it.
  package let checks: [EvidenceCheck]
  /// The program that makes the report, with its version.
  package let program: String

  package init(
    path: String, sha256: Digest, isEnvelope: Bool, keyID: Digest?, checks: [EvidenceCheck], program: String
  ) {
    self.path = path
    self.sha256 = sha256
    self.isEnvelope = isEnvelope
    self.keyID = keyID
    self.checks = checks
    self.program = program
  }
}

/// What is known of the signature of evidence.
package enum SignatureStanding: String, Sendable {
  /// By the key that was given.
  case verified
  /// There is an envelope, and no key was given.
  case notChecked = "not_checked"
  /// The evidence names a key, and the file has no signature.
  case missing
  case notSigned = "not_signed"
}

extension ReportSource {
  /// The standing of the signature.
  ///
  /// - Parameter document: the evidence.
  package func signature(of document: JSONObject) -> SignatureStanding {
    if checks.contains(where: { $0.name == .signature && $0.outcome == .holds }) { return .verified }
    if isEnvelope { return .notChecked }
    return document["signed_by"]?.isNull == false ? .missing : .notSigned
  }
}
