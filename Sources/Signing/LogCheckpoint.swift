package import StorageProtocol

/// The size and the root of a log's Merkle tree, as a note's text (C2SP tlog-checkpoint): three lines, no extensions.
package struct LogCheckpoint: Equatable, Sendable {
  /// Says whose log it is.
  package let origin: String
  /// Leaves.
  package let treeSize: UInt64
  package let root: Digest

  /// - Precondition: `origin` is one line and not empty.
  package init(origin: String, treeSize: UInt64, root: Digest) {
    precondition(LogCheckpoint.isOrigin(origin), "an origin is one line")
    self.origin = origin
    self.treeSize = treeSize
    self.root = root
  }

  /// Reads a note's text.
  ///
  /// - Throws: `.notACheckpoint`, also for a size with zeros before it and for a fourth line.
  package init(parsing text: [UInt8]) throws(NoteFault) {
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count == 4, lines[3].isEmpty, let origin = String(validating: lines[0], as: UTF8.self),
      LogCheckpoint.isOrigin(origin), let size = UInt64(String(decoding: lines[1], as: UTF8.self)),
      Array(String(size).utf8) == Array(lines[1]), let root = Base64.decode(lines[2]), root.count == Digest.byteCount
    else { throw .notACheckpoint }
    self.init(origin: origin, treeSize: size, root: Digest(bytes: root))
  }

  /// The note's text.
  package var text: [UInt8] {
    Array("\(origin)\n\(treeSize)\n".utf8) + Base64.encode(root.bytes) + [UInt8(ascii: "\n")]
  }

  /// Whether a text is one line, and not empty.
  package static func isOrigin(_ origin: String) -> Bool {
    !origin.isEmpty && origin.unicodeScalars.allSatisfy { $0.value >= 0x20 }
  }
}
