internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// The verb `evidence keygen`: makes a key to sign evidence with, and the public key that verifies it.
public struct KeyGeneration: Sendable {
  private let algorithm: SigningAlgorithm
  private let privateFile: TargetFile
  private let publicFile: TargetFile
  /// The log whose note key is printed; nil where nobody names one.
  private let origin: String?

  /// - Parameters:
  ///   - path: of the private key; the public one has `.pub` behind it.
  ///   - algorithm: `ed25519` or `p256`.
  ///   - origin: whose checkpoints the key will sign; nil where that is not known yet.
  ///   - replaces: whether keys that are there may be replaced.
  /// - Throws: `.usage`.
  public init(path: String, algorithm: String, origin: String?, replaces: Bool) throws(ReplayFailure) {
    guard let algorithm = SigningAlgorithm(rawValue: algorithm) else {
      throw .usage(UsageError(description: "--algorithm is ed25519 or p256, not \(algorithm)"))
    }
    guard origin == nil || algorithm == .ed25519 else {
      throw ReplayOptions.usage("--origin is for ed25519: a p256 key signs no checkpoints")
    }
    guard origin.map(NoteKey.isName) ?? true else {
      throw ReplayOptions.usage("--origin: \(KeyFault.invalidName(origin ?? ""))")
    }
    self.algorithm = algorithm
    self.origin = origin
    privateFile = TargetFile(path: path, replaces: replaces)
    publicFile = TargetFile(path: path + ".pub", replaces: replaces)
  }

  /// Writes both files or none.
  ///
  /// - Throws: `.precondition`, `.output`.
  public func run() throws(ReplayFailure) -> Report {
    for file in [privateFile, publicFile] {
      try ReplayFailure.checking { () throws(TargetFault) in try file.check(log: nil) }
    }
    let key = SigningKey.generate(algorithm)
    do {
      try write(key)
    } catch {
      throw ReplayFailure(output: error)
    }
    return report(key.verifyingKey)
  }

  private func write(_ key: SigningKey) throws(FileError) {
    let folder = privateFile.folder.path
    var secret = try TemporaryFile(in: folder, prefix: "eqm-replay-key")
    try secret.write(key.pem)
    var open = try TemporaryFile(in: folder, prefix: "eqm-replay-key")
    try open.write(key.verifyingKey.pem)
    // Both are on disk; what can still fail is giving names.
    let before = try ReplacedFiles(
      privateFile.replaces ? [privateFile.name, publicFile.name] : [], in: folder)
    var isNamed = false
    do throws(FileError) {
      guard try secret.publish(as: privateFile.name, replaces: privateFile.replaces, mode: 0o600) else {
        throw FileError(.publish, privateFile.path, errno: FileError.exists)
      }
      isNamed = true
      guard try open.publish(as: publicFile.name, replaces: publicFile.replaces) else {
        throw FileError(.publish, publicFile.path, errno: FileError.exists)
      }
    } catch {
      if isNamed, !privateFile.replaces { FolderContents.remove(privateFile.path) }
      before.restore()
      throw error
    }
    before.discard(keeping: [privateFile.name, publicFile.name])
  }

  private static let unnamed = "has the name of a log: of the one of --origin, else prove and drill print it"

  private func report(_ key: VerifyingKey) -> Report {
    // A verifier key has the name of its log, which nobody knows before there is one.
    let note = origin.flatMap { try? NoteKey(name: $0, key: key).text }
    return Report(
      status: .done,
      json: .members([
        "schema": .text("eqm-replay/key/1"), "algorithm": .text(algorithm.rawValue),
        "key_id": .hexadecimal(key.id), "note_verifier_key": note.map(JSONValue.text) ?? .null,
        "private_key": .text(privateFile.path), "public_key": .text(publicFile.path),
      ]),
      text: [
        ResultText.row("private key", privateFile.path), ResultText.row("public key", publicFile.path),
        ResultText.row("algorithm", algorithm.rawValue), ResultText.row("key id", key.id.hexadecimal),
      ] + (algorithm == .ed25519 ? [ResultText.row("note key", note ?? KeyGeneration.unnamed)] : []))
  }
}
