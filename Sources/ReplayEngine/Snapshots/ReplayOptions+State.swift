internal import LogReading
internal import SystemFiles

extension ReplayOptions {
  /// A state is whole only if one replay by the parallel engine made all of it, in memory.
  ///
  /// - Throws: `.usage`.
  static func stateTarget(_ arguments: ReplayArguments) throws(ReplayFailure) -> TargetFile? {
    guard let path = arguments.stateOut else { return nil }
    let others = [
      ("--sequential", arguments.sequential), ("--memory-limit", arguments.memoryLimit != nil),
      ("--checkpoint-dir", arguments.checkpointFolder != nil),
    ]
    if let (option, _) = others.first(where: \.1) { throw usage("--state-out does not go with \(option)") }
    return TargetFile(path: path, replaces: arguments.force)
  }

  /// Where the state goes, checked; nil where nobody wants it.
  ///
  /// - Throws: `.precondition`; `.output`.
  func stateOutput() throws(ReplayFailure) -> StateOutput? {
    guard let stateTarget else { return nil }
    try ReplayFailure.checking { () throws(TargetFault) in
      try stateTarget.check(log: source.path, expectedBytes: source.storedBytes ?? 0)
    }
    return try StateOutput(stateTarget)
  }
}
