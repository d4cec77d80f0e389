/// What the process tells its caller (cli.md).
public enum ExitStatus: Int32, CaseIterable, Sendable {
  /// Done, and every comparison asked for was equal.
  case done = 0
  /// The answer is no: a divergence was found, or evidence does not hold.
  case diverged = 1
  /// Input that cannot be opened, I/O, an internal error.
  case failure = 2
  /// Finished, but the verdict is WARNED, or a drill compared nothing.
  case degraded = 3
  /// Opened, but not a log, damaged or cut.
  case damaged = 4
  /// Evidence could not be written after the replay, or a report of it.
  case evidenceFailed = 5
  /// Found before any work: no disk space, a target that cannot be written.
  case precondition = 6
  case usage = 64
  case interrupted = 130
  case terminated = 143

  private static let precedence: [ExitStatus] = [
    .terminated, .interrupted, .usage, .precondition, .damaged, .failure, .diverged, .evidenceFailed, .degraded,
    .done,
  ]

  /// The status that wins when several apply.
  public static func winner(_ statuses: [ExitStatus]) -> ExitStatus {
    precedence.first(where: statuses.contains) ?? .done
  }
}
