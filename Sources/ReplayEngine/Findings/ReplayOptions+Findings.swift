internal import LogReading
internal import SystemFiles

extension TargetFile {
  /// The file that `--rejects` names; nil where it is not given.
  ///
  /// - Throws: `.usage` together with `--resume`.
  init?(findings arguments: ReplayArguments) throws(ReplayFailure) {
    guard let path = arguments.rejects else { return nil }
    guard !arguments.resume else {
      throw ReplayOptions.usage("--rejects lists what is found from the log's start on: leave --resume out")
    }
    self.init(path: path, replaces: arguments.force)
  }
}

extension ReplayOptions {
  /// Checks, before any work, that the file of `--rejects` can be written and stands in nobody's place.
  ///
  /// - Throws: `.precondition`.
  func checkFindingsTarget() throws(ReplayFailure) {
    guard let findingsTarget else { return }
    try ReplayFailure.checking { () throws(TargetFault) in try findingsTarget.check(log: source.path) }
  }

  /// The file of `--rejects`, begun; nil where none is asked for.
  ///
  /// - Throws: `.output`.
  func findingsFile() throws(ReplayFailure) -> FindingsFile? {
    guard let findingsTarget else { return nil }
    return try FindingsFile(findingsTarget, latePartitions: memoryLimit == nil ? nil : parallelism?.partitions)
  }
}
