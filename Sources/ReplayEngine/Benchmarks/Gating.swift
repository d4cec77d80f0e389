internal import Benchmarking
internal import Hashing
internal import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

/// The verb `bench gate`: what a replay takes for an entry, counted, beside a baseline.
///
/// Instructions and allocations are counted by valgrind and not timed: they are the same on a busy machine.
public struct Gating: Sendable {
  private static let entryCounts = 1000...1_000_000

  private let arguments: GateArguments
  private let workloads: [NamedWorkload]
  private let limits: GateLimits
  private let services: Services

  /// - Throws: `.usage`.
  public init(_ arguments: GateArguments, services: Services) throws(ReplayFailure) {
    self.arguments = arguments
    self.services = services
    guard Gating.entryCounts.contains(arguments.logEntries) else {
      let (least, most) = (Gating.entryCounts.lowerBound, Gating.entryCounts.upperBound)
      throw ReplayOptions.usage("--log-entries is a number from \(least) to \(most), not \(arguments.logEntries)")
    }
    guard let threshold = GateNumber(arguments.threshold), threshold >= GateNumber(1, per: 1) else {
      throw ReplayOptions.usage(
        "--threshold is a decimal from 1, of four decimals at most, not \(arguments.threshold)")
    }
    var limits = GateLimits()
    limits.threshold = threshold
    self.limits = limits
    for text in arguments.planted { _ = try PlantedWork.parsed(text) }
    let names = arguments.workloads.isEmpty ? GateArguments.workloadNames : arguments.workloads
    workloads = try names.map { (name) throws(ReplayFailure) in
      guard let workload = NamedWorkload.gated(name, entryCount: arguments.logEntries) else {
        let known = GateArguments.workloadNames.joined(separator: ", ")
        throw ReplayOptions.usage("a log is one of \(known), not \(name)")
      }
      return workload
    }
  }

  /// Counts, and compares or records.
  ///
  /// - Returns: a report with exit status 1 where a figure is more than it may be.
  /// - Throws: `.precondition` for a baseline of another machine or other logs, or a file that must not be replaced; `.input` for a
  ///   baseline that cannot be read; `.benchmark` for one that cannot be understood, where valgrind does not run or does not see the
  ///   stages, and for a replay that came to another state than the sequential engine; `.output`.
  public func run() throws(ReplayFailure) -> Report {
    let chart = arguments.chart.map { TargetFile(path: $0, replaces: arguments.force) }
    let target = TargetFile(path: arguments.baseline, replaces: arguments.force)
    try check(targets: (arguments.records ? [target] : []) + [chart].compactMap(\.self))
    guard !arguments.records else { return try record(target) }
    let baseline = try BenchFile.readBaseline(arguments.baseline)
    try Gating.comparing { () throws(GateMismatch) in try baseline.check(machine, workloads.map(\.name)) }
    let (logs, ratios) = try ReplayFailure.benchmarking { () throws(BenchFault) in try measured() }
    let verdicts = try Gating.comparing { () throws(GateMismatch) in
      try logs.map { (log) throws(GateMismatch) in try GateVerdict.verdicts(of: log, baseline: baseline, limits) }
    }
    let all = verdicts.flatMap(\.self) + ratios
    if let chart { try BenchFile.write(.array(all.map(\.chartJSON)), to: chart) }
    return GateReport(arguments, machine).compared(all)
  }

  private func record(_ target: TargetFile) throws(ReplayFailure) -> Report {
    let (logs, ratios) = try ReplayFailure.benchmarking { () throws(BenchFault) in try measured() }
    let baseline = GateBaseline(machine: machine, program: Program.versionedName, logs: logs)
    try BenchFile.write(baseline.json, to: target)
    return GateReport(arguments, machine).recorded(logs, ratios)
  }

  private func check(targets: [TargetFile]) throws(ReplayFailure) {
    let inputs = [arguments.records ? nil : arguments.baseline, arguments.program]
    try OutputConflict.check(outputs: targets.map(\.path), inputs: inputs)
    for target in targets {
      try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: nil) }
    }
  }

  private static func comparing<Value>(
    _ body: () throws(GateMismatch) -> Value
  ) throws(ReplayFailure) -> Value {
    do { return try body() } catch { throw .precondition(PreconditionFailure(description: error.description)) }
  }

  // MARK: Measuring

  private func measured() throws(BenchFault) -> ([GatedLog], [GateVerdict]) {
    let scratch: ScratchFolder
    do { scratch = try ScratchFolder(in: services.temporaryFolder, prefix: "eqm-replay-gate") } catch {
      throw .cannotRun(error.description)
    }
    let itself = MeasuredProgram(path: Program.path)
    let program = arguments.program.map { MeasuredProgram(path: Gating.path($0)) } ?? itself
    let counted = try CountedProgram(of: program.path, in: scratch.path, wakeDescriptor: services.wakeDescriptor)
    let cache = WorkloadCache(
      folder: arguments.cache ?? WorkloadCache.usualFolder(temporaryFolder: services.temporaryFolder),
      generator: itself, version: Program.version)
    let run = GateRun(
      program, counted, cache, planted: arguments.planted, wakeDescriptor: services.wakeDescriptor)
    var entryCount: UInt64 = 0
    let logs = try workloads.map { (workload) throws(BenchFault) in
      let log = try run.figures(of: workload)
      entryCount += log.entryCount
      services.onProgress(Progress(step: .replay, entries: entryCount, bytesRead: 0, storedBytes: nil))
      return log
    }
    guard arguments.comparesWorkers else { return (logs, []) }
    let ratios = try workloads.map { (workload) throws(BenchFault) in
      GateVerdict(
        workload: workload.name, processorRatio: try run.processorRatio(of: workload, limits), limits)
    }
    return (logs, ratios)
  }

  /// A path as other programs take it: never a word of the search path.
  private static func path(_ program: String) -> String { program.contains("/") ? program : "./\(program)" }

  /// What decides the instructions of this machine: valgrind hides what it does not know, but not AVX2.
  private var machine: GateMachine {
    GateMachine(architecture: Machine.architecture, simd: HashBackend.chosen(simd: services.simd).rawValue)
  }
}
