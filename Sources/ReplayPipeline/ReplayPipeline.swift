internal import ControlPlan
internal import Derivation
package import EpochMerge
internal import LogDecoding
package import LogReading
internal import ShardReplay
internal import StateCommitment
package import StorageProtocol
internal import SystemFiles

/// A parallel replay of one log: `read → decode → plan → derive → apply → merge → commit`.
///
/// A task group of as many workers as were asked for takes jobs from one ``ReplaySchedule``; every result goes to the slot of
/// its block, batch or partition. The same log gives the same result for any number of workers and partitions, any sizes of
/// chunks and any order of work.
package final class ReplayPipeline: Sendable {
  /// What is appended, in log order: events as `ParallelConfiguration.events` asks, and checkpoints.
  package typealias Appended = @Sendable (MergedBatch, [Checkpoint]) throws(PipelineError) -> Void

  private let configuration: ParallelConfiguration
  private let options: LogReadingOptions
  private let onAppend: Appended
  private let survey: (any LogSurvey)?
  private let monitor: ScheduleMonitor
  let work: ReplayWork

  private init(
    _ source: LogSource, _ configuration: ParallelConfiguration, _ options: LogReadingOptions, _ state: ReplayState,
    until stop: StopRule, spill: Spill? = nil, survey: (any LogSurvey)? = nil, _ onAppend: @escaping Appended
  ) throws(LogError) {
    self.survey = survey
    self.configuration = configuration
    self.options = options
    self.onAppend = onAppend
    work = try ReplayWork(source, configuration, options, state, until: stop, spill: spill)
    monitor = ScheduleMonitor(configuration)
  }

  /// Replays `source` from its first entry, or from a resume point, to its last, or to a stop.
  ///
  /// - Parameters:
  ///   - checkpoints: where resume points are kept; nil for none.
  ///   - survey: shown every batch besides, and what it made of one behind `onAppend`.
  ///   - onAppend: called in log order, by one worker at a time.
  /// - Throws: `.log` with the first damage of the log, by its place; `.output` that `onAppend`, a checkpoint or a scratch file
  ///   threw.
  package static func replay(
    _ source: LogSource, _ configuration: ParallelConfiguration, reading options: LogReadingOptions,
    checkpoints: ReplayCheckpoints? = nil, survey: (any LogSurvey)? = nil,
    onAppend: @escaping Appended = { (_, _) throws(PipelineError) in }
  ) async throws(PipelineError) -> ParallelReplay {
    precondition(
      configuration.spill == nil
        || (checkpoints == nil && configuration.events == .none && !configuration.keepsMetadata),
      "what is aside cannot be handed out before the log's end")
    let state = ReplayState(configuration)
    let spill = try Spill(configuration)
    try checkpoints?.restore(state)
    var timings = StageTimings()
    while true {
      let rule = StopRule(configuration.stop) { checkpoints?.isDue ?? false }
      let pipeline: ReplayPipeline
      do {
        pipeline = try ReplayPipeline(
          source, configuration, options, state, until: rule, spill: spill, survey: survey, onAppend)
      } catch {
        throw .log(error)
      }
      try await pipeline.run()
      timings.add(pipeline.work.elapsed)
      guard pipeline.work.stoppedFor == .pause else { return try pipeline.work.result(timings) }
      try checkpoints?.save(state)
    }
  }

  /// Takes `source` through the stages up to derive, from its first entry to its last or to a stop: forms, integrity and
  /// arithmetic are checked, objects are not kept.
  ///
  /// - Throws: `.log` with the first damage of the log, by its place; `.output` that the survey threw.
  package static func survey(
    _ source: LogSource, _ configuration: ParallelConfiguration, reading options: LogReadingOptions,
    by survey: some LogSurvey
  ) async throws(PipelineError) -> SurveyResult {
    var configuration = configuration
    configuration.appliesObjects = false
    configuration.partitions = 1
    let pipeline: ReplayPipeline
    do {
      pipeline = try ReplayPipeline(
        source, configuration, options, ReplayState(configuration), until: StopRule(configuration.stop),
        survey: survey
      ) { (_, _) throws(PipelineError) in }
    } catch {
      throw .log(error)
    }
    try await pipeline.run()
    return pipeline.work.surveyResult
  }

  /// All workers, until nothing is left to do.
  private func run() async throws(PipelineError) {
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<configuration.workers {
        group.addTask {
          await self.run(
            ReplayWorker(
              self.configuration, number: worker, packs: self.work.packs, self.options))
        }
      }
    }
    if let failure = monitor.failure { throw failure }
    do {
      try work.checkCompleteness()
    } catch {
      throw .log(error)
    }
  }

  /// One worker: takes jobs until there are none.
  private func run(_ worker: consuming ReplayWorker) async {
    while let job = await monitor.next() {
      worker.disturb(job)
      let outcome = worker.measure(job) { (worker) in perform(job, &worker) }
      monitor.finish(outcome)
    }
    worker.report(to: work)
  }

  // MARK: Jobs

  private func perform(_ job: ReplayJob, _ worker: inout ReplayWorker) -> JobOutcome {
    switch job {
    case .read(let block): return work.read(block)
    case .decompress(let block): return work.decompress(block)
    case .split(let block): return work.split(block, into: monitor.batchCount)
    case .decode(let batch): return work.decode(batch, &worker)
    case .plan(let batch): return work.plan(batch, &worker)
    case .derive(let batch): return work.derive(batch, &worker)
    case .settle(let batch): return work.settle(batch)
    case .apply(let group, let batches): return work.apply(batches, group)
    case .merge(let batch): return work.merge(batch, survey)
    case .append(let batch): return work.append(batch, survey, onAppend)
    case .commit(let group): return work.commit(group, survey)
    }
  }
}

/// Why a pipeline ended without a result.
package enum PipelineError: Error {
  case log(LogError)
  /// What was appended could not be written, or was refused.
  case output(any Error)

  /// Works on a file; its errors become `.output`.
  static func filing<Value>(_ work: () throws(FileError) -> Value) throws(PipelineError) -> Value {
    do {
      return try work()
    } catch {
      throw .output(error)
    }
  }
}
