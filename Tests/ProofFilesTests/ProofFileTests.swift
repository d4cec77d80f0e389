import Foundation
import ProofFiles
import ReplayTestSupport
import Signing
import StateCommitment
import StorageProtocol
import Testing

/// Proofs written, read again and checked; and every byte of every file changed.
@Suite struct ProofFileTests {
  private let state = SmallState()
  private let key = SigningKey.generate(.ed25519)

  private var stateProofs: [StateProof] {
    (0..<SmallState.objectCount).map(state.proof(ofObject:)) + (0..<3).map(state.proof(ofNode:)) + state.absences
      + [state.absence(ofNode: Identifier("nobody")), state.absence(of: Identifier("object 1"), ObjectVersion(2))]
  }

  private var proofs: [ProofFile] {
    get throws {
      try stateProofs.map(ProofFile.state)
        + [0, 17, 36].flatMap {
          [.event(try state.proof(ofEvent: $0)), .event(try state.proof(ofEvent: $0, signedBy: key))]
        }
        + [1, 5, 32, 36, 37].flatMap {
          [.consistency(try state.consistency(from: $0)), .consistency(try state.consistency(from: $0, signedBy: key))]
        }
    }
  }

  /// What a reader who trusts the state root, the log root and its size, and the key accepts.
  private func isAccepted(_ file: ProofFile, of original: ProofFile) -> Bool {
    do {
      switch (file, original) {
      case (.state(let proof), .state(let first)):
        return try isAbout(proof.claim, sameAs: first.claim) && proof.check() == state.roots.state
      case (.event(let proof), .event(let first)):
        let id = state.eventIDs[Int(first.inclusion.index)]
        return try proof.check(id) == state.roots.log && proof.inclusion.size == SmallState.eventCount
          && isSigned(proof.note, as: first.note, name: proof.checkpoint.origin)
      case (.consistency(let proof), .consistency(let first)):
        return try proof.check() == state.roots.log && proof.firstRoot == first.firstRoot
          && proof.consistency.second == SmallState.eventCount
          && isSigned(proof.note, as: first.note, name: "example.com/log")
      default: return false
      }
    } catch {
      return false
    }
  }

  /// Whether both claims are of one name, where they are of an absence: at one place many names are absent, and a proof for
  /// one is a proof for the others.
  private func isAbout(_ claim: StateClaim, sameAs first: StateClaim) -> Bool {
    switch (claim, first) {
    case (.noObject(let id, let version, _), .noObject(let otherID, let otherVersion, _)):
      id == otherID && version == otherVersion
    case (.noNode(let id, _), .noNode(let otherID, _)): id == otherID
    default: true
    }
  }

  private func isSigned(_ note: SignedNote?, as first: SignedNote?, name: String) throws -> Bool {
    guard first != nil else { return true }
    return try note?.standing(of: NoteKey(name: name, key: key.verifyingKey)) == .valid
  }

  @Test func `every kind of proof is the same when it is read again, and holds`() throws {
    #expect(state.absences.count == 2, "at an empty place, and at somebody else's leaf")
    for proof in try proofs {
      let again = try ProofFile(parsing: proof.text)
      #expect(again == proof)
      #expect(again.text == proof.text)
      #expect(isAccepted(again, of: proof))
    }
  }

  /// A byte of white space, or of a number's sign before zero, may change without a change of what is said.
  @Test func `no byte of a file can be another one`() throws {
    for proof in try proofs {
      let text = proof.text
      for place in text.indices {
        for change: UInt8 in [0x01, 0x20, 0x80 >> UInt8(place % 8)] {
          var changed = text
          changed[place] ^= change
          guard let read = try? ProofFile(parsing: changed), read != proof, isAccepted(read, of: proof) else {
            continue
          }
          guard !isOnlyUncovered(read, proof) else { continue }
          Issue.record("byte \(place) ^ \(change) of\n\(String(decoding: text, as: UTF8.self))")
        }
      }
    }
  }

  /// The name of an unsigned checkpoint: no root covers it (Proofs.md).
  private func isOnlyUncovered(_ read: ProofFile, _ original: ProofFile) -> Bool {
    guard case .event(let read) = read, case .event(let original) = original else { return false }
    return read.inclusion == original.inclusion && original.note == nil
      && read.checkpoint.origin != original.checkpoint.origin
  }

  @Test func `a byte that is left out, doubled or cut off is noticed`() throws {
    for proof in try proofs {
      let text = proof.text
      for place in text.indices {
        for changed in [
          Array(text[..<place]), ProofFileTests.without(text, place), ProofFileTests.doubled(text, place),
        ] {
          guard let read = try? ProofFile(parsing: changed), read != proof, isAccepted(read, of: proof) else {
            continue
          }
          guard !isOnlyUncovered(read, proof) else { continue }
          Issue.record("byte \(place) of\n\(String(decoding: text, as: UTF8.self))")
        }
      }
      #expect((try? ProofFile(parsing: text + [UInt8(ascii: "x")])) == nil, "something behind the end")
    }
  }

  private static func without(_ text: [UInt8], _ place: Int) -> [UInt8] {
    Array(text[..<place]) + Array(text[(place + 1)...])
  }

  private static func doubled(_ text: [UInt8], _ place: Int) -> [UInt8] {
    Array(text[...place]) + Array(text[place...])
  }

  @Test func `a member that is missing, added or there twice is named`() throws {
    for proof in stateProofs.map(ProofFile.state) + [.consistency(try state.consistency(from: 5))] {
      let value = try JSONText.value(proof.text)
      let document = try #require(value.objectValue)
      for index in document.members.indices.dropFirst(2) {
        let kept = document.members.enumerated().filter { $0.offset != index }.map {
          ($0.element.key, $0.element.value)
        }
        let name = String(decoding: document.members[index].key, as: UTF8.self)
        #expect(throws: ProofFault.missing(field: name)) { try ProofFile(parsing: text(JSONObject(kept))) }
      }
      var more = document
      more.add("note", .text("says anything"))
      #expect(throws: ProofFault.unknown(field: #""note""#)) { try ProofFile(parsing: text(more)) }
      more = document
      more.add("path", .array([]))
      let fault = #expect(throws: ProofFault.self) { try ProofFile(parsing: text(more)) }
      if case .faultyJSON? = fault {} else { Issue.record("\(String(describing: fault))") }
    }
  }

  private func text(_ document: JSONObject) -> [UInt8] { JSONFormat.line.encode(.object(document)) }

  @Test(arguments: [
    ("", ProofFault.notAProof), ("[]", .notAProof), ("{}", .notAProof), ("{", .notJSON(position: 1)),
    (#"{"format":"eqm-proof/2","kind":"node"}"#, .notAProof), (#"{"format":"eqm-proof/1"}{}"#, .notJSON(position: 24)),
    (#"{"format":"eqm-proof/1","kind":"all"}"#, .malformed(field: "kind", expected: "a kind of proof of this format")),
    ("c2sp.org/tlog-proof@v1\n", .checkpoint("there is none behind an empty line")),
    ("c2sp.org/tlog-proof@v2\nindex 0\n\no\n1\n", .notAProof),
    ("c2sp.org/tlog-proof@v11\nindex 0\n\no\n1\n", .malformedLine(1, expected: "c2sp.org/tlog-proof@v1")),
    (
      "c2sp.org/tlog-proof@v1\nindex 01\n\no\n1\n",
      .malformedLine(2, expected: "index and a number in its shortest form")
    ),
    ("c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\no\n1\n", .malformedLine(2, expected: "base64 behind extra")),
    (
      "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\no\n1\n",
      .malformedLine(3, expected: "one of at most 64 hashes in base64")
    ),
  ])
  func `what is no proof is refused with the place`(text: String, fault: ProofFault) {
    #expect(throws: fault) { try ProofFile(parsing: Array(text.utf8)) }
  }

  @Test func `a file that is too large is not looked at`() {
    let text = [UInt8](repeating: UInt8(ascii: "["), count: ProofFile.bytesMax + 1)
    #expect(throws: ProofFault.tooLarge) { try ProofFile(parsing: text) }
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    #expect(throws: ProofFault.self) { try ProofFile(parsing: Array(#"{"format":"#.utf8) + deep) }
  }

  @Test func `extra data of a tlog-proof are read over, and said to be there`() throws {
    let proof = try state.proof(ofEvent: 3, signedBy: key)
    let text = String(decoding: proof.text, as: UTF8.self)
    let extended = text.replacingOccurrences(of: "index 3\n", with: "extra AAECAw==\nindex 3\n")
    guard case .event(let read) = try ProofFile(parsing: Array(extended.utf8)) else { return #expect(Bool(false)) }
    #expect(read.hasExtraData && read.inclusion == proof.inclusion && read.note == proof.note)
  }

  @Test func `a proof of one thing is none of another`() throws {
    let (object, other) = (state.proof(ofObject: 3), state.proof(ofObject: 6))
    let swapped = StateProof(claim: other.claim, path: object.path, summary: object.summary, roots: object.roots)
    #expect(throws: ProofFault.self) { try swapped.check() }
    let node = state.proof(ofNode: 0)
    let foreign = StateProof(claim: node.claim, path: object.path, summary: node.summary, roots: node.roots)
    #expect(throws: ProofFault.self) { try foreign.check() }
    for absent in (0..<SmallState.objectCount).map({ state.objects[$0] }) {
      let walk = state.proof(ofObject: 0)
      let claim = StateClaim.noObject(absent.id, absent.version, found: nil)
      let denied = StateProof(claim: claim, path: walk.path, summary: walk.summary, roots: walk.roots)
      #expect(throws: ProofFault.self, "\(absent.id.text) is there") { try denied.check() }
    }
  }
}
