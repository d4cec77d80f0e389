package import StorageProtocol

extension LogReader {
  /// Reads a log from end to end without looking into its entries, and returns its size and identity.
  ///
  /// Finds what is cut or damaged in the container and in compressed frames before any work is done.
  ///
  /// - Throws: ``LogError``.
  package static func scan(_ source: LogSource, options: LogReadingOptions) throws(LogError) -> LogExtent {
    var reader = try LogReader(source, options: options)
    while try reader.next() != nil {}
    return reader.extent
  }

  /// The SHA-256 and the size of the file as stored, whatever it holds: the identity of a damaged log.
  ///
  /// - Throws: ``LogError`` of opening and reading.
  package static func storedIdentity(
    of source: LogSource, options: LogReadingOptions
  ) throws(LogError) -> (sha256: Digest, bytes: UInt64) {
    if case .archive(let path) = source { return try ArchiveFolder(path: path).identity(options) }
    let file = try StoredFile(source, options: options)
    while try !file.read().isEmpty {}
    return (file.digest, file.bytesRead)
  }
}
