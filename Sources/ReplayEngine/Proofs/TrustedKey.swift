internal import ProofFiles
internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// The key that a checkpoint must be signed by.
enum TrustedKey: Sendable {
  /// A note verifier key, which has its name.
  case named(NoteKey)
  /// A public key, which may sign checkpoints of any log.
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
  ///
  /// A key may sign checkpoints of several logs. A named key trusts the log of its name, unless another is meant; a key without a
  /// name trusts none before somebody says which.
  ///
  /// - Parameter meant: the origin of the log that is meant; nil where nobody says.
  func comparison(with proof: ProofFile, of meant: String?) -> ProofComparison {
    guard let note = proof.note, let origin = proof.origin else {
      return TrustedKey.unequal("the checkpoint is not signed")
    }
    let key: NoteKey
    switch self {
    case .named(let named): key = named
    case .unnamed(let verifying):
      guard let named = try? NoteKey(name: origin, key: verifying) else {
        return TrustedKey.unequal(
          "the key signs no notes of that origin: it is no Ed25519 key, or the origin no name")
      }
      key = named
    }
    switch note.standing(of: key) {
    case .valid: return comparison(signedBy: key, origin, of: meant)
    case .absent: return TrustedKey.unequal("no signature of the checkpoint is by \(key.text)")
    case .invalid: return TrustedKey.unequal("the signature that names \(key.name) is not by its key")
    }
  }

  private func comparison(signedBy key: NoteKey, _ origin: String, of meant: String?) -> ProofComparison {
    if case .named = self, meant == nil, key.name != origin {
      return TrustedKey.unequal(
        "the checkpoint is of \(PrintableText.quoted(origin)), the key's own log is \(key.name): --origin, if that is meant"
      )
    }
    var comparison = ProofComparison(
      side: TrustedKey.side, isEqual: true, sentence: "the checkpoint is signed by \(key.name)", isOfTheSize: true)
    if case .unnamed = self, meant == nil { comparison.isOfSomeLog = true } else { comparison.isOfTheRoot = true }
    return comparison
  }

  private static let side = "key"

  private static func unequal(_ sentence: String) -> ProofComparison {
    ProofComparison(side: side, isEqual: false, sentence: sentence, isOfTheRoot: true, isOfTheSize: true)
  }
}

extension ProofFile {
  /// The signed checkpoint in the proof.
  var note: SignedNote? {
    switch self {
    case .event(let proof): proof.note
    case .consistency(let proof): proof.note
    case .state: nil
    }
  }
}
