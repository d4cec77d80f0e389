internal import EpochMerge
internal import GoldenRun
internal import GoldenTrace
internal import Hashing
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateSnapshot
internal import StorageProtocol
internal import SystemFiles

/// One finished replay, by whichever engine.
struct ReplayRun: Sendable {
  let result: ReplayResult
  /// The id of the log's first event; nil where it has none, and for a sequential run.
  var firstEventID: Digest?
  let extent: LogExtent
  let workers: Int
  let partitions: Int
  /// Nil for a sequential run.
  let timings: StageTimings?
  /// Ordinals that a salvage has lost.
  var lost: [ClosedRange<UInt64>] = []
  /// The ordinal of the first entry behind the resume point that was gone on from.
  var resumedAt: UInt64?
  /// What went to disk, where memory was limited.
  var spilled: SpillExtent?
  /// Nil where no state was asked for.
  var snapshot: WrittenSnapshot?
  /// Nil where nobody watched.
  var observed: RunObservation.Finding?
}

extension ReplayOptions {
  /// Replays the log by the engine that the options name: the parallel one, or the golden one.
  ///
  /// - Parameters:
  ///   - golden: a trace to compare with meanwhile.
  ///   - hashesFile: whether the extent has the file's SHA-256.
  ///   - checkpoints: where resume points are kept.
  ///   - survey: shown every batch besides; by the parallel engine only.
  ///   - state: where the state goes besides; by the parallel engine only. Not published yet.
  ///   - findings: takes what is wrong with entries; not together with a survey.
  ///   - observation: watches the parallel engine's batches.
  /// - Throws: `.log`; `.precondition` for a trace that changed meanwhile; `.output`.
  func replayed(
    _ services: Services, comparing golden: GoldenComparison?, hashesFile: Bool = false,
    checkpoints: ReplayCheckpoints? = nil, survey: (any LogSurvey)? = nil, state: StateOutput? = nil,
    findings: FindingsFile? = nil, observation: RunObservation? = nil
  ) async throws(ReplayFailure) -> ReplayRun {
    guard let parallelism else { return try replayedSequentially(services, findings) }
    var parallel = self.parallel(parallelism, services)
    parallel.hashesFile = hashesFile
    if golden != nil { parallel.events = .ids }
    if state != nil { StateOutput.adapt(&parallel) }
    parallel.spill = try memoryLimit?.configuration(services)
    parallel.listsEveryDivergence = findings != nil
    let replay = try await ReplayFailure.replaying { () throws(PipelineError) in
      try await ReplayPipeline.replay(
        source, parallel, reading: reading(services, step: .replay), checkpoints: checkpoints,
        survey: survey ?? findings
      ) { (batch, checkpoints) throws(PipelineError) in
        try state?.append(batch)
        observation?.note(batch)
        do {
          try golden?.compare(batch, checkpoints)
        } catch {
          throw .output(error)
        }
      }
    }
    let snapshot = try state?.finish(replay, configuration.constants)
    return ReplayRun(
      result: replay.result, firstEventID: replay.firstEventID, extent: replay.extent, workers: parallelism.workers,
      partitions: parallelism.partitions,
      timings: replay.timings, lost: replay.lost, resumedAt: checkpoints?.resumedAt,
      spilled: replay.spilled, snapshot: snapshot, observed: observation?.finding)
  }

  private func replayedSequentially(
    _ services: Services, _ findings: FindingsFile?
  ) throws(ReplayFailure) -> ReplayRun {
    do {
      var run = try GoldenReplay(
        source, configuration: configuration, reading: reading(services, step: .replay), until: stop)
      while let step = try run.step() { try findings?.append(step, accepting: configuration.accepting) }
      let (result, extent) = run.outcome
      return ReplayRun(result: result, extent: extent, workers: 1, partitions: 1, timings: nil)
    } catch let error as LogError {
      throw ReplayFailure(error)
    } catch let error as FileError {
      throw ReplayFailure(output: error)
    } catch {
      preconditionFailure("replaying and writing throw nothing else")
    }
  }

  /// How the pipeline is run.
  func parallel(_ parallelism: Parallelism, _ services: Services) -> ParallelConfiguration {
    var parallel = ParallelConfiguration(
      configuration, workers: parallelism.workers, partitions: parallelism.partitions)
    parallel.backend = .chosen(simd: services.simd)
    parallel.stop = stop
    parallel.planted = planted
    return parallel
  }

  /// The comparison with the golden trace that the options name; nil where they name none.
  ///
  /// - Throws: `.precondition`; `.log` where reading it is interrupted.
  func goldenComparison(_ services: Services) throws(ReplayFailure) -> GoldenComparison? {
    guard let path = verification.goldenPath else { return nil }
    return try comparison(with: goldenTrace(path, services), at: path, services)
  }

  /// The comparison with a golden trace, whose file is at `path`.
  func comparison(
    with trace: TraceReader, at path: String, _ services: Services
  ) throws(ReplayFailure) -> GoldenComparison {
    let file = try ReplayFailure.reading { () throws(LogError) in
      try LogReader.storedIdentity(
        of: LogSource(argument: path), options: reading(services, step: .prepare))
    }
    return GoldenComparison(
      trace, TraceIdentity(sha256: file.sha256, bytes: file.bytes), isPartial: stop != .end)
  }
}

extension ReplayFailure {
  private init(_ error: PipelineError) {
    switch error {
    case .log(let error): self.init(error)
    case .output(let error as FileError): self.init(output: error)
    case .output(let error as DatabaseFailure): self.init(output: error)
    case .output(let error as CheckpointError):
      self = .precondition(PreconditionFailure(description: error.description))
    case .output(let error as TraceError):
      self = .precondition(PreconditionFailure(description: error.description))
    case .output(let error): preconditionFailure("appending throws nothing else: \(error)")
    }
  }

  /// Runs a parallel replay; its errors become failures.
  static func replaying<Value>(
    _ work: () async throws(PipelineError) -> Value
  ) async throws(ReplayFailure) -> Value {
    do {
      return try await work()
    } catch {
      throw ReplayFailure(error)
    }
  }
}

extension StepClock {
  /// The facts of a drill that came to a finding.
  func facts(of finding: DrillFinding) -> RunFacts {
    switch finding {
    case .replayed(let run, _): facts(of: run)
    case .damaged: facts
    }
  }

  /// The facts of a finished run.
  func facts(of run: ReplayRun) -> RunFacts {
    var facts = self.facts
    facts.workers = run.workers
    facts.partitions = run.partitions
    facts.resumedAt = run.resumedAt
    facts.epochs = run.observed?.epochs
    facts.spilled = run.spilled.map { ($0.storedBytes, $0.partitionCount) }
    guard let timings = run.timings else { return facts }
    facts.hashedBytes = timings.hashedBytes
    facts.permutationCount = timings.permutationCount
    facts.stages = ReplayStage.allCases.map { ($0.rawValue, timings[$0]) }
    return facts
  }
}
