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

  /// The signed note of an event log's size and root; nil for a key that signs no notes.
  func checkpoint(of result: ReplayResult) -> [UInt8]? {
    let checkpoint = LogCheckpoint(
      origin: KeyFile.noteName, treeSize: result.state.eventLogCount, root: result.roots.log)
    var note = SignedNote(text: checkpoint.text)
    guard (try? note.sign(KeyFile.noteName, self)) != nil else { return nil }
    return note.bytes
  }
}
