internal import Crypto
internal import Foundation

/// A private key.
package struct SigningKey: Sendable {
  private enum Secret: Sendable {
    case ed25519(Curve25519.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
  }

  private let secret: Secret

  private static let label = "PRIVATE KEY"

  /// What stands before the 32 bytes of an Ed25519 key in a PKCS#8 text (RFC 8410, section 7).
  private static let ed25519Prefix: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]

  private init(_ secret: Secret) { self.secret = secret }

  /// A new key, from the operating system's randomness.
  package static func generate(_ algorithm: SigningAlgorithm) -> SigningKey {
    switch algorithm {
    case .ed25519: SigningKey(.ed25519(Curve25519.Signing.PrivateKey()))
    case .p256: SigningKey(.p256(P256.Signing.PrivateKey()))
    }
  }

  /// Reads a PKCS#8 key in PEM, as `openssl genpkey` writes it.
  ///
  /// - Throws: ``KeyFault``.
  package init(pem text: [UInt8]) throws(KeyFault) {
    let block = try PEMText(parsing: text)
    guard block.label != "ENCRYPTED PRIVATE KEY" else { throw .encrypted }
    guard block.label == SigningKey.label else { throw .otherLabel(block.label) }
    if block.bytes.starts(with: SigningKey.ed25519Prefix) {
      let seed = block.bytes.dropFirst(SigningKey.ed25519Prefix.count)
      guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed)) else {
        throw .unknownAlgorithm
      }
      secret = .ed25519(key)
    } else {
      guard let key = try? P256.Signing.PrivateKey(derRepresentation: block.bytes) else { throw .unknownAlgorithm }
      secret = .p256(key)
    }
  }

  /// The PKCS#8 key in PEM: for a file that only its owner reads.
  package var pem: [UInt8] {
    let bytes =
      switch secret {
      case .ed25519(let key): SigningKey.ed25519Prefix + Array(key.rawRepresentation)
      case .p256(let key): Array(key.derRepresentation)
      }
    return PEMText(label: SigningKey.label, bytes: bytes).text
  }

  package var algorithm: SigningAlgorithm {
    switch secret {
    case .ed25519: .ed25519
    case .p256: .p256
    }
  }

  package var verifyingKey: VerifyingKey {
    switch secret {
    case .ed25519(let key): VerifyingKey(.ed25519, rawBytes: Array(key.publicKey.rawRepresentation))
    case .p256(let key): VerifyingKey(.p256, rawBytes: Array(key.publicKey.x963Representation))
    }
  }

  /// The signature of `message`: 64 bytes for Ed25519, DER for P-256.
  package func signature(for message: [UInt8]) -> [UInt8] {
    let signature: [UInt8]? =
      switch secret {
      case .ed25519(let key): (try? key.signature(for: Data(message))).map { Array($0) }
      case .p256(let key): (try? key.signature(for: Data(message))).map { Array($0.derRepresentation) }
      }
    guard let signature else { preconditionFailure("a valid key signs any message") }
    return signature
  }
}
