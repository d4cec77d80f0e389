internal import Signing
internal import SystemFiles

/// Keys in files.
enum KeyFile {
  /// Longest file that is taken for a key.
  private static let bytesMax = 1 << 14

  /// Reads a private key (PKCS#8, PEM).
  ///
  /// - Throws: `.precondition`.
  static func signingKey(_ path: String) throws(ReplayFailure) -> SigningKey {
    try read(path) { (text) throws(KeyFault) in try SigningKey(pem: text) }
  }

  /// Reads a public key (SubjectPublicKeyInfo, PEM).
  ///
  /// - Throws: `.precondition`.
  static func verifyingKey(_ path: String) throws(ReplayFailure) -> VerifyingKey {
    try read(path) { (text) throws(KeyFault) in try VerifyingKey(pem: text) }
  }

  private static func read<Key>(
    _ path: String, _ parse: ([UInt8]) throws(KeyFault) -> Key
  ) throws(ReplayFailure) -> Key {
    let text: [UInt8]
    do {
      text = try BoundedFile.read(path, bytesMax: bytesMax)
    } catch {
      throw .precondition(PreconditionFailure(description: "the key: \(error)"))
    }
    do {
      return try parse(text)
    } catch {
      throw .precondition(PreconditionFailure(description: "the key \(path): \(error)"))
    }
  }
}
