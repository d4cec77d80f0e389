/// How evidence is signed.
package enum SigningAlgorithm: String, CaseIterable, Sendable {
  /// RFC 8032; the same key and message always give the same signature.
  case ed25519
  /// ECDSA over P-256 with SHA-256, signatures in DER; every signature is another one.
  case p256
}
