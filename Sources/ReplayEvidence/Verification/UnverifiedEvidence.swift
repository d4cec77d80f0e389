internal import GoldenRun
package import Signing
package import StorageProtocol

/// Evidence as a file holds it: alone, or as the predicate of a statement in an envelope. Nothing of it is checked but that it
/// can be read in one way only.
package struct UnverifiedEvidence: Sendable {
  /// Longest file that is read: evidence is a summary.
  package static let bytesMax = 64 << 20

  /// Nil for evidence that stands alone.
  package let envelope: DSSE?
  /// What the envelope holds.
  package let statement: JSONObject?
  package let document: JSONObject

  /// Reads the text of a `.json` or a `.dsse.json`.
  ///
  /// - Throws: ``EvidenceFault``.
  package init(parsing text: [UInt8]) throws(EvidenceFault) {
    let value = try UnverifiedEvidence.read(text)
    guard let object = value.objectValue else { throw .notEvidence }
    guard object["payloadType"] != nil else {
      envelope = nil
      statement = nil
      document = try UnverifiedEvidence.evidence(object)
      return
    }
    let envelope: DSSE
    do {
      envelope = try DSSE(value)
    } catch {
      throw .envelope(error)
    }
    guard envelope.payloadType == DSSE.inTotoType else { throw .otherPayloadType(envelope.payloadType) }
    guard let statement = try UnverifiedEvidence.read(envelope.payload).objectValue,
      let predicate = statement["predicate"]?.objectValue
    else { throw .notAStatement }
    self.envelope = envelope
    self.statement = statement
    document = try UnverifiedEvidence.evidence(predicate)
  }

  private static func read(_ text: [UInt8]) throws(EvidenceFault) -> JSONValue {
    do {
      let (value, fault) = try JSONReader.read(text)
      if let fault { throw EvidenceFault.ambiguousJSON(position: fault.position) }
      return value
    } catch let error as JSONReader.SyntaxError {
      throw .notJSON(position: error.position)
    } catch let error as EvidenceFault {
      throw error
    } catch {
      preconditionFailure("reading JSON throws nothing else")
    }
  }

  private static func evidence(_ object: JSONObject) throws(EvidenceFault) -> JSONObject {
    guard let schema = object["schema"]?.stringBytes, object["result"] != nil, object["verdict"] != nil else {
      throw .notEvidence
    }
    guard schema == Array(EvidenceDocument.schema.utf8) else {
      throw .unknownSchema(String(decoding: schema, as: UTF8.self))
    }
    return object
  }
}
