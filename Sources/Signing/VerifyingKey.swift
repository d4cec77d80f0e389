internal import Crypto
internal import Foundation
package import StorageProtocol

/// A public key.
package struct VerifyingKey: Equatable, Sendable {
  package let algorithm: SigningAlgorithm
  /// Ed25519: 32 bytes. P-256: the uncompressed point, 65 bytes.
  package let rawBytes: [UInt8]

  static let label = "PUBLIC KEY"

  /// What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, section 4).
  private static let ed25519Prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]

  /// - Precondition: `rawBytes` came from a key of that algorithm.
  init(_ algorithm: SigningAlgorithm, rawBytes: [UInt8]) {
    self.algorithm = algorithm
    self.rawBytes = rawBytes
  }

  /// The Ed25519 key of these 32 bytes; nil for any other number of bytes.
  package init?(ed25519 bytes: [UInt8]) {
    guard (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)) != nil else { return nil }
    self.init(.ed25519, rawBytes: bytes)
  }

  /// Reads a SubjectPublicKeyInfo in PEM.
  ///
  /// - Throws: ``KeyFault``.
  package init(pem text: [UInt8]) throws(KeyFault) {
    let block = try PEMText(parsing: text)
    guard block.label == VerifyingKey.label else { throw .otherLabel(block.label) }
    if block.bytes.starts(with: VerifyingKey.ed25519Prefix) {
      guard let key = VerifyingKey(ed25519: Array(block.bytes.dropFirst(VerifyingKey.ed25519Prefix.count))) else {
        throw .unknownAlgorithm
      }
      self = key
    } else {
      guard let key = try? P256.Signing.PublicKey(derRepresentation: block.bytes) else { throw .unknownAlgorithm }
      self.init(.p256, rawBytes: Array(key.x963Representation))
    }
  }

  /// The SubjectPublicKeyInfo in DER.
  package var derBytes: [UInt8] {
    switch algorithm {
    case .ed25519: return VerifyingKey.ed25519Prefix + rawBytes
    case .p256:
      guard let key = try? P256.Signing.PublicKey(x963Representation: rawBytes) else {
        preconditionFailure("the bytes came from a P-256 key")
      }
      return Array(key.derRepresentation)
    }
  }

  /// The SubjectPublicKeyInfo in PEM.
  package var pem: [UInt8] { PEMText(label: VerifyingKey.label, bytes: derBytes).text }

  /// SHA-256 of the SubjectPublicKeyInfo: what DSSE envelopes give as a hint, and people compare.
  package var id: StorageProtocol.Digest { .sha256(derBytes) }

  /// Whether this key's owner made `signature` for `message`.
  package func isValid(signature: [UInt8], for message: [UInt8]) -> Bool {
    switch algorithm {
    case .ed25519:
      guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: rawBytes) else { return false }
      return key.isValidSignature(Data(signature), for: Data(message))
    case .p256:
      guard let key = try? P256.Signing.PublicKey(x963Representation: rawBytes),
        let signature = try? P256.Signing.ECDSASignature(derRepresentation: Data(signature))
      else { return false }
      return key.isValidSignature(signature, for: Data(message))
    }
  }
}
