import Foundation
import ReplayTestSupport
import Signing
import StorageProtocol
import Testing

/// A fixture, its expected roots, and proofs of it in a folder of its own.
final class ProvedLog {
  let folder: TemporaryFolder
  let log: String
  let commitment: JSONObject
  /// Lines of an export.
  let objects: [JSONObject]
  let nodes: [JSONObject]
  let events: [JSONObject]
  private var proofCount = 0

  init(_ name: String) throws {
    folder = try TemporaryFolder()
    log = Fixture.path(name)
    commitment = try Fixture.expected(name).object("commitment")
    let run = try CommandLineRun(["export", log, "--to", "jsonl", "-o", "\(folder.path)/state.jsonl", "-q"])
    try #require([0, 1, 3].contains(run.status), "\(run.errors)")
    let lines = try folder.read("state.jsonl").split(separator: UInt8(ascii: "\n")).compactMap { line in
      try JSONText.value(Array(line)).objectValue
    }
    let kind = { (kind: String) in lines.filter { $0["kind"] == .text(kind) } }
    (objects, nodes, events) = (kind("object"), kind("node"), kind("event"))
  }

  /// Runs `prove` and returns the path of the proof.
  func prove(_ arguments: [String], status: Int32 = 0) throws -> String {
    proofCount += 1
    let path = "\(folder.path)/proof-\(proofCount)"
    let run = try CommandLineRun(["prove", log, "-o", path, "-q", "--json"] + arguments)
    try #require(run.status == status, "\(arguments): \(run.errors)")
    return path
  }

  /// Runs `check-proof` on what `prove` wrote.
  func check(_ path: String, _ arguments: [String]) throws -> CommandLineRun {
    try CommandLineRun(["check-proof", path, "--json"] + arguments)
  }

  /// A proof's file.
  static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// A proof's document.
  static func document(_ path: String) throws -> JSONObject {
    let document = try CommandLineRun.object(bytes(path))
    return try #require(document)
  }

  /// Writes a new signing key and its public key: `NAME` and `NAME.pub`.
  func key(_ algorithm: SigningAlgorithm = .ed25519, name: String = "key") throws -> String {
    let key = SigningKey.generate(algorithm)
    try folder.write(key.verifyingKey.pem, "\(name).pub")
    return try folder.write(key.pem, name)
  }
}
