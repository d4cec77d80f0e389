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
}
