internal import ProofFiles
internal import Signing
internal import SystemFiles

/// The key that a checkpoint must be signed by.
enum TrustedKey: Sendable {
  /// A note verifier key, which has its name.
  case named(NoteKey)
  /// A public key; its name is the checkpoint's origin.
  case unnamed(VerifyingKey)

  /// Longest key file that is read.
  private static let bytesMax = 1 << 16

  /// - Parameter text: a note verifier key, or the path of a file with one or with a public key in PEM.
  /// - Throws: `.input`.
  init(_ text: String) throws(ReplayFailure) {
    if let key = try? NoteKey(parsing: text) {
      self = .named(key)
      return
    }
    do {
      let bytes = try BoundedFile.read(text, bytesMax: TrustedKey.bytesMax)
      let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
      if let key = try? NoteKey(parsing: line ?? "") {
        self = .named(key)
      } else {
        self = .unnamed(try VerifyingKey(pem: bytes))
      }
    } catch let error as BoundedFile.Fault {
      throw .input(InputFailure(description: "--key is neither a verifier key nor a file: \(error)"))
    } catch {
      throw .input(InputFailure(description: "the key \(text): \(error)"))
    }
  }

  /// Whether the checkpoint in a proof is signed by this key.
  func comparison(with proof: ProofFile) -> ProofComparison {
    let note: SignedNote? =
      switch proof {
      case .event(let proof): proof.note
      case .consistency(let proof): proof.note
      case .state: nil
      }
    func comparison(_ isEqual: Bool, _ sentence: String) -> ProofComparison {
      ProofComparison(
        side: "key", isEqual: isEqual, sentence: sentence, isOfTheRoot: true, isOfTheSize: true)
    }
    guard let note, let origin = proof.origin else { return comparison(false, "the checkpoint is not signed") }
    let key: NoteKey
    switch self {
    case .named(let named): key = named
    case .unnamed(let verifying):
      guard let named = try? NoteKey(name: origin, key: verifying) else {
        return comparison(false, "the key signs no notes of that origin: it is no Ed25519 key, or the origin no name")
      }
      key = named
    }
    switch note.standing(of: key) {
    case .valid: return comparison(true, "the checkpoint is signed by \(key.name)")
    case .absent: return comparison(false, "no signature of the checkpoint is by \(key.text)")
    case .invalid: return comparison(false, "the signature that names \(key.name) is not by its key")
    }
  }
}
