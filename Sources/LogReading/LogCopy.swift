internal import SystemFiles

/// A private temporary copy of a log that can be read only once, removed with this value.
package final class LogCopy: Sendable {
  private let file: TemporaryFile
  private let name: String

  /// Copies everything that `source` gives into a file in `folder` that only this user can read.
  ///
  /// - Throws: ``LogError``; `.cannotCopy` where the file cannot be written.
  package init(of source: LogSource, folder: String, options: LogReadingOptions) throws(LogError) {
    name = source.name
    file = try LogCopy.copy(of: source, folder: folder, options: options)
  }

  private static func copy(
    of source: LogSource, folder: String, options: LogReadingOptions
  ) throws(LogError) -> TemporaryFile {
    let input = try StoredFile(source, options: options)
    do {
      var output = try TemporaryFile(in: folder, prefix: "eqm-replay-log")
      var block = try input.read()
      while !block.isEmpty {
        try output.write(block)
        options.onProgress(input.bytesRead, 0)
        block = try input.read()
      }
      try output.flush()
      return output
    } catch let error as LogError {
      throw error
    } catch let error as FileError {
      throw LogError(.cannotCopy(error))
    } catch {
      preconditionFailure("reading and writing throw nothing else")
    }
  }

  /// The copy, which may be read as often as needed while this value lives.
  package var source: LogSource { .copy(path: file.path, name: name) }
}
