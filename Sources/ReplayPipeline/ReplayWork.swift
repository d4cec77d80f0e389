internal import ControlPlan
internal import Derivation
internal import EpochMerge
internal import LogDecoding
internal import LogReading
internal import ShardReplay
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

/// The data in flight of a replay, from one place of the log on, and the jobs on it.
///
/// No job is inlined: what a stage costs is counted by the names of its jobs (`CountedStage` of `Benchmarking`).
///
/// Sendable: every part is touched by one job at a time, which the schedule's lock orders: the reader by `read`, the splitter
/// by `split`; blocks and batches by the job that has their number; the state as ``ReplayState`` says.
final class ReplayWork: @unchecked Sendable {
  private let configuration: ParallelConfiguration
  private let options: LogReadingOptions
  private var reader: LogChunkReader
  /// Of the archive that is replayed; nil for any other log.
  let archive: LogArchive?
  let packs: ContentPacks?
  private var splitter: LogSplitter
  private let blocks: [LogBlock]
  private let batches: BatchSlots
  private let state: ReplayState
  private let stop: StopRule
  /// Nil where all objects stay in memory.
  private let spill: Spill?
  /// One list a partition.
  private let granules: UnsafeMutableBufferPointer<[SparseTree.Subtree]>
  /// Why the replay stopped before the log's end.
  private(set) var stoppedFor: StopRule.Reason?
  private let timings = LockedState(StageTimings())
  /// Bytes of the file as stored up to the last block that was split whole.
  private var splitEnd: UInt64 = 0

  /// - Parameter state: goes on from its position.
  init(
    _ source: LogSource, _ configuration: ParallelConfiguration, _ options: LogReadingOptions, _ state: ReplayState,
    until stop: StopRule, spill: Spill? = nil
  ) throws(LogError) {
    self.configuration = configuration
    self.options = options
    self.state = state
    self.stop = stop
    self.spill = spill
    reader = try LogChunkReader(
      source, options: options, chunkBytes: configuration.chunkBytes, hashesFile: configuration.hashesFile,
      from: state.position)
    archive = reader.archive
    try state.bind(to: archive)
    let salvage = reader.salvage
    packs = try archive.map { (archive) throws(LogError) in try ContentPacks(archive, salvage: salvage) }
    splitter = LogSplitter(
      source, options: options, chunkBytes: configuration.chunkBytes, from: state.position.byteOffset,
      textStart: reader.textStart, refersToContents: archive.map { !$0.manifest.packs.isEmpty } ?? false)
    blocks = (0..<configuration.batchWindow).map { _ in LogBlock() }
    batches = BatchSlots(window: configuration.batchWindow) {
      BatchSlot(
        partitionCount: configuration.partitions, accepting: configuration.replay.accepting,
        listsEveryDivergence: configuration.listsEveryDivergence)
    }
    granules = .allocate(capacity: configuration.partitions)
    granules.initialize(repeating: [])
  }

  deinit {
    granules.deinitialize()
    granules.deallocate()
  }

  private func block(_ number: Int) -> LogBlock { blocks[number % blocks.count] }
  private func slot(_ batch: Int) -> BatchSlot { batches[batch] }

  // MARK: Read

  @inline(never)
  func read(_ number: Int) -> JobOutcome {
    if options.isInterrupted() { return .aborted(.log(LogError(.interrupted))) }
    let block = block(number)
    reader.read(into: block)
    if block.failure?.reason == .interrupted { return .aborted(.log(LogError(.interrupted))) }
    return .read(isCompressed: block.isCompressed, isLast: block.isLast)
  }

  @inline(never)
  func decompress(_ number: Int) -> JobOutcome {
    block(number).decompress()
    return .decompressed(block: number)
  }

  @inline(never)
  func split(_ number: Int, into batch: Int) -> JobOutcome {
    let (block, slot) = (block(number), batches.take(batch))
    let hasBatch = splitter.split(block, into: slot.chunk)
    if splitter.isBlockTaken { splitEnd = block.storedEnd }
    slot.storedEnd = splitEnd
    return .split(hasBatch: hasBatch, isBlockTaken: splitter.isBlockTaken, isLast: splitter.isComplete)
  }

  // MARK: Decode, plan, derive

  @inline(never)
  func decode(_ batch: Int, _ worker: inout ReplayWorker) -> JobOutcome {
    let slot = slot(batch)
    var damage: LogError?
    do throws(LogError) {
      try worker.decoder.decode(slot.chunk, into: slot.decoded)
      damage = slot.chunk.failure(entriesBefore: UInt64(slot.decoded.count))
    } catch {
      damage = error
    }
    slot.isDamaged = damage != nil
    configuration.planted?.execute(.decode, entryCount: slot.decoded.count)
    return .decoded(
      batch: batch, entryCount: slot.decoded.count, hasContext: slot.decoded.hasContext, damage: damage)
  }

  @inline(never)
  func plan(_ batch: Int, _ worker: inout ReplayWorker) -> JobOutcome {
    let slot = slot(batch)
    let stops = stop.truncate(
      slot.decoded, from: state.plan.nextOrdinal, mayPause: !slot.isDamaged)
    slot.planned = state.plan.plan(slot.decoded) { planned, entry, since in
      hasPlaced(slot, planned, before: entry, since: since, &worker)
    }
    state.position = LogPosition(
      ordinal: state.plan.nextOrdinal, byteOffset: slot.chunk.byteOffset + UInt64(slot.chunk.text.count))
    if stops != nil { stoppedFor = stops }
    return .planned(batch: batch, stops: stops != nil)
  }

  /// Whether a chunk was placed from `since` on: in batches that are settled, or in this one, of which the part before
  /// `entry` is derived and settled on trial.
  private func hasPlaced(
    _ slot: BatchSlot, _ planned: PlannedBatch, before entry: Int, since: Ordinal, _ worker: inout ReplayWorker
  ) -> Bool {
    var trial = state.ledger
    worker.deriver.derive(slot.decoded, planned, into: slot.derived, limit: entry)
    _ = trial.settle(slot.decoded, planned, slot.derived)
    return trial.lastPlacing.map { $0 >= since } ?? false
  }

  @inline(never)
  func derive(_ batch: Int, _ worker: inout ReplayWorker) -> JobOutcome {
    let slot = slot(batch)
    worker.deriver.derive(slot.decoded, slot.planned, into: slot.derived)
    configuration.planted?.execute(.derive, entryCount: slot.decoded.count)
    return .derived(batch: batch)
  }

  // MARK: Apply and merge

  @inline(never)
  func settle(_ batch: Int) -> JobOutcome {
    let slot = slot(batch)
    slot.settled = state.ledger.settle(slot.decoded, slot.planned, slot.derived)
    return .settled(batch: batch)
  }

  @inline(never)
  func apply(_ numbers: Range<Int>, _ group: Int) -> JobOutcome {
    let partitions = configuration.partitions(of: group)
    for number in numbers {
      let slot = slot(number)
      let batch = slot.applicable
      // Every batch comes to every group, and is planted in once.
      if group == 0 { configuration.planted?.execute(.apply, entryCount: slot.decoded.count) }
      for partition in partitions where !isAside(partition) { state.partitions[partition].prepare(batch) }
      for partition in partitions where !isAside(partition) {
        state.partitions[partition].apply(batch, &slot.parts[partition])
      }
      if let spill {
        do throws(FileError) {
          try spill.putAside(batch, of: state.partitions, partitions)
          try spill.makeRoom(of: state.partitions, partitions)
        } catch {
          return .aborted(.output(error))
        }
      }
    }
    return .applied(group: group, batches: numbers)
  }

  private func isAside(_ partition: Int) -> Bool { spill?.isAside(partition) ?? false }

  @inline(never)
  func merge(_ batch: Int, _ survey: (any LogSurvey)?) -> JobOutcome {
    let slot = slot(batch)
    let applicable = slot.applicable
    slot.surveyed = survey.map { $0.prepare(SurveyedBatch(slot, packs: packs)) }
    guard configuration.appliesObjects else {
      slot.merged = MergedBatch(counting: applicable)
      return .merged(batch: batch)
    }
    slot.merged = MergedBatch(
      applicable, slot.settled, parts: UnsafeBufferPointer(slot.parts), detail: configuration.events,
      defersEvents: spill != nil)
    do throws(FileError) {
      try spill?.keepEvents(of: applicable)
    } catch {
      return .aborted(.output(error))
    }
    return .merged(batch: batch)
  }

  @inline(never)
  func append(_ batch: Int, _ survey: (any LogSurvey)?, _ onAppend: ReplayPipeline.Appended) -> JobOutcome {
    let slot = slot(batch)
    guard let merged = slot.merged else { preconditionFailure("a batch is merged before it is appended") }
    let checkpoints = state.assembly.append(merged)
    let surveyed = slot.surveyed
    let storedEnd = slot.storedEnd
    slot.finish()
    batches.giveBack(batch)
    options.onProgress(storedEnd, state.assembly.entryCount)
    if options.isInterrupted() { return .aborted(.log(LogError(.interrupted))) }
    do throws(PipelineError) {
      try onAppend(merged, checkpoints)
      if let survey, let surveyed { try survey.append(surveyed) }
      return .appended
    } catch {
      return .aborted(error)
    }
  }

  // MARK: Commit

  @inline(never)
  func commit(_ group: Int, _ survey: (any LogSurvey)?) -> JobOutcome {
    let partitions = configuration.partitions(of: group)
    if group == 0 { configuration.planted?.execute(.commit, entryCount: Int(state.plan.nextOrdinal)) }
    for partition in partitions where !isAside(partition) { commit(partition: partition) }
    guard let spill else { return .committed(group: group) }
    for partition in partitions where spill.isAside(partition) {
      do {
        state.add(
          try spill.bringBack(
            state.partitions[partition], partition, nodeNames: state.plan.nodeNames,
            isInterrupted: options.isInterrupted
          ) { (found) throws(PipelineError) in try survey?.append(late: findings(found), of: partition) })
      } catch {
        return .aborted(error)
      }
      commit(partition: partition)
    }
    return .committed(group: group)
  }

  private func findings(_ found: [Divergence]) -> [EntryFinding] {
    found.map { EntryFinding(.diverged($0), at: $0.ordinal, accepting: configuration.replay.accepting) }
  }

  private func commit(partition: Int) {
    granules[partition] = state.partitions[partition].granuleRoots()
    // Others are to have its room.
    spill?.release(state.partitions[partition])
  }

  /// Time that workers spent.
  var elapsed: StageTimings { timings.withLock { $0 } }

  /// What a survey found, once all jobs are done.
  var surveyResult: SurveyResult {
    SurveyResult(counts: state.assembly.counts, rejects: state.assembly.rejects, extent: extent)
  }

  private var extent: LogExtent {
    LogExtent(
      container: splitter.container ?? .lines, sha256: reader.sha256, storedBytes: reader.storedBytesRead,
      rawBytes: stoppedFor == nil ? splitter.rawBytes : state.position.byteOffset, entries: state.assembly.entryCount,
      frames: reader.frameCount,
      declared: archive.map { DeclaredExtent($0.manifest) })
  }

  /// Whether all of the log that was to be replayed was there.
  ///
  /// - Throws: `.archive` where the log had more or fewer entries than its manifest says, or where the segment in which the
  ///   replay stopped is not what it was; `.epochMissing` where it never came to its stop.
  func checkCompleteness() throws(LogError) {
    switch stoppedFor {
    case .pause:
      try archive?.verifySegment(endingAt: state.position.ordinal, options: options)
      return
    case .asked:
      try archive?.verifySegment(before: state.assembly.entryCount, options: options)
      return
    case nil: break
    }
    try archive?.check(entryCount: state.assembly.entryCount + state.assembly.lostCount)
    if case .after(let epoch) = stop.stop {
      throw LogError(.epochMissing(epoch.value), ordinal: state.assembly.entryCount)
    }
  }

  func add(_ timings: StageTimings) { self.timings.withLock { $0.add(timings) } }

  /// The result, once all jobs are done.
  ///
  /// - Parameter timings: of all stretches of the replay.
  /// - Throws: `.output` that a scratch file threw; `.log` with `.interrupted`.
  func result(_ timings: StageTimings) throws(PipelineError) -> ParallelReplay {
    try spill?.completeEvents(
      of: &state.assembly, count: state.ledger.eventCount, before: Ordinal(state.plan.nextOrdinal),
      isInterrupted: options.isInterrupted)
    let granules = granules.flatMap { $0 }
    let result = state.assembly.result(&state.ledger, granules: granules, accepting: configuration.replay.accepting)
    return ParallelReplay(
      result: result, firstEventID: state.assembly.firstEventID, extent: extent, timings: timings,
      spilled: spill?.extent, lost: state.assembly.lost,
      nodes: state.ledger.sortedNodes, partitions: state.partitions, granules: granules,
      nodeNames: state.plan.nodeNames)
  }
}

extension DecodedBatch {
  /// Whether there is an AEGIS_CONTEXT among the entries.
  fileprivate var hasContext: Bool {
    controls.contains { entry in
      if case .aegisContext = entry.control { true } else { false }
    }
  }
}
