internal import SystemFiles

/// Where a drill leaves its evidence.
struct EvidenceFile {
  /// Evidence is a summary: what a drill writes stays below this.
  static let expectedBytes: UInt64 = 1 << 20

  let folder: TargetFolder
  /// Whether the evidence of the same day may be replaced.
  let replaces: Bool

  /// Checks that evidence can be written, before any work.
  ///
  /// - Throws: `.precondition`.
  func prepare() throws(ReplayFailure) {
    do {
      try folder.create()
      try folder.check(expectedBytes: EvidenceFile.expectedBytes)
    } catch {
      throw ReplayFailure(error)
    }
  }

  /// Writes `text` under the runbook's name for that day; where that is taken, with the time; and counted up from
  /// there, so that no evidence replaces another.
  ///
  /// - Returns: the path.
  /// - Throws: ``FileError``.
  func write(_ text: [UInt8], at time: TimeOfDay) throws(FileError) -> String {
    var file = try TemporaryFile(in: folder.path, prefix: "eqm-replay-evidence")
    try file.write(text)
    let stem = "storage_replay_drill_"
    var name = "\(stem)\(time.compactDate).json"
    var attempt = 1
    while try !file.publish(as: name, replaces: replaces) {
      name = "\(stem)\(time.compactTime)\(attempt == 1 ? "" : "_\(attempt)").json"
      attempt += 1
    }
    return "\(folder.path)/\(name)"
  }
}
