internal import StorageProtocol

/// A named Ed25519 key that signs notes (C2SP signed-note, signature type 0x01).
package struct NoteKey: Equatable, Sendable {
  /// Bytes of a key id.
  static let idByteCount = 4

  private static let signatureType: UInt8 = 0x01

  package let name: String
  package let key: VerifyingKey

  /// - Throws: `.invalidName`; `.unknownAlgorithm` for a key that is not Ed25519.
  package init(name: String, key: VerifyingKey) throws(KeyFault) {
    guard NoteKey.isName(name) else { throw .invalidName(name) }
    guard key.algorithm == .ed25519 else { throw .unknownAlgorithm }
    self.name = name
    self.key = key
  }

  /// Reads a verifier key: `name+keyid+key`, the id in eight hexadecimal digits, type and key in base64.
  ///
  /// - Throws: `.notAVerifierKey`, also for an id that is not that of name and key.
  package init(parsing text: String) throws(KeyFault) {
    // Base64 may hold a plus of its own.
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, NoteKey.isName(parts[0]), let typed = Base64.decode(parts[2].utf8),
      typed.first == NoteKey.signatureType, let key = VerifyingKey(ed25519: Array(typed.dropFirst()))
    else { throw .notAVerifierKey }
    name = parts[0]
    self.key = key
    guard Array(parts[1].utf8) == Hexadecimal.encode(id) else { throw .notAVerifierKey }
  }

  /// The verifier key as text.
  package var text: String {
    let typed = Base64.encode([NoteKey.signatureType] + key.rawBytes)
    return
      "\(name)+\(String(decoding: Hexadecimal.encode(id), as: UTF8.self))+\(String(decoding: typed, as: UTF8.self))"
  }

  /// Four bytes that tell keys of one name apart: a hint, not a protection.
  package var id: [UInt8] {
    let named = Array(name.utf8) + [UInt8(ascii: "\n"), NoteKey.signatureType] + key.rawBytes
    return Array(Digest.sha256(named).bytes.prefix(NoteKey.idByteCount))
  }

  /// Whether a text can name a key: not empty, without white space, control characters and plus.
  package static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20 && $0.value != 0x7F
      }
  }
}
