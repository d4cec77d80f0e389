internal import LogReading
package import SystemFiles

/// Writes a plain log, entry by entry, in the form that its name tells: `.json` or `.jsonl`, either with `.lz4` after it.
package struct LogFileWriter: ~Copyable {
  private static let frameBytes = 1 << 20

  private let target: TargetFile
  private let isArray: Bool
  private let encoder: FrameEncoder?
  private var file: TemporaryFile
  private var text: [UInt8] = []
  private var isEmpty = true

  /// Whether a name tells a form.
  package static func isLogName(_ name: String) -> Bool {
    [".json", ".jsonl", ".json.lz4", ".jsonl.lz4"].contains { name.hasSuffix($0) }
  }

  /// - Parameter target: whose name tells a form.
  /// - Throws: ``FileError``.
  package init(_ target: TargetFile, level: Int) throws(FileError) {
    precondition(LogFileWriter.isLogName(target.name), "names are checked where they are typed")
    self.target = target
    encoder = target.name.hasSuffix(".lz4") ? FrameEncoder(level: level) : nil
    isArray = target.name.hasSuffix(".json") || target.name.hasSuffix(".json.lz4")
    file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-log")
    if isArray { text.append(UInt8(ascii: "[")) }
  }

  /// Appends an entry, on one line.
  ///
  /// - Throws: ``FileError``.
  package mutating func append(_ entry: [UInt8]) throws(FileError) {
    if isArray { text += isEmpty ? [UInt8(ascii: "\n")] : Array(",\n".utf8) }
    text += entry.unbroken
    if !isArray { text.append(UInt8(ascii: "\n")) }
    isEmpty = false
    if text.count >= LogFileWriter.frameBytes { try flush() }
  }

  private mutating func flush() throws(FileError) {
    guard !text.isEmpty else { return }
    try file.write(encoder.map { (encoder) in text.withUnsafeBytes { encoder.frame($0) } } ?? text)
    text.removeAll(keepingCapacity: true)
  }

  /// Completes the log and gives it its name.
  ///
  /// - Throws: ``FileError``; no file is left then.
  package consuming func publish() throws(FileError) {
    if isArray { text += Array("\n]\n".utf8) }
    // An empty log in LZ4 is a frame of nothing: a file of no bytes would be no LZ4.
    if let encoder, isEmpty, text.isEmpty { text = []; try file.write(text.withUnsafeBytes { encoder.frame($0) }) }
    try flush()
    try file.publish(to: target)
  }
}
