internal import LogReading
internal import StateSnapshot
internal import SystemFiles

/// A snapshot in place of a log.
enum SnapshotInput {
  /// The path of a snapshot, told by what the file begins with; nil where a log is a log.
  static func path(of source: LogSource) -> String? {
    guard let path = source.path, !source.isArchive, isSnapshot(path) else { return nil }
    return path
  }

  static func isSnapshot(_ path: String) -> Bool {
    BoundedFile.prefix(of: path, count: UnverifiedSnapshot.magic.count) == UnverifiedSnapshot.magic
  }

  /// The state that a snapshot holds, computed anew from its rows.
  ///
  /// - Throws: `.snapshot`, `.input`.
  static func verified(_ path: String) throws(ReplayFailure) -> VerifiedSnapshot {
    try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try UnverifiedSnapshot(path: path).verified() }
  }
}

extension ReplayOptions {
  /// Checks that the source is no snapshot: to say so is better than that the log is damaged.
  ///
  /// - Throws: `.precondition`.
  func checkIsLog() throws(ReplayFailure) {
    guard let path = SnapshotInput.path(of: source) else { return }
    throw .precondition(PreconditionFailure(description: "\(path) is a snapshot of a state: this needs the log"))
  }
}

extension ReplayFailure {
  /// Runs work on a snapshot; its faults become failures.
  static func readingSnapshot<Value: ~Copyable>(_ work: () throws(SnapshotFault) -> Value) throws(ReplayFailure)
    -> Value
  {
    do {
      return try work()
    } catch {
      throw ReplayFailure(reading: error)
    }
  }

  init(reading fault: SnapshotFault) {
    self =
      fault.isDamage
      ? .snapshot(SnapshotFailure(description: fault.description))
      : .input(InputFailure(description: fault.description))
  }
}
