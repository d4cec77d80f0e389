/// Replays of a log under valgrind, by one worker.
package struct CountedReplay: Sendable {
  /// The stages that are to take no memory from the heap for a data entry.
  package static let allocating: [CountedStage] = [.derive, .apply]

  private let program: CountedProgram
  private let arguments: [String]

  /// - Parameter planted: of each stage `STAGE=INSTRUCTIONS` an entry, for a gate that is itself tested.
  package init(_ program: CountedProgram, of log: String, planted: [String] = []) {
    self.program = program
    arguments =
      ["replay", log, "--workers=1", "--json", "-q"] + planted.flatMap { ["--plant", $0] }
  }

  /// Counts the instructions of every stage in one run, and the allocations of each of ``allocating`` in one run each.
  ///
  /// Memory that is kept and grows now and then is counted where it grows, so the more entries, the less of it for each.
  ///
  /// - Parameter root: the state root that every run must come to.
  /// - Throws: ``BenchFault``, `.wrongResult` for another root.
  package func figures(workload: String, root: String) throws(BenchFault) -> GatedLog {
    let (profile, entryCount, command) = try run(workload, root)
    guard profile.namesAllocators else {
      throw .unreadable(command: command, "allocations cannot be counted: nothing calls a function malloc")
    }
    var figures = try CountedReplay.naming(command) { () throws(StageMissing) in
      try GatedLog.instructions(profile, entryCount: entryCount)
    }
    for stage in CountedReplay.allocating {
      let entrances = try CountedReplay.naming(command) { () throws(StageMissing) in
        try stage.entrances(in: profile)
      }
      let counted = try run(workload, root, within: entrances)
      figures.append(
        GatedLog.Figure(
          quantity: .allocations, stage: stage.rawValue,
          perEntry: GateNumber(counted.profile.allocationCount, per: entryCount)))
    }
    return GatedLog(workload: workload, entryCount: entryCount, stateRoot: root, figures: figures)
  }

  private func run(
    _ workload: String, _ root: String, within functions: [String] = []
  ) throws(BenchFault) -> (profile: CallgrindProfile, entryCount: UInt64, command: String) {
    let run = try program.run(arguments, within: functions)
    let replay = try BenchedReplay(run.run)
    guard replay.stateRoot == root else {
      throw .wrongResult(
        log: workload, "one worker comes to the state root \(replay.stateRoot), the sequential engine to \(root)")
    }
    return (run.profile, replay.entryCount, run.run.command)
  }

  private static func naming<Value>(
    _ command: String, _ body: () throws(StageMissing) -> Value
  ) throws(BenchFault) -> Value {
    do { return try body() } catch { throw .unreadable(command: command, error.description) }
  }
}
