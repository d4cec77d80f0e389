internal import Glibc

/// A folder of this user alone, which disappears with this value, and what is in it.
package struct ScratchFolder: ~Copyable {
  package let path: String

  /// - Throws: ``FileError``.
  package init(in folder: String, prefix: String) throws(FileError) {
    var template = Array("\(folder)/\(prefix)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError(.create, folder) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { FolderContents.remove(path) }
}
