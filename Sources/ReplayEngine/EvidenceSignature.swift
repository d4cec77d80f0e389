internal import ReplayEvidence
internal import Signing
internal import StorageProtocol

extension SigningKey {
  /// How evidence names this key.
  var signer: EvidenceDocument.Signer {
    EvidenceDocument.Signer(algorithm: algorithm.rawValue, keyID: verifyingKey.id)
  }

  /// The text of the signed envelope around a statement about evidence that holds.
  func envelope(around document: JSONObject) -> [UInt8] {
    let statement: JSONValue
    do {
      statement = try EvidenceStatement.statement(about: document)
    } catch {
      preconditionFailure("evidence that holds names what it is about: \(error)")
    }
    var envelope = DSSE(payloadType: DSSE.inTotoType, payload: JSONFormat.line.encode(statement))
    envelope.sign(self)
    return JSONFormat.indented.encode(envelope.json) + [UInt8(ascii: "\n")]
  }
}
