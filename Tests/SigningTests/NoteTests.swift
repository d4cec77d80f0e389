import Foundation
import Signing
import StorageProtocol
import Testing

@Suite struct NoteTests {
  /// The example of the package golang.org/x/mod/sumdb/note, another implementation of the same format.
  private static let publicKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
  private static let seed = "gQoUAtUUbI2E8kQzMPVAgOv5juF9nHT2JS/F1ccoMXM="
  private static let text =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
  private static let line =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

  private func note(_ text: String) throws -> SignedNote { try SignedNote(parsing: Array(text.utf8)) }

  private func publishedKey() throws -> SigningKey {
    let prefix: [UInt8] = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20]
    let seed = try #require(Data(base64Encoded: Self.seed))
    let body = Data(prefix + seed).base64EncodedString()
    return try SigningKey(pem: Array("-----BEGIN PRIVATE KEY-----\n\(body)\n-----END PRIVATE KEY-----\n".utf8))
  }

  @Test func `the published note is written byte for byte and verifies`() throws {
    let key = try publishedKey()
    var note = SignedNote(text: Array(Self.text.utf8))
    try note.sign("PeterNeumann", key)
    #expect(String(decoding: note.bytes, as: UTF8.self) == Self.text + "\n" + Self.line)
    let verifier = try NoteKey(parsing: Self.publicKey)
    #expect(try NoteKey(name: "PeterNeumann", key: key.verifyingKey) == verifier)
    #expect(verifier.text == Self.publicKey)
    #expect(try self.note(Self.text + "\n" + Self.line).standing(of: verifier) == .valid)
  }

  /// The worked example of the C2SP specification.
  @Test func `the note of the specification verifies`() throws {
    let text =
      "This is an example message.\n\n— example.com/foo "
      + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    let verifier = try NoteKey(parsing: key)
    #expect(verifier.text == key)
    #expect(verifier.id == [0x53, 0x0D, 0x90, 0x3A])
    let note = try note(text)
    #expect(note.standing(of: verifier) == .valid)
    #expect(note.bytes == Array(text.utf8))
  }

  /// The example of the specification of checkpoints, whose key it does not give.
  @Test func `the checkpoint of the specification is read and written back`() throws {
    let text =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      + "— example.com/behind-the-sofa "
      + "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    let checkpoint = try LogCheckpoint(parsing: note(text).text)
    #expect(checkpoint.origin == "example.com/behind-the-sofa")
    #expect(checkpoint.treeSize == 20_852_163)
    #expect(checkpoint.text == (try note(text).text))
  }

  @Test func `every changed byte of a note is noticed, and other signatures are passed over`() throws {
    let verifier = try NoteKey(parsing: Self.publicKey)
    let bytes = Array((Self.text + "\n" + Self.line).utf8)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      let standing = try? SignedNote(parsing: changed).standing(of: verifier)
      #expect(standing != .valid, "byte \(index)")
    }
    var note = try note(Self.text + "\n" + Self.line)
    try note.sign("PeterNeumann", SigningKey.generate(.ed25519))
    try note.sign("someone.example", publishedKey())
    #expect(note.signatures.count == 3)
    #expect(try SignedNote(parsing: note.bytes).standing(of: verifier) == .valid)
    #expect(note.standing(of: try NoteKey(name: "x", key: verifier.key)) == .absent)
  }

  @Test func `a false signature beside a good one of the same key spoils the note`() throws {
    let verifier = try NoteKey(parsing: Self.publicKey)
    let forged = Self.line.replacingOccurrences(of: "JnAM=", with: "JnAQ=")
    #expect(try note(Self.text + "\n" + Self.line + forged).standing(of: verifier) == .invalid)
  }

  @Test(arguments: [
    "", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— na+me AAAAAAAA\n", "text\n\n— name AAAA\n",
    "text\n\n- name AAAAAAAA\n", "text\n\n— name AAAAAAAA", "te\txt\n\n— name AAAAAAAA\n", "text\n\n— name AAAAAA==\n",
  ])
  func `what is no signed note is refused`(text: String) {
    #expect(throws: NoteFault.self) { try note(text) }
  }

  @Test(arguments: [
    "o\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "o\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
    "o\n1\nAAAA\n", "o\n1\n", "o\n18446744073709551616\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nmore\n", "o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
  ])
  func `what is no checkpoint is refused`(text: String) {
    #expect(throws: NoteFault.notACheckpoint) { try LogCheckpoint(parsing: Array(text.utf8)) }
  }

  @Test(arguments: [
    "", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  ])
  func `what is no verifier key is refused`(text: String) {
    #expect(throws: KeyFault.notAVerifierKey) { try NoteKey(parsing: text) }
  }

  @Test func `a P-256 key signs no note`() {
    var note = SignedNote(text: [0x61, 0x0A])
    #expect(throws: KeyFault.unknownAlgorithm) { try note.sign("name", .generate(.p256)) }
  }
}
