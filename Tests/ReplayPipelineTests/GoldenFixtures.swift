import GoldenRun
import LogReading
import ReplayTestSupport
import StorageProtocol

/// What the golden engine gives for the logs of `fixtures/`, computed once for all tests of a run: the largest takes half a
/// minute.
actor GoldenFixtures {
  static let shared = GoldenFixtures()

  private var results: [String: Task<ReplayResult, any Error>] = [:]

  /// The result of a log under what it was recorded under.
  func result(of log: String) async throws -> ReplayResult {
    if let known = results[log] { return try await known.value }
    let task = Task {
      try GoldenReplay.replay(
        .file(path: Fixture.path(log)), configuration: Fixture.configuration(log), reading: LogReadingOptions()
      ).result
    }
    results[log] = task
    return try await task.value
  }
}
