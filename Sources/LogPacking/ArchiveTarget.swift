internal import Glibc
internal import LogReading
package import SystemFiles

/// The folder that an archive is to be written to.
package struct ArchiveTarget: Sendable {
  package let folder: TargetFolder
  /// Whether an archive that is there may be replaced.
  package let replaces: Bool

  package init(path: String, replaces: Bool) {
    folder = TargetFolder(path: path)
    self.replaces = replaces
  }

  /// Checks, before any work, that the folder can be made or is empty, or is to be replaced.
  ///
  /// - Parameters:
  ///   - log: what is packed, which must not be replaced.
  ///   - expectedBytes: about how large the archive will be.
  /// - Throws: `.notWritable`, `.notEmpty`, `.isTheLog`, `.noRoom`.
  package func check(log: String?, expectedBytes: UInt64) throws(TargetFault) {
    try folder.checkCreatable()
    var (status, logStatus) = (stat(), stat())
    guard stat(folder.path, &status) == 0 else { return try folder.checkParent(expectedBytes: expectedBytes) }
    if let log, stat(log, &logStatus) == 0, folder.contains(log) { throw .isTheLog(path: folder.path) }
    guard !isEmpty else { return try folder.check(expectedBytes: expectedBytes) }
    guard replaces else { throw .notEmpty(path: folder.path) }
    guard FolderContents.names(in: folder.path).contains(ArchiveManifest.fileName) else {
      throw .notAnArchive(path: folder.path)
    }
    try folder.check(expectedBytes: expectedBytes)
  }
}

extension ArchiveTarget {
  /// Whether there is nothing but what packing left that was killed.
  private var isEmpty: Bool {
    FolderContents.names(in: folder.path).allSatisfy { $0.hasPrefix(StagedArchive.prefix) }
  }
}

/// An archive on its way: in a folder of its own inside the target, which disappears with this value unless published.
final class StagedArchive: Sendable {
  private let target: TargetFolder
  private let replaces: Bool
  let path: String

  static let prefix = ".eqm-replay-pack-"
  static let segmentFolder = "segments"
  static let packFolder = "content"

  /// - Throws: ``FileError``.
  init(in target: ArchiveTarget) throws(FileError) {
    self.target = target.folder
    replaces = target.replaces
    do throws(TargetFault) {
      try target.folder.create()
    } catch {
      throw FileError(.create, target.folder.path)
    }
    for name in FolderContents.names(in: target.folder.path) where name.hasPrefix(StagedArchive.prefix) {
      FolderContents.remove("\(target.folder.path)/\(name)")
    }
    var template = Array("\(target.folder.path)/\(StagedArchive.prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError(.create, target.folder.path) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    for part in [StagedArchive.segmentFolder, StagedArchive.packFolder] {
      guard mkdir("\(path)/\(part)", 0o755) == 0 else { throw FileError(.create, "\(path)/\(part)") }
    }
  }

  deinit { FolderContents.remove(path) }

  /// Gives everything its final name, the manifest last. An archive that is replaced loses its manifest first, is kept aside
  /// until all of the new one is there, and comes back if that fails.
  ///
  /// - Throws: ``FileError``.
  func publish() throws(FileError) {
    let names = [
      StagedArchive.segmentFolder, StagedArchive.packFolder, ArchiveManifest.sumsName, ArchiveManifest.fileName,
    ]
    var moved: [String] = []
    do throws(FileError) {
      if replaces {
        for name in names.reversed() where rename("\(target.path)/\(name)", "\(path)/old-\(name)") == 0 {
          moved.append(name)
        }
        try FolderContents.synchronise(target.path)
      }
      for name in names {
        if name == ArchiveManifest.fileName { try FolderContents.synchronise(target.path) }
        let (source, final) = ("\(path)/\(name)", "\(target.path)/\(name)")
        guard rename(source, final) == 0 else { throw FileError(.publish, final) }
      }
      try FolderContents.synchronise(target.path)
    } catch {
      for name in moved.reversed() {
        FolderContents.remove("\(target.path)/\(name)")
        rename("\(path)/old-\(name)", "\(target.path)/\(name)")
      }
      throw error
    }
  }
}
