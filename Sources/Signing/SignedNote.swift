/// A text with signatures below it (C2SP signed-note).
package struct SignedNote: Equatable, Sendable {
  package struct Signature: Equatable, Sendable {
    package let name: String
    /// Four bytes.
    package let keyID: [UInt8]
    package let bytes: [UInt8]
  }

  /// Whether a note is signed by a key.
  package enum Standing: Equatable, Sendable {
    case valid
    /// A signature bears the key's name and id but is not its own: the whole note is to be refused.
    case invalid
    /// No signature bears the key's name and id.
    case absent
  }

  /// Longest note that is read.
  package static let bytesMax = 1 << 20
  private static let dash = Array("— ".utf8)
  private static let lineBreak = UInt8(ascii: "\n")

  /// Ends with a line break.
  package let text: [UInt8]
  package private(set) var signatures: [Signature] = []

  /// - Precondition: `text` is UTF-8 without control characters but line breaks, and ends with one.
  package init(text: [UInt8]) {
    precondition(SignedNote.isText(text), "a note is lines of plain text")
    self.text = text
  }

  /// Reads a note, without judging its signatures.
  ///
  /// - Throws: ``NoteFault``.
  package init(parsing note: [UInt8]) throws(NoteFault) {
    guard note.count <= SignedNote.bytesMax, SignedNote.isText(note) else { throw .notANote }
    // The signatures stand behind the last empty line.
    guard let blank = note.indices.dropLast().last(where: { note[$0] == 0x0A && note[$0 + 1] == 0x0A }) else {
      throw .notSigned
    }
    text = Array(note[...blank])
    let lines = note[(blank + 2)...].split(separator: SignedNote.lineBreak)
    guard !lines.isEmpty else { throw .notSigned }
    for line in lines {
      guard let signature = SignedNote.signature(line) else { throw .malformedSignature }
      signatures.append(signature)
    }
  }

  private static func isText(_ text: [UInt8]) -> Bool {
    text.last == lineBreak && text.allSatisfy { $0 >= 0x20 || $0 == lineBreak }
      && String(validating: text, as: UTF8.self) != nil
  }

  private static func signature(_ line: ArraySlice<UInt8>) -> Signature? {
    let parts = line.dropFirst(dash.count).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard line.starts(with: dash), parts.count == 2, let bytes = Base64.decode(parts[1]),
      bytes.count > NoteKey.idByteCount
    else { return nil }
    let name = String(decoding: parts[0], as: UTF8.self)
    guard NoteKey.isName(name) else { return nil }
    return Signature(
      name: name, keyID: Array(bytes.prefix(NoteKey.idByteCount)), bytes: Array(bytes.dropFirst(NoteKey.idByteCount)))
  }

  /// Adds a signature.
  ///
  /// - Throws: `.invalidName`; `.unknownAlgorithm` for a key that is not Ed25519.
  package mutating func sign(_ name: String, _ key: SigningKey) throws(KeyFault) {
    let noteKey = try NoteKey(name: name, key: key.verifyingKey)
    signatures.append(Signature(name: name, keyID: noteKey.id, bytes: key.signature(for: text)))
  }

  /// Whether `key` signed the note. Signatures of other keys are passed over.
  package func standing(of key: NoteKey) -> Standing {
    let own = signatures.filter { $0.name == key.name && $0.keyID == key.id }
    guard !own.isEmpty else { return .absent }
    return own.allSatisfy { key.key.isValid(signature: $0.bytes, for: text) } ? .valid : .invalid
  }

  /// The note as a file holds it.
  package var bytes: [UInt8] {
    signatures.reduce(text + [SignedNote.lineBreak]) { note, signature in
      note + SignedNote.dash + Array(signature.name.utf8) + [UInt8(ascii: " ")]
        + Base64.encode(signature.keyID + signature.bytes) + [SignedNote.lineBreak]
    }
  }
}

/// Why bytes are no signed note, or its text no checkpoint.
package enum NoteFault: Error, Equatable, CustomStringConvertible {
  /// Not lines of plain text, or too many.
  case notANote
  case notSigned
  case malformedSignature
  /// Not origin, tree size and root.
  case notACheckpoint

  package var description: String {
    switch self {
    case .notANote: "not a signed note: its text is not UTF-8, not ended by a line break, or too long"
    case .notSigned: "a note without a signature"
    case .malformedSignature: "a note with a signature line that cannot be read"
    case .notACheckpoint: "not a checkpoint: origin, tree size and root, a line each"
    }
  }
}
