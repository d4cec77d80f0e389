internal import Derivation
internal import Glibc
internal import LogDecoding
internal import LogReading
internal import StateCommitment
internal import StorageProtocol

/// What one worker has of its own: decoders, hashers and their buffers, and the time it spent.
struct ReplayWorker: ~Copyable {
  var decoder: EntryDecoder
  var deriver: Deriver
  private var timings = StageTimings()
  private let clock = ContinuousClock()
  private var random: SeededGenerator?
  private let delayMax: UInt32

  /// - Parameters:
  ///   - packs: of the archive that is replayed.
  ///   - options: whether what that has lost is passed over.
  init(_ configuration: ParallelConfiguration, number: Int, packs: ContentPacks?, _ options: LogReadingOptions) {
    decoder = EntryDecoder(
      configuration.replay, packs: packs, salvages: options.salvages, losesContents: options.losesContents,
      backend: configuration.backend)
    deriver = Deriver(
      configuration.replay, ranges: KeyRanges(partitionCount: configuration.partitions),
      backend: configuration.backend)
    random = configuration.disturbance.map { SeededGenerator(seed: $0.seed &+ UInt64(number)) }
    delayMax = configuration.disturbance?.delayMax ?? 0
  }

  /// Waits before a job, where the run is to be disturbed.
  mutating func disturb(_ job: ReplayJob) {
    guard random != nil, delayMax > 0, random?.happens(percent: 30) == true else { return }
    usleep(UInt32(random?.index(below: Int(delayMax)) ?? 0))
  }

  /// Runs a job and keeps its time.
  mutating func measure<Outcome>(_ job: ReplayJob, _ body: (inout ReplayWorker) -> Outcome) -> Outcome {
    let start = clock.now
    let outcome = body(&self)
    timings.add(job.stage, clock.now - start)
    return outcome
  }

  /// Adds the worker's time to the run's.
  consuming func report(to work: ReplayWork) {
    timings.hashedBytes = deriver.hashedBytes
    timings.permutationCount = deriver.permutationCount
    work.add(timings)
  }
}

/// Time that workers spent in each stage, all workers together, and what they hashed in derive.
package struct StageTimings: Sendable {
  private var elapsed: [Duration] = Array(repeating: .zero, count: ReplayStage.allCases.count)
  package internal(set) var hashedBytes: UInt64 = 0
  /// Of Keccak-f, in derive.
  package internal(set) var permutationCount: UInt64 = 0

  mutating func add(_ stage: ReplayStage, _ time: Duration) { elapsed[stage.index] += time }

  mutating func add(_ other: StageTimings) {
    for index in elapsed.indices { elapsed[index] += other.elapsed[index] }
    hashedBytes += other.hashedBytes
    permutationCount += other.permutationCount
  }

  package subscript(stage: ReplayStage) -> Duration { elapsed[stage.index] }
}

extension ReplayStage {
  fileprivate var index: Int {
    guard let index = ReplayStage.allCases.firstIndex(of: self) else { preconditionFailure("every stage is a case") }
    return index
  }
}
