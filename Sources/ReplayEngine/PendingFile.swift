internal import SystemFiles

/// A written file that waits for its name.
final class PendingFile {
  private var file: TemporaryFile

  init(_ text: [UInt8], in folder: TargetFolder) throws(FileError) {
    var file = try TemporaryFile(in: folder.path, prefix: "eqm-replay-evidence")
    try file.write(text)
    try file.flush()
    self.file = file
  }

  func publish(as name: String, replaces: Bool) throws(FileError) -> Bool {
    try file.publish(as: name, replaces: replaces)
  }
}
