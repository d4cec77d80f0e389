internal import Benchmarking
internal import StorageProtocol
internal import SystemFiles

/// Documents of benchmarks as files.
enum BenchFile {
  /// A thousand runs of everything are some megabytes.
  private static let bytesMax = 64 << 20

  /// Writes a document, whole or not at all.
  ///
  /// - Throws: `.output`.
  static func write(_ json: JSONValue, to target: TargetFile) throws(ReplayFailure) {
    do throws(FileError) {
      var file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-bench")
      try file.write(JSONFormat.indented.encode(json) + [UInt8(ascii: "\n")])
      try file.publish(to: target)
    } catch {
      throw ReplayFailure(output: error)
    }
  }

  /// Reads what ``write(_:to:)`` wrote.
  ///
  /// - Throws: `.input` for a file that cannot be read; `.benchmark` for one that is no document.
  static func read(_ path: String) throws(ReplayFailure) -> BenchDocument {
    let text: [UInt8]
    do {
      text = try BoundedFile.read(path, bytesMax: bytesMax)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
    return try ReplayFailure.benchmarking { () throws(BenchFault) in try BenchDocument(parsing: text, path: path) }
  }
}
