package import Signing
package import StateCommitment
package import StorageProtocol

/// That an event stands at a place of a log: a C2SP tlog-proof, which stock tools verify.
///
/// The leaf's data are the 32 bytes of the event id; the file does not hold them.
package struct EventProof: Equatable, Sendable {
  package static let header = "c2sp.org/tlog-proof@v1"

  package let inclusion: LogInclusionProof
  package let checkpoint: LogCheckpoint
  /// The checkpoint as it was signed; nil where nobody signed it.
  package let note: SignedNote?
  /// Whether there is a line of extra data: opaque, and covered by nothing.
  package let hasExtraData: Bool

  /// - Precondition: the checkpoint is of the size of the proof; `note` is the checkpoint's.
  package init(_ inclusion: LogInclusionProof, checkpoint: LogCheckpoint, note: SignedNote?) {
    precondition(inclusion.size == checkpoint.treeSize, "a proof leads to its checkpoint")
    precondition(note == nil || note?.text == checkpoint.text, "the note is the checkpoint's")
    self.inclusion = inclusion
    self.checkpoint = checkpoint
    self.note = note
    hasExtraData = false
  }

  /// Computes the root again.
  ///
  /// - Throws: `.path`, `.otherRoot`.
  package func check(_ eventID: Digest) throws(ProofFault) -> Digest {
    guard let root = inclusion.root(of: eventID) else { throw .path }
    guard root == checkpoint.root else {
      throw .otherRoot(field: "the checkpoint's root", stated: checkpoint.root, computed: root)
    }
    return root
  }

  /// The file. Without a note the checkpoint stands there bare: stock tools, which ask for a signature, refuse that.
  package var text: [UInt8] {
    var lines = [EventProof.header, "index \(inclusion.index)"]
    lines += inclusion.path.siblings.map { String(decoding: Base64.encode($0.bytes), as: UTF8.self) }
    return Array(lines.map { $0 + "\n" }.joined().utf8) + [EventProof.lineBreak] + (note?.bytes ?? checkpoint.text)
  }

  private static let lineBreak = UInt8(ascii: "\n")

  /// Whether a file is meant to be a tlog-proof.
  static func isMeant(by text: [UInt8]) -> Bool { text.starts(with: Array(header.utf8)) }

  /// - Throws: `.malformedLine`, `.checkpoint`.
  init(parsing text: [UInt8]) throws(ProofFault) {
    guard let blank = text.indices.dropLast().first(where: { text[$0] == 0x0A && text[$0 + 1] == 0x0A }) else {
      throw .checkpoint("there is none behind an empty line")
    }
    var lines = Lines(text[..<blank])
    guard lines.next() == EventProof.header else { throw lines.malformed(EventProof.header) }
    var line = lines.next()
    hasExtraData = line?.hasPrefix("extra ") == true
    if let extra = line, hasExtraData {
      guard Base64.decode(extra.utf8.dropFirst("extra ".utf8.count)) != nil else {
        throw lines.malformed("base64 behind extra")
      }
      line = lines.next()
    }
    guard let line, line.hasPrefix("index "), let index = UInt64(line.dropFirst("index ".count)),
      line == "index \(index)"
    else { throw lines.malformed("index and a number in its shortest form") }
    var siblings: [Digest] = []
    while let line = lines.next() {
      guard let bytes = Base64.decode(line.utf8), bytes.count == Digest.byteCount,
        siblings.count < LogPath.countMax
      else { throw lines.malformed("one of at most \(LogPath.countMax) hashes in base64") }
      siblings.append(Digest(bytes: bytes))
    }
    (note, checkpoint) = try LogCheckpoint.read(Array(text[(blank + 2)...]))
    inclusion = LogInclusionProof(index: index, size: checkpoint.treeSize, path: LogPath(siblings))
  }

  /// Lines one by one, with their number for messages.
  private struct Lines {
    private var rest: ArraySlice<ArraySlice<UInt8>>
    private var number = 0

    init(_ text: ArraySlice<UInt8>) {
      rest = text.split(separator: EventProof.lineBreak, omittingEmptySubsequences: false)[...]
    }

    /// Nil at the end. A line that is no UTF-8 is no line of the format either.
    mutating func next() -> String? {
      number += 1
      return rest.popFirst().map { String(decoding: $0, as: UTF8.self) }
    }

    func malformed(_ expected: String) -> ProofFault { .malformedLine(number, expected: expected) }
  }
}

extension LogCheckpoint {
  /// A checkpoint, signed or bare.
  ///
  /// - Throws: `.checkpoint`.
  static func read(_ text: [UInt8]) throws(ProofFault) -> (note: SignedNote?, checkpoint: LogCheckpoint) {
    do throws(NoteFault) {
      do throws(NoteFault) {
        let note = try SignedNote(parsing: text)
        return (note, try LogCheckpoint(parsing: note.text))
      } catch .notSigned {
        return (nil, try LogCheckpoint(parsing: text))
      }
    } catch {
      throw .checkpoint(error.description)
    }
  }
}
