internal import LogReading

extension ReplayOptions {
  /// Runs `body` with options whose log can be read more than once: a pipe is copied to a private temporary file
  /// first, which is removed afterwards.
  ///
  /// - Throws: `.log`; what `body` throws.
  func withRereadableLog<Value>(
    _ services: Services, _ body: (ReplayOptions) throws(ReplayFailure) -> Value
  ) throws(ReplayFailure) -> Value {
    guard !source.canBeReadTwice else { return try body(self) }
    let copy: LogCopy
    do {
      copy = try LogCopy(
        of: source, folder: services.temporaryFolder, options: reading(services, step: .load))
    } catch {
      throw ReplayFailure(error)
    }
    return try copy.withSource { (source) throws(ReplayFailure) in
      try body(reading(from: source))
    }
  }
}
