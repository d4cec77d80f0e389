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

  /// Reads the document of `bench run` that ``write(_:to:)`` wrote.
  ///
  /// - Throws: `.input` for a file that cannot be read; `.benchmark` for one that is no document.
  static func read(_ path: String) throws(ReplayFailure) -> BenchDocument {
    let text = try bytes(path)
    return try ReplayFailure.benchmarking { () throws(BenchFault) in try BenchDocument(parsing: text, path: path) }
  }

  /// Reads the baseline of `bench gate` that ``write(_:to:)`` wrote.
  ///
  /// - Throws: `.input` for a file that cannot be read; `.benchmark` for one that is no baseline.
  static func readBaseline(_ path: String) throws(ReplayFailure) -> GateBaseline {
    let text = try bytes(path)
    return try ReplayFailure.benchmarking { () throws(BenchFault) in try GateBaseline(parsing: text, path: path) }
  }

  private static func bytes(_ path: String) throws(ReplayFailure) -> [UInt8] {
    do {
      return try BoundedFile.read(path, bytesMax: bytesMax)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
  }
}
