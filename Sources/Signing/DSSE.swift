package import StorageProtocol

/// A signed message: the Dead Simple Signing Envelope, version 1.
package struct DSSE: Equatable, Sendable {
  /// The type of an in-toto statement.
  package static let inTotoType = "application/vnd.in-toto+json"

  package struct Signature: Equatable, Sendable {
    /// A hint which key made it; nobody trusts it.
    package let keyID: [UInt8]
    package let bytes: [UInt8]
  }

  package let payloadType: String
  package let payload: [UInt8]
  package private(set) var signatures: [Signature] = []

  package init(payloadType: String, payload: [UInt8]) {
    self.payloadType = payloadType
    self.payload = payload
  }

  /// What is signed: type and payload, each with its length before it.
  package var signedBytes: [UInt8] {
    Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
  }

  /// Adds a signature.
  package mutating func sign(_ key: SigningKey) {
    signatures.append(
      Signature(keyID: key.verifyingKey.id.hexadecimalBytes, bytes: key.signature(for: signedBytes)))
  }

  /// Whether one signature is of `key`. Others may stand beside it.
  package func isSigned(by key: VerifyingKey) -> Bool {
    let message = signedBytes
    return signatures.contains { key.isValid(signature: $0.bytes, for: message) }
  }

  // MARK: JSON

  /// The envelope as JSON.
  package var json: JSONValue {
    .members([
      "payloadType": .text(payloadType), "payload": .string(Base64.encode(payload)),
      "signatures": .array(
        signatures.map { .members(["keyid": .string($0.keyID), "sig": .string(Base64.encode($0.bytes))]) }),
    ])
  }

  /// Reads an envelope: exactly the members of the format, at least one signature.
  ///
  /// - Throws: ``DSSEFault``.
  package init(_ json: JSONValue) throws(DSSEFault) {
    guard let object = json.objectValue, object.members.count == 3,
      let type = object["payloadType"]?.stringBytes, let payload = object["payload"]?.stringBytes,
      let signatures = object["signatures"]?.elements
    else { throw .notAnEnvelope }
    guard let decoded = Base64.decode(payload) else { throw .malformedPayload }
    guard !signatures.isEmpty else { throw .notSigned }
    self.init(payloadType: String(decoding: type, as: UTF8.self), payload: decoded)
    for signature in signatures { self.signatures.append(try DSSE.signature(signature)) }
  }

  private static func signature(_ json: JSONValue) throws(DSSEFault) -> Signature {
    guard let object = json.objectValue, let bytes = object["sig"]?.stringBytes.flatMap({ Base64.decode($0) }),
      object.members.allSatisfy({ $0.key == Array("sig".utf8) || $0.key == Array("keyid".utf8) })
    else { throw .malformedSignature }
    guard let keyID = object["keyid"] else { return Signature(keyID: [], bytes: bytes) }
    guard let text = keyID.stringBytes else { throw .malformedSignature }
    return Signature(keyID: text, bytes: bytes)
  }
}

/// Why a JSON document is no envelope.
package enum DSSEFault: Error, Equatable, CustomStringConvertible {
  /// Not payloadType, payload and signatures.
  case notAnEnvelope
  case malformedPayload
  case malformedSignature
  case notSigned

  package var description: String {
    switch self {
    case .notAnEnvelope: "not a DSSE envelope: payloadType, payload and signatures"
    case .malformedPayload: "the envelope's payload is not base64"
    case .malformedSignature: "a signature of the envelope cannot be read"
    case .notSigned: "the envelope has no signature"
    }
  }
}
