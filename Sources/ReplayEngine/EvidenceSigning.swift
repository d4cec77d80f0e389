internal import ReplayEvidence
internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// The verb `evidence sign`: puts evidence that was not signed when it was made into a signed envelope.
///
/// The evidence stays as it is written: what says NOT_READY goes on saying so.
public struct EvidenceSigning: Sendable {
  private let path: String
  private let keyPath: String
  private let target: TargetFile

  /// - Parameters:
  ///   - path: the evidence, `.json`.
  ///   - key: path of the private key.
  ///   - output: nil for the evidence's name with `.dsse.json`.
  ///   - replaces: whether a file at `output` may be replaced.
  public init(path: String, key: String, output: String?, replaces: Bool) {
    self.path = path
    keyPath = key
    let stem = path.hasSuffix(".json") ? String(path.dropLast(".json".count)) : path
    target = TargetFile(path: output ?? stem + EvidenceFile.Sibling.envelope.rawValue, replaces: replaces)
  }

  /// Checks the evidence, and signs it if it holds; reports the checks with exit status 1 if not.
  ///
  /// - Throws: `.precondition`, `.input`, `.output`.
  public func run() throws(ReplayFailure) -> Report {
    let key = try KeyFile.signingKey(keyPath)
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: path) }
    let verification = EvidenceVerification(file: try EvidenceInput.bytes(path))
    guard let document = verification.document else { return EvidenceChecking.report(verification) }
    guard verification.evidence?.envelope == nil else {
      throw .precondition(PreconditionFailure(description: "\(path) is an envelope already: sign the evidence itself"))
    }
    guard document["signed_by"]?.isNull == true || EvidenceSigning.names(document, key) else {
      throw .precondition(PreconditionFailure(description: "\(path) says that another key signs it"))
    }
    do {
      try write(key.envelope(around: document))
    } catch {
      throw ReplayFailure(output: error)
    }
    return report(document, key)
  }

  private static func names(_ document: JSONObject, _ key: SigningKey) -> Bool {
    document["signed_by"]?.objectValue?["key_id"] == .hexadecimal(key.verifyingKey.id)
  }

  private func write(_ envelope: [UInt8]) throws(FileError) {
    var file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-envelope")
    try file.write(envelope)
    try file.publish(to: target)
  }

  private func report(_ document: JSONObject, _ key: SigningKey) -> Report {
    let readiness = document["audit_readiness"] ?? .null
    let keyID = key.verifyingKey.id.hexadecimal
    return Report(
      status: .done,
      json: .members([
        "schema": .text("eqm-replay/evidence-signature/1"), "envelope": .text(target.path), "key_id": .text(keyID),
        "evidence_digest": document["evidence_digest"] ?? .null, "audit_readiness": readiness,
      ]),
      text: [
        ResultText.row("signed", target.path), ResultText.row("key id", keyID),
        ResultText.row(
          "readiness", String(decoding: readiness.stringBytes ?? [], as: UTF8.self) + " (as the evidence was written)"),
      ])
  }
}
