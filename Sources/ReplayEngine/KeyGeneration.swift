internal import Signing
internal import StorageProtocol
internal import SystemFiles

/// The verb `evidence keygen`: makes a key to sign evidence with, and the public key that verifies it.
public struct KeyGeneration: Sendable {
  private let algorithm: SigningAlgorithm
  private let privateFile: TargetFile
  private let publicFile: TargetFile

  /// - Parameters:
  ///   - path: of the private key; the public one has `.pub` behind it.
  ///   - algorithm: `ed25519` or `p256`.
  ///   - replaces: whether keys that are there may be replaced.
  /// - Throws: `.usage`.
  public init(path: String, algorithm: String, replaces: Bool) throws(ReplayFailure) {
    guard let algorithm = SigningAlgorithm(rawValue: algorithm) else {
      throw .usage(UsageError(description: "--algorithm is ed25519 or p256, not \(algorithm)"))
    }
    self.algorithm = algorithm
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
    guard try secret.publish(as: privateFile.name, replaces: privateFile.replaces, mode: 0o600) else {
      throw FileError(.publish, privateFile.path, errno: FileError.exists)
    }
    do throws(FileError) {
      guard try open.publish(as: publicFile.name, replaces: publicFile.replaces) else {
        throw FileError(.publish, publicFile.path, errno: FileError.exists)
      }
    } catch {
      FolderContents.remove(privateFile.path)
      throw error
    }
  }

  private func report(_ key: VerifyingKey) -> Report {
    // A P-256 key signs no notes.
    let note = try? NoteKey(name: KeyFile.noteName, key: key).text
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
      ] + (note.map { [ResultText.row("note key", $0)] } ?? []))
  }
}
