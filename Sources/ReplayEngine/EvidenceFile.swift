internal import LogReading
internal import SystemFiles

/// Where a drill leaves its evidence.
struct EvidenceFile {
  /// Evidence is a summary of some kilobytes; a hundred divergences of large objects make it longer.
  static let expectedBytes: UInt64 = 1 << 20

  private static let stem = "storage_replay_drill_"

  let folder: TargetFolder
  /// Whether the evidence of the same day may be replaced.
  let replaces: Bool

  /// Checks that evidence can be written, before any work; creates the folder only for a log that is there.
  ///
  /// - Throws: `.precondition`, `.log`.
  func prepare(at time: TimeOfDay, log: LogSource) throws(ReplayFailure) {
    try ReplayFailure.checking { () throws(TargetFault) in try folder.checkCreatable() }
    try ReplayFailure.reading { () throws(LogError) in try log.checkReadable() }
    try ReplayFailure.checking { () throws(TargetFault) in
      try folder.create()
      if replaces { try folder.checkName(EvidenceFile.name(time), replaces: true, log: log.path) }
      try folder.check(expectedBytes: EvidenceFile.expectedBytes)
    }
  }

  /// The runbook's name for the evidence of a day.
  private static func name(_ time: TimeOfDay) -> String { "\(stem)\(time.compactDate).json" }

  /// Writes `text` under the runbook's name for that day; where that is taken, with the time; and counted up from
  /// there, so that no evidence replaces another.
  ///
  /// - Returns: the path.
  /// - Throws: ``FileError``.
  func write(_ text: [UInt8], at time: TimeOfDay) throws(FileError) -> String {
    var file = try TemporaryFile(in: folder.path, prefix: "eqm-replay-evidence")
    try file.write(text)
    var name = EvidenceFile.name(time)
    var attempt = 1
    while try !file.publish(as: name, replaces: replaces) {
      name = "\(EvidenceFile.stem)\(time.compactTime)\(attempt == 1 ? "" : "_\(attempt)").json"
      attempt += 1
    }
    return "\(folder.path)/\(name)"
  }
}
