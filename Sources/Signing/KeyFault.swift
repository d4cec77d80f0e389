/// Why a text is no key that can be used here.
package enum KeyFault: Error, Equatable, CustomStringConvertible {
  /// Not one block of PEM.
  case notPEM
  /// A block of another kind.
  case otherLabel(String)
  /// The private key is locked with a passphrase.
  case encrypted
  /// Neither Ed25519 nor P-256, or not in the usual encoding.
  case unknownAlgorithm
  /// Not the name of a note key: empty, or with a space or a plus.
  case invalidName(String)
  /// Not a note verifier key `name+keyid+key`.
  case notAVerifierKey

  package var description: String {
    switch self {
    case .notPEM: "not a PEM text with one key"
    case .otherLabel("EC PRIVATE KEY"):
      "EC PRIVATE KEY is another encoding: convert it by openssl pkcs8 -topk8 -nocrypt"
    case .otherLabel(let label): "a PEM text of another kind: \(label)"
    case .encrypted: "the key is encrypted with a passphrase, which nobody could enter here"
    case .unknownAlgorithm: "neither an Ed25519 nor a P-256 key"
    case .invalidName(let name): "\(name.debugDescription) is no name of a key: it is empty, or has a space or a plus"
    case .notAVerifierKey: "not a note verifier key: name+keyid+key"
    }
  }
}
