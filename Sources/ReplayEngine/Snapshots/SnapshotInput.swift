internal import LogReading
internal import StateSnapshot
internal import SystemFiles

/// A snapshot in place of a log.
enum SnapshotInput {
  /// Whether a log is a snapshot rather: told by what it begins with.
  static func isSnapshot(_ source: LogSource) -> Bool {
    guard let path = source.path, !source.isArchive else { return false }
    return BoundedFile.prefix(of: path, count: UnverifiedSnapshot.magic.count) == UnverifiedSnapshot.magic
  }

  /// The state that a snapshot holds, computed anew from its rows.
  ///
  /// - Throws: `.snapshot`, `.input`.
  static func verified(_ path: String) throws(ReplayFailure) -> VerifiedSnapshot {
    try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in try UnverifiedSnapshot(path: path).verified() }
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
