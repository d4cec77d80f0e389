internal import Dispatch

/// Threads of a run that is served: not those that tasks share, all of which a replay keeps busy for as long as it runs; a page
/// asked for meanwhile would come when the replay has ended.
///
/// As many as there are processors, as those are: Dispatch has threads of each quality of service of their own, and tasks get the
/// usual one.
package final class RunThreads: TaskExecutor {
  private let queue = DispatchQueue(label: "served run", qos: .userInitiated, attributes: .concurrent)

  private init() {}

  /// Runs `body` and its child tasks there. Tasks that it starts otherwise are on their own.
  package static func run<Value, Failure>(
    _ body: () async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    try await withTaskExecutorPreference(RunThreads(), operation: body)
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
