package import Signing
package import StateCommitment
package import StorageProtocol

/// That a log begins with all events of an earlier checkpoint of it.
package struct ConsistencyProof: Equatable, Sendable {
  static let kind = "consistency"

  package let consistency: LogConsistencyProof
  package let firstRoot: Digest
  package let secondRoot: Digest
  /// The later checkpoint, signed; nil where nobody signed it.
  package let note: SignedNote?

  package init(_ consistency: LogConsistencyProof, firstRoot: Digest, secondRoot: Digest, note: SignedNote?) {
    self.consistency = consistency
    self.firstRoot = firstRoot
    self.secondRoot = secondRoot
    self.note = note
  }

  /// The signed checkpoint, which is of the later size and root; nil where nobody signed it.
  ///
  /// - Throws: `.checkpoint`, `.contradiction`.
  package func checkpoint() throws(ProofFault) -> LogCheckpoint? {
    guard let note else { return nil }
    let checkpoint: LogCheckpoint
    do {
      checkpoint = try LogCheckpoint(parsing: note.text)
    } catch {
      throw .checkpoint(error.description)
    }
    guard checkpoint.treeSize == consistency.second, checkpoint.root == secondRoot else {
      throw .contradiction("checkpoint", "second")
    }
    return checkpoint
  }

  /// Computes both roots again.
  ///
  /// - Returns: the later root.
  /// - Throws: `.path`, `.checkpoint`, `.contradiction`.
  package func check() throws(ProofFault) -> Digest {
    guard consistency.holds(from: firstRoot, to: secondRoot) else { throw .path }
    _ = try checkpoint()
    return secondRoot
  }

  var json: JSONObject {
    JSONObject([
      "format": .text(ProofFile.format), "kind": .text(ConsistencyProof.kind),
      "first": .members(["event_count": .integer(consistency.first), "log_root": .hexadecimal(firstRoot)]),
      "second": .members(["event_count": .integer(consistency.second), "log_root": .hexadecimal(secondRoot)]),
      "path": .array(consistency.path.siblings.map(JSONValue.hexadecimal)),
      "checkpoint": note.map { .string($0.bytes) } ?? .null,
    ])
  }

  /// - Throws: ``ProofFault``.
  init(_ document: JSONObject) throws(ProofFault) {
    let fields = try ProofFields(document, only: ["format", "kind", "first", "second", "path", "checkpoint"])
    let first = try fields.object("first", only: ["event_count", "log_root"])
    let second = try fields.object("second", only: ["event_count", "log_root"])
    consistency = try LogConsistencyProof(
      first: first.integer("event_count", as: UInt64.self), second: second.integer("event_count", as: UInt64.self),
      // The hash that both trees are built from, and its siblings.
      path: LogPath(fields.digests("path", atMost: 1 + LogPath.countMax)))
    firstRoot = try first.digest("log_root")
    secondRoot = try second.digest("log_root")
    guard let text = try fields.optionalText("checkpoint") else {
      note = nil
      return
    }
    do {
      note = try SignedNote(parsing: text)
    } catch {
      throw .checkpoint(error.description)
    }
  }
}
