internal import Glibc

/// A folder on its way: beside the place that it will have, under a temporary name, and gone with this value unless published.
///
/// A reader of the final name sees all of it or none.
package final class StagedFolder: Sendable {
  private static let prefix = ".eqm-replay-folder-"

  package let path: String
  private let place: Place

  /// The folder in which this one is, and will be.
  package var parent: TargetFolder { TargetFolder(path: place.parent) }

  /// Where a folder is or will be.
  private struct Place {
    let parent: String
    let name: String

    var path: String { parent == "/" ? "/\(name)" : "\(parent)/\(name)" }

    /// - Parameter path: of a folder, by whatever way; or where nothing is yet.
    init?(_ path: String) {
      if let whole = Place.real(path) {
        guard let slash = whole.lastIndex(of: "/") else { return nil }
        parent = slash == whole.startIndex ? "/" : String(whole[..<slash])
        name = String(whole[whole.index(after: slash)...])
      } else {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true)
        guard let last = parts.last, last != ".." else { return nil }
        let above = parts.dropLast().joined(separator: "/")
        name = String(last)
        parent = path.hasPrefix("/") ? "/\(above)" : above.isEmpty ? "." : above
      }
      guard !name.isEmpty else { return nil }
    }

    private static func real(_ path: String) -> String? {
      guard let name = realpath(path, nil) else { return nil }
      defer { free(name) }
      return String(cString: name)
    }
  }

  /// The folder in which `target` is or will be, and in which it is made.
  ///
  /// - Throws: `.notWritable`.
  package static func parent(of target: TargetFolder) throws(TargetFault) -> TargetFolder {
    guard let place = Place(target.path) else { throw .notWritable(FileError(.create, target.path, errno: EINVAL)) }
    return TargetFolder(path: place.parent)
  }

  /// Makes an empty folder, and those above `target` where they are missing.
  ///
  /// - Throws: ``FileError``.
  package init(for target: TargetFolder) throws(FileError) {
    guard let place = Place(target.path) else { throw FileError(.create, target.path, errno: EINVAL) }
    self.place = place
    do throws(TargetFault) {
      try TargetFolder(path: place.parent).create()
    } catch {
      throw FileError(.create, place.parent)
    }
    var template = Array("\(place.parent)/\(StagedFolder.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError(.create, place.parent) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { FolderContents.remove(path) }

  /// Gives the folder its name, which may be that of an empty folder.
  ///
  /// - Parameter replaces: whether it may take the place of a folder with something in it. That one has another name until the
  ///   new one is there, and comes back if that fails.
  /// - Throws: ``FileError``.
  package func publish(replaces: Bool) throws(FileError) {
    guard chmod(path, 0o755) == 0 else { throw FileError(.publish, place.path) }
    try FolderContents.synchronise(path)
    // Of an empty folder rename(2) takes the place.
    if rename(path, place.path) != 0 {
      guard replaces, errno == ENOTEMPTY || errno == EEXIST else { throw FileError(.publish, place.path) }
      try replace()
    }
    try FolderContents.synchronise(place.parent)
  }

  private func replace() throws(FileError) {
    var template = Array("\(place.parent)/\(StagedFolder.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError(.publish, place.path) }
    let old = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard rename(place.path, old) == 0 else {
      let failure = FileError(.publish, place.path)
      rmdir(old)
      throw failure
    }
    guard rename(path, place.path) == 0 else {
      let failure = FileError(.publish, place.path)
      rename(old, place.path)
      throw failure
    }
    FolderContents.remove(old)
  }
}
