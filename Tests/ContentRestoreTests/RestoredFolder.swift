import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// A target of `restore`, and what is in it.
struct RestoredFolder {
  let path: String

  init(_ folder: borrowing TemporaryFolder, _ name: String = "restored") { path = "\(folder.path)/\(name)" }

  /// Runs `restore` into the folder.
  func restore(_ log: String, _ options: [String] = []) throws -> CommandLineRun {
    try CommandLineRun(["restore", log, "-o", path, "--json", "-q"] + options)
  }

  /// Runs `restore`, which must end with a status.
  @discardableResult
  func restore(
    _ log: String, _ options: [String] = [], status: Int32, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> JSONObject {
    let run = try restore(log, options)
    #expect(run.status == status, "\(options): \(run.errors)", sourceLocation: sourceLocation)
    return try run.json
  }

  /// The lines of the manifest.
  var manifest: [JSONObject] {
    get throws {
      try read("manifest.jsonl").split(separator: UInt8(ascii: "\n")).map { line in
        guard let object = try JSONText.value(Array(line)).objectValue else {
          throw Fixture.FixtureError.unexpectedForm("a line of the manifest")
        }
        return object
      }
    }
  }

  func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// Every file, hidden ones included, by its name inside the folder.
  var tree: [String: [UInt8]] {
    get throws {
      guard let names = FileManager.default.enumerator(atPath: path) else { return [:] }
      var tree: [String: [UInt8]] = [:]
      for case let name as String in names {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
        tree[name] = isFolder.boolValue ? [] : try read(name)
      }
      return tree
    }
  }

  /// Names of the files that the manifest names.
  var files: [String] {
    get throws {
      try manifest.compactMap { try $0.required("file").stringBytes }.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// Checks the folder against the contents that a log leaves, all objects of it.
  func check(_ expected: ExpectedContents, damaged: Set<Digest> = [], _ comment: Comment = "") throws {
    let lines = try manifest
    #expect(lines.count == expected.objects.count, comment)
    for (line, object) in zip(lines, expected.objects) {
      #expect(line["object_id"] == .string(object.id.bytes), comment)
      #expect(line["version"] == .integer(object.version.value), comment)
      #expect(line["key"] == .hexadecimal(object.key), comment)
      #expect(line["hash_commit"] == .hexadecimal(object.hashCommit), comment)
      #expect(line["shard_ids"] == .array(object.shardIDs.map(JSONValue.hexadecimal)), comment)
      if let metadata = object.metadata {
        #expect(try line.object("metadata").canonical == metadata.canonical, comment)
      }
      try check(line, damaged.contains(object.key) ? nil : expected.contents[object.key], comment)
    }
    let found = try tree.keys.filter { $0.hasPrefix("objects/") && $0.count > 10 }
    #expect(try Set(found) == Set(files), comment)
  }

  /// - Parameter content: nil for one that the archive has lost.
  private func check(_ line: JSONObject, _ content: ExpectedContents.Content?, _ comment: Comment) throws {
    switch content {
    case .bytes(let bytes)?:
      #expect(try line.text("status") == "restored", comment)
      #expect(try read(line.text("file")) == bytes, comment)
      #expect(line["size"] == .integer(bytes.count), comment)
    case .carried?, .placeholder?:
      #expect(try line.text("status") == "unrecoverable", comment)
      #expect(try line.text("reason") == (content == .carried ? "carried" : "placeholder"), comment)
      #expect(line["file"] == .null, comment)
    case nil:
      #expect(try line.text("status") == "damaged", comment)
      #expect(try line.text("reason").contains("content/"), comment)
      #expect(line["file"] == .null, comment)
    }
  }
}

extension JSONObject {
  var canonical: String { JSONValue.object(self).canonicalText }
}

/// Packs a log into small segments, and returns the archive's path.
func pack(_ log: String, in folder: borrowing TemporaryFolder) throws -> String {
  let archive = "\(folder.path)/log.eqm"
  let run = try CommandLineRun(["pack", log, "-o", archive, "-q", "--segment-bytes", "40000"])
  #expect(run.status == 0, "\(run.errors)")
  return archive
}
