internal import Signing
internal import StorageProtocol

/// Names a log in its checkpoints, and signs them where a key is there: the one rule for `prove` and `drill`.
struct CheckpointSigner: Sendable {
  /// Digits of the first event's id that name a log: enough that no two logs share them by accident.
  private static let originDigitCount = 32

  private let origin: String?
  private let key: SigningKey?

  /// - Parameters:
  ///   - origin: whose log it is; nil for the name that follows from the log's first event.
  ///   - key: nil where nothing is signed.
  /// - Throws: `.usage` for an origin that no checkpoint, or no note of the key, can have; `.precondition` for a key that signs no
  ///   notes.
  init(origin: String?, key: SigningKey?) throws(ReplayFailure) {
    self.origin = origin
    self.key = key
    try CheckpointSigner.check(origin)
    guard let key else { return }
    do {
      _ = try NoteKey(name: origin ?? CheckpointSigner.origin(of: .zero), key: key.verifyingKey)
    } catch .invalidName(let name) {
      throw ReplayOptions.usage("--origin: \(KeyFault.invalidName(name))")
    } catch {
      throw .precondition(PreconditionFailure(description: "notes are signed by an Ed25519 key: --sign names another"))
    }
  }

  /// - Throws: `.usage` for an origin that no checkpoint can have.
  static func check(_ origin: String?) throws(ReplayFailure) {
    guard origin.map(LogCheckpoint.isOrigin) ?? true else {
      throw ReplayOptions.usage("--origin is one line of text")
    }
  }

  /// The name of a log that nobody named: it follows from the log's first event, so it stays while the log grows.
  private static func origin(of firstEventID: Digest) -> String {
    "\(Program.name)/\(firstEventID.hexadecimal.prefix(originDigitCount))"
  }

  /// The checkpoint of a log, and the note of it where a key is there.
  func checkpoint(_ firstEventID: Digest, size: UInt64, root: Digest) -> (LogCheckpoint, SignedNote?) {
    let name = origin ?? CheckpointSigner.origin(of: firstEventID)
    let checkpoint = LogCheckpoint(origin: name, treeSize: size, root: root)
    guard let key else { return (checkpoint, nil) }
    var note = SignedNote(text: checkpoint.text)
    do {
      try note.sign(name, key)
    } catch {
      preconditionFailure("the key was checked before: \(error)")
    }
    return (checkpoint, note)
  }

  /// Whether there is a key.
  var signs: Bool { key != nil }

  /// What others verify a note of `origin` with.
  func verifierKey(for origin: String) -> String? {
    guard let key else { return nil }
    return try? NoteKey(name: origin, key: key.verifyingKey).text
  }
}
