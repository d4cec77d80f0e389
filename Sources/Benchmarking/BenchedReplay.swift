internal import StorageProtocol

/// The figures of one replay, by a process of its own: what its result document (`eqm-replay/result/1`) says, and what the
/// operating system does.
package struct BenchedReplay: Equatable, Sendable {
  /// Busy seconds of a stage, all workers together.
  package struct Stage: Equatable, Sendable {
    package let name: String
    package let seconds: Double
  }

  /// From opening the log to the state root.
  package let seconds: Double
  /// From the start of the process to its end.
  package let processSeconds: Double
  package let processorSeconds: Double
  /// As the program says: what the operating system says of a child is its parent's peak too.
  package let peakMemoryBytes: UInt64
  package let entryCount: UInt64
  package let rejectedCount: UInt64
  package let divergedCount: UInt64
  /// STOREs whose content the log holds.
  package let reexecutedStoreCount: UInt64
  package let stateRoot: String
  /// In the order of the flow; none of a sequential run.
  package let stages: [Stage]
  /// Hashed in derive; 0 of a sequential run.
  package let hashedBytes: UInt64
  /// Of Keccak-f in derive; 0 of a sequential run, nil of a program that does not count them.
  package let permutationCount: UInt64?

  /// Reads what `replay --json` printed.
  ///
  /// - Throws: `.unreadable`.
  package init(_ run: MeasuredRun) throws(BenchFault) {
    let document = try BenchJSON(run.output, saidBy: run.command)
    let figures = try document.object("run")
    let entries = try document.object("entries")
    seconds = try figures.number("seconds")
    processSeconds = run.elapsed.inSeconds
    processorSeconds = run.processorTime.inSeconds
    peakMemoryBytes = try figures.count("peak_memory_bytes")
    entryCount = try entries.count("total")
    rejectedCount = try entries.count("rejected")
    divergedCount = try entries.count("diverged")
    reexecutedStoreCount = try document.object("stores").count("reexecuted")
    stateRoot = try document.object("commitment").text("state_root")
    let stages = try figures.object("stages")
    self.stages = try stages.names.map { (name) throws(BenchFault) in
      Stage(name: name, seconds: try stages.number(name))
    }
    hashedBytes = try figures.count("hashed_bytes")
    permutationCount = figures.has("permutations") ? try figures.count("permutations") : nil
  }
}

extension MeasuredProgram {
  /// Replays a log.
  ///
  /// - Parameter options: of `replay`, besides `--json -q`.
  /// - Throws: ``BenchFault``. One that diverged or rejected something is none: its figures say so.
  package func replay(
    _ log: String, _ options: [String], usesSIMD: Bool = true, wakeDescriptor: Int32 = -1
  ) throws(BenchFault) -> BenchedReplay {
    let arguments = ["replay", log] + options + ["--json", "-q"]
    // FAILED and WARNED.
    let statuses: Set<Int32> = [0, 1, 3]
    guard !usesSIMD else {
      return try BenchedReplay(run(arguments, wakeDescriptor: wakeDescriptor, statuses: statuses))
    }
    let environment = MeasuredProgram(path: "env")
    return try BenchedReplay(
      environment.run(
        ["EQM_REPLAY_SIMD=off", path] + arguments, wakeDescriptor: wakeDescriptor, statuses: statuses))
  }
}

extension Duration {
  /// As a fraction of a second too.
  package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
