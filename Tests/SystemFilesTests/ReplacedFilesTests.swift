import Foundation
import ReplayTestSupport
import SystemFiles
import Testing

/// Files that are replaced together, or not at all.
@Suite struct ReplacedFilesTests {
  private func text(_ name: String, in folder: TemporaryFolder) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }

  private func publish(_ text: String, as name: String, in folder: TemporaryFolder) throws {
    var file = try TemporaryFile(in: folder.path, prefix: "new")
    try file.write(Array(text.utf8))
    #expect(try file.publish(as: name, replaces: true))
  }

  @Test func `where a new file cannot have its name, the old ones are back, and no other is there`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old a", "a")
    try folder.write("old b", "b")
    let before = try ReplacedFiles(["a", "b", "c", "d"], in: folder.path)
    #expect(try text("a", in: folder) == "old a", "whoever looks meanwhile finds it")
    try publish("new a", as: "a", in: folder)
    try publish("new c", as: "c", in: folder)
    // A folder has the name now.
    try FileManager.default.removeItem(atPath: "\(folder.path)/b")
    try FileManager.default.createDirectory(atPath: "\(folder.path)/b", withIntermediateDirectories: false)
    #expect(throws: FileError.self) { try publish("new b", as: "b", in: folder) }
    try FileManager.default.removeItem(atPath: "\(folder.path)/b")
    before.restore()
    #expect(try folder.names == ["a", "b"])
    #expect(try text("a", in: folder) == "old a")
    #expect(try text("b", in: folder) == "old b")
  }

  @Test func `what was not replaced when the rest failed is as it was`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old a", "a")
    let before = try ReplacedFiles(["a", "b"], in: folder.path)
    before.restore()
    #expect(try folder.names == ["a"])
    #expect(try text("a", in: folder) == "old a")
  }

  @Test func `where all new files are there, nothing of the old ones is`() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.write("old \(name)", name) }
    let before = try ReplacedFiles(["a", "b", "c", "d"], in: folder.path)
    try publish("new a", as: "a", in: folder)
    try publish("new d", as: "d", in: folder)
    before.discard(keeping: ["a", "d"])
    #expect(try folder.names == ["a", "d"])
    #expect(try text("a", in: folder) == "new a")
  }

  @Test func `what cannot be kept aside is found before anything is replaced`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old a", "a")
    #expect(throws: FileError.self) { try ReplacedFiles(["a", "none/b"], in: "\(folder.path)/a") }
    #expect(try folder.names == ["a"])
  }
}
