internal import Benchmarking
internal import Hashing
internal import LogReading
internal import ReplayPipeline
internal import StorageProtocol
internal import SystemFiles

/// The verb `bench gate`: what a replay takes for an entry, counted, beside a baseline.
///
/// Instructions and allocations are counted by valgrind and not timed: they are the same on a busy machine.
public struct Gating: Sendable {
  private static let entryCounts = 1000...1_000_000
  private static let baselineBytesMax = 1 << 24

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
  /// - Returns: a report with exit status 1 where a figure is more than it may be, or a replay came to another state than the
  ///   sequential engine.
  /// - Throws: `.precondition` for a baseline of another machine or other logs, or a file that must not be replaced; `.document` for
  ///   a baseline that cannot be understood; `.input` where valgrind does not run or does not see the stages; `.output`.
  public func run() throws(ReplayFailure) -> Report {
    try checkTargets()
    let baseline = arguments.records ? nil : try readBaseline()
    let logs: [GatedLog]
    let ratios: [GateVerdict]
    do throws(BenchFault) {
      (logs, ratios) = try measured()
    } catch {
      guard !services.isInterrupted() else { throw ReplayFailure(LogError(.interrupted)) }
      guard case .wrongResult = error else { throw .input(InputFailure(description: error.description)) }
      return GateReport(arguments, machine).wrong(error.description)
    }
    guard let baseline else { return try record(logs, ratios) }
    let verdicts = try Gating.comparing { () throws(GateMismatch) in
      try logs.map { (log) throws(GateMismatch) in try GateVerdict.verdicts(of: log, baseline: baseline, limits) }
    }
    let all = verdicts.flatMap(\.self) + ratios
    if let chart = arguments.chart { try write(.array(all.map(\.chartJSON)), to: chart) }
    return GateReport(arguments, machine).compared(all)
  }

  // MARK: Measuring

  private func measured() throws(BenchFault) -> ([GatedLog], [GateVerdict]) {
    let scratch: ScratchFolder
    do { scratch = try ScratchFolder(in: services.temporaryFolder, prefix: "eqm-replay-gate") } catch {
      throw .cannotRun(error.description)
    }
    let program = MeasuredProgram(path: arguments.program.map(Gating.path) ?? Program.path)
    let counted = try CountedProgram(of: program.path, in: scratch.path, wakeDescriptor: services.wakeDescriptor)
    let folder = arguments.cache ?? WorkloadCache.usualFolder(temporaryFolder: services.temporaryFolder)
    let run = GateRun(
      program, counted,
      WorkloadCache(folder: folder, generator: MeasuredProgram(path: Program.path), version: Program.version),
      planted: arguments.planted, wakeDescriptor: services.wakeDescriptor)
    let logs = try workloads.map { (workload) throws(BenchFault) in try run.figures(of: workload) }
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

  // MARK: The baseline

  private func readBaseline() throws(ReplayFailure) -> GateBaseline {
    let text: [UInt8]
    do {
      text = try BoundedFile.read(arguments.baseline, bytesMax: Gating.baselineBytesMax)
    } catch {
      throw .input(InputFailure(description: error.description))
    }
    let document: BenchJSON
    do {
      document = try BenchJSON(text, saidBy: arguments.baseline)
    } catch {
      throw .document(DocumentFailure(description: error.description))
    }
    guard let baseline = GateBaseline(document.object) else {
      throw .document(
        DocumentFailure(description: "\(arguments.baseline) is no baseline of the form \(GateBaseline.schema)"))
    }
    try Gating.comparing { () throws(GateMismatch) in try baseline.check(machine, workloads.map(\.name)) }
    return baseline
  }

  private static func comparing<Value>(
    _ body: () throws(GateMismatch) -> Value
  ) throws(ReplayFailure) -> Value {
    do { return try body() } catch { throw .precondition(PreconditionFailure(description: error.description)) }
  }

  private func record(_ logs: [GatedLog], _ ratios: [GateVerdict]) throws(ReplayFailure) -> Report {
    let baseline = GateBaseline(machine: machine, program: Program.versionedName, logs: logs)
    try write(baseline.json, to: arguments.baseline)
    return GateReport(arguments, machine).recorded(logs, ratios)
  }

  // MARK: Files

  private func checkTargets() throws(ReplayFailure) {
    let outputs = (arguments.records ? [arguments.baseline] : []) + [arguments.chart].compactMap(\.self)
    try OutputConflict.check(outputs: outputs, inputs: [arguments.records ? nil : arguments.baseline])
    for output in outputs {
      try ReplayFailure.checking { () throws(TargetFault) in
        try TargetFile(path: output, replaces: arguments.force).check(log: nil)
      }
    }
  }

  private func write(_ document: JSONValue, to path: String) throws(ReplayFailure) {
    let target = TargetFile(path: path, replaces: arguments.force)
    do throws(FileError) {
      var file = try TemporaryFile(in: target.folder.path, prefix: "eqm-replay-gate")
      try file.write(JSONFormat.indented.encode(document) + [UInt8(ascii: "\n")])
      try file.publish(to: target)
    } catch {
      throw ReplayFailure(output: error)
    }
  }
}
