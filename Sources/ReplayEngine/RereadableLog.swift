internal import LogReading

extension ReplayOptions {
  /// The step that copies the log, for progress; none where the log can be read more than once.
  var copyingSteps: [PlannedStep] { source.canBeReadTwice ? [] : [PlannedStep(.prepare, readings: 0)] }

  /// Runs `body` with options whose log can be read more than once: a pipe is copied to a private temporary file
  /// first, which is removed afterwards.
  ///
  /// - Throws: `.log`; what `body` throws.
  func withRereadableLog<Value>(
    _ services: Services, _ body: (ReplayOptions) async throws(ReplayFailure) -> Value
  ) async throws(ReplayFailure) -> Value {
    guard !source.canBeReadTwice else { return try await body(self) }
    let copy: LogCopy
    do {
      copy = try LogCopy(
        of: source, folder: services.temporaryFolder, options: reading(services, step: .prepare))
    } catch {
      throw ReplayFailure(error)
    }
    defer { withExtendedLifetime(copy) {} }
    return try await body(reading(from: copy.source))
  }
}
