package import StorageProtocol

/// A golden trace that was given to compare with.
package struct TraceIdentity: Equatable, Sendable {
  /// Of the file.
  package let sha256: Digest
  package let bytes: UInt64
  /// The state root it ends with; nil where the replay stopped before its end and could not be compared with it.
  package var stateRoot: Digest?

  package init(sha256: Digest, bytes: UInt64, stateRoot: Digest? = nil) {
    self.sha256 = sha256
    self.bytes = bytes
    self.stateRoot = stateRoot
  }
}
