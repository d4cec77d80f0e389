internal import Glibc

/// Files of one folder that new ones take the places of, kept aside until all of those are there.
///
/// A kept file has a second, hidden name meanwhile, so that whoever looks finds the old file or the new one under the first;
/// where the file system gives no second names, only the hidden one.
package struct ReplacedFiles {
  private struct Kept {
    let name: String
    /// Nil where no file had the name.
    let hiddenPath: String?
  }

  private let folder: String
  private var kept: [Kept] = []

  /// Keeps what has one of these names in `folder`.
  ///
  /// - Throws: ``FileError``; everything is as it was then.
  package init(_ names: [String], in folder: String) throws(FileError) {
    self.folder = folder
    for name in names {
      do throws(FileError) {
        kept.append(Kept(name: name, hiddenPath: try ReplacedFiles.keep("\(folder)/\(name)", in: folder)))
      } catch {
        restore()
        throw error
      }
    }
  }

  /// The second name of the file at `path`; nil where there is none.
  private static func keep(_ path: String, in folder: String) throws(FileError) -> String? {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw FileError(.publish, path) }
      return nil
    }
    var template = Array("\(folder)/.eqm-replay-replaced-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError(.create, folder) }
    close(descriptor)
    let hidden = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    // `link` wants a name that is free; `rename` takes one that is not.
    unlink(hidden)
    guard link(path, hidden) == 0 || rename(path, hidden) == 0 else { throw FileError(.publish, path) }
    return hidden
  }

  /// Puts everything back, and removes what has a name that was free.
  package func restore() {
    for file in kept {
      let path = "\(folder)/\(file.name)"
      guard let hidden = file.hiddenPath else {
        unlink(path)
        continue
      }
      // Where both are names of one file still, `rename` leaves both.
      if rename(hidden, path) == 0 { unlink(hidden) }
    }
    try? FolderContents.synchronise(folder)
  }

  /// Lets go of what was kept, and removes what stands under a name that no new file has.
  ///
  /// - Parameter names: of the new files.
  package func discard(keeping names: [String]) {
    for file in kept {
      if let hidden = file.hiddenPath { unlink(hidden) }
      if !names.contains(file.name) { unlink("\(folder)/\(file.name)") }
    }
  }
}
