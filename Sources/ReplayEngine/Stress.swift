internal import GoldenRun
internal import Hashing
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StorageProtocol

/// The verb `stress`: one log under many schedules must give one result, the sequential one, in every field.
///
/// Every pair of the given numbers of workers and partitions once undisturbed; then, a seed each, random pairs with random
/// sizes of chunks and windows, a random order of work and random delays.
public struct Stress: Sendable {
  private let options: ReplayOptions
  private let workers: [Int]
  private let partitions: [Int]
  private let seedCount: Int
  private let services: Services

  /// - Throws: `.usage`.
  public init(
    _ arguments: ReplayArguments, workers: String, partitions: String, seeds: Int, services: Services
  ) throws(ReplayFailure) {
    options = try ReplayOptions(arguments)
    self.workers = try Stress.numbers(workers, arguments, "--workers") { $0.workers = $1 }
    self.partitions = try Stress.numbers(partitions, arguments, "--partitions") { $0.partitions = $1 }
    guard seeds >= 0 else { throw .usage(UsageError(description: "--seeds is a number from 0 on")) }
    seedCount = seeds
    self.services = services
  }

  /// The numbers of a list like `1,2,8`, each checked as the option of a replay would be.
  private static func numbers(
    _ text: String, _ arguments: ReplayArguments, _ option: String, _ set: (inout ReplayArguments, Int) -> Void
  ) throws(ReplayFailure) -> [Int] {
    var numbers: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Int(part) else {
        throw .usage(UsageError(description: "\(option) is a list of numbers like 1,2,8, not \(text)"))
      }
      var single = arguments
      set(&single, number)
      _ = try Parallelism(single)
      numbers.append(number)
    }
    return numbers
  }

  /// - Throws: `.log`, `.logChanged`.
  public func run() async throws(ReplayFailure) -> Report {
    let fitted = try options.fitted(services)
    let shapes = self.shapes(fitted)
    services.onPlan(
      fitted.copyingSteps + [PlannedStep(.verify, readings: 1), PlannedStep(.replay, readings: shapes.count)])
    return try await fitted.withRereadableLog(services) { (options) throws(ReplayFailure) in
      var clock = StepClock()
      let reference = try clock.measure(.verify, services) { () throws(ReplayFailure) in
        try ReplayFailure.reading { () throws(LogError) in
          try GoldenReplay.replay(
            options.source, configuration: options.configuration, reading: options.reading(services, step: .verify))
        }
      }
      var failures: [Failure] = []
      for shape in shapes {
        if let failure = try await run(shape, options, reference) { failures.append(failure) }
      }
      return report(reference.result, shapes.count, failures)
    }
  }

  // MARK: Schedules

  private func shapes(_ options: ReplayOptions) -> [ParallelConfiguration] {
    var shapes: [ParallelConfiguration] = []
    for workers in workers {
      for partitions in partitions {
        shapes.append(ParallelConfiguration(options.configuration, workers: workers, partitions: partitions))
      }
    }
    for seed in 0..<seedCount { shapes.append(disturbed(options, seed: UInt64(seed + 1))) }
    return shapes
  }

  private func disturbed(_ options: ReplayOptions, seed: UInt64) -> ParallelConfiguration {
    var random = SeededGenerator(seed: seed)
    var shape = ParallelConfiguration(
      options.configuration, workers: random.choice(workers), partitions: random.choice(partitions))
    shape.chunkBytes = 1 << (6 + random.index(below: 15))
    shape.window = 1 + random.index(below: 12)
    shape.disturbance = ScheduleDisturbance(seed: seed)
    return shape
  }

  fileprivate struct Failure {
    let shape: ParallelConfiguration
    let difference: Comparisons.FirstDivergence
  }

  private func run(
    _ shape: ParallelConfiguration, _ options: ReplayOptions, _ reference: (result: ReplayResult, extent: LogExtent)
  ) async throws(ReplayFailure) -> Failure? {
    var shape = shape
    shape.backend = .chosen(simd: services.simd)
    shape.hashesFile = true
    let reading = options.reading(services, step: .replay)
    services.onProgress(Progress(step: .replay, entries: 0, bytesRead: 0, storedBytes: nil))
    let replay = try await ReplayFailure.replaying { [shape] () throws(PipelineError) in
      try await ReplayPipeline.replay(options.source, shape, reading: reading)
    }
    guard replay.extent.isSameLog(as: reference.extent) else { throw .logChanged }
    return replay.result.firstDifference(from: reference.result).map { Failure(shape: shape, difference: $0) }
  }

  // MARK: Report

  private func report(_ reference: ReplayResult, _ count: Int, _ failures: [Failure]) -> Report {
    let json = JSONValue.members([
      "schema": .text("eqm-replay/stress/1"), "schedules": .integer(count), "equal": .boolean(failures.isEmpty),
      "state_root": .hexadecimal(reference.roots.state), "failures": .array(failures.map(Stress.json)),
    ])
    let lines =
      ["schedules      \(count)", "state root     \(reference.roots.state.hexadecimal)"]
      + failures.map { "UNEQUAL        \($0.sentence)" }
      + [failures.isEmpty ? "equal          every schedule gave the sequential result" : "equal          no"]
    return Report(status: failures.isEmpty ? .done : .diverged, json: json, text: lines)
  }

  private static func json(_ failure: Failure) -> JSONValue {
    .members([
      "seed": failure.shape.disturbance.map { .integer($0.seed) } ?? .null, "workers": .integer(failure.shape.workers),
      "partitions": .integer(failure.shape.partitions), "chunk_bytes": .integer(failure.shape.chunkBytes),
      "window": failure.shape.window.map(JSONValue.integer) ?? .null, "field": .text(failure.difference.field),
      "expected": failure.difference.expected ?? .null, "actual": failure.difference.actual ?? .null,
    ])
  }
}

extension Stress.Failure {
  fileprivate var sentence: String {
    let seed = shape.disturbance.map { "seed \($0.seed), " } ?? ""
    return "\(seed)\(shape.workers) workers, \(shape.partitions) partitions: \(difference.field)"
  }
}
