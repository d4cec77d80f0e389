import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// Keys, and drills whose evidence is looked at.
final class DrilledEvidence {
  let folder: TemporaryFolder
  let key: String

  /// Makes a key in a folder of its own.
  init(algorithm: String = "ed25519") throws {
    folder = try TemporaryFolder()
    key = "\(folder.path)/key.pem"
    let run = try CommandLineRun(["evidence", "keygen", "-o", key, "--algorithm", algorithm])
    try #require(run.status == 0, "\(run.errors)")
  }

  var publicKey: String { key + ".pub" }

  func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// Drills a log into the subfolder `out`.
  @discardableResult
  func drill(_ log: String, _ options: [String] = [], out: String = "out", isSigned: Bool = true) throws
    -> CommandLineRun
  {
    try CommandLineRun(
      ["drill", log, "--out", path(out), "--json"] + options + (isSigned ? ["--sign", key] : []))
  }

  /// Names in a subfolder.
  func names(_ out: String = "out") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(out)).sorted()
  }

  /// The path of the only file in a subfolder whose name ends so.
  func file(_ ending: String, in out: String = "out") throws -> String {
    let found = try names(out).filter { $0.hasSuffix(ending) && (ending != ".json" || !$0.hasSuffix(".dsse.json")) }
    try #require(found.count == 1, "\(found)")
    return path("\(out)/\(found[0])")
  }

  func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

  func document(_ path: String) throws -> JSONObject {
    try #require(try JSONText.value(bytes(path)).objectValue)
  }
}
