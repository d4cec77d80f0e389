internal import Signing
package import StorageProtocol

/// The in-toto statement (version 1) that an envelope holds: what the evidence is about, and the evidence.
package enum EvidenceStatement {
  package static let type = "https://in-toto.io/Statement/v1"
  /// An identifier of ours: nothing is to be fetched there.
  package static let predicateType = "https://eqm-replay.example/evidence/v1"

  /// The statement about whole, checked evidence.
  package static func statement(about document: JSONObject) throws(EvidenceFault) -> JSONValue {
    .members([
      "_type": .text(type), "subject": .array(try subjects(EvidenceFields(document))),
      "predicateType": .text(predicateType), "predicate": .object(document),
    ])
  }

  /// The archive, the golden trace that was given, and the snapshot that was written: by name, told apart by digest.
  private static func subjects(_ document: EvidenceFields) throws(EvidenceFault) -> [JSONValue] {
    let run = try document.fields("run")
    let result = try document.fields("result")
    var subjects = [subject(try run.text("log"), try result.fields("archive").digest("sha256"))]
    if try !result.value("golden_trace").isNull {
      subjects.append(subject(try run.text("golden"), try result.fields("golden_trace").digest("sha256")))
    }
    if try !document.value("snapshot").isNull {
      let snapshot = try document.fields("snapshot")
      subjects.append(subject(try snapshot.text("name"), try snapshot.digest("sha256")))
    }
    return subjects
  }

  private static func subject(_ name: String, _ digest: Digest) -> JSONValue {
    .members(["name": .text(name), "digest": .members(["sha256": .hexadecimal(digest)])])
  }

  /// Checks that a statement is about `document`, and says nothing else.
  static func check(_ statement: JSONObject, about document: JSONObject) throws(EvidenceFault) {
    let fields = EvidenceFields(statement, at: "statement")
    try fields.require(["_type", "subject", "predicateType", "predicate"])
    try fields.compare("_type", .text(type), from: "in-toto's version 1")
    try fields.compare("predicateType", .text(predicateType), from: "the schema of the evidence")
    try fields.compare("subject", .array(subjects(EvidenceFields(document))), from: "the evidence")
  }

  /// Checks that evidence which names its signer is signed by it.
  static func checkSigner(_ document: JSONObject, _ key: VerifyingKey) throws(EvidenceFault) {
    guard let stated = document["signed_by"], !stated.isNull else { return }
    let signer = EvidenceDocument.Signer(algorithm: key.algorithm.rawValue, keyID: key.id)
    guard JCS.areEqual(stated, signer.json) else { throw .differs("signed_by", from: "the key that signed") }
  }
}
