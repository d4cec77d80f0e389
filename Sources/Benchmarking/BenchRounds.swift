/// Measures programs on one log by turns: each contender of each program once a round, so that what disturbs the machine disturbs
/// them all. Every replay must give one root, and explain its log.
package struct BenchRounds: Sendable {
  /// A sequential replay that takes longer than this is not repeated.
  private static let goldenSecondsMax = 10.0

  /// What a log's work alone takes, measured in a round.
  package struct Limit: Sendable {
    package let permutationsPerSecond: Double
    package let decompressionSeconds: Double
    package let scanSeconds: Double
    /// Of the log as it is read.
    package let bytes: UInt64

    package init(
      permutationsPerSecond: Double, decompressionSeconds: Double, scanSeconds: Double, bytes: UInt64
    ) {
      self.permutationsPerSecond = permutationsPerSecond
      self.decompressionSeconds = decompressionSeconds
      self.scanSeconds = scanSeconds
      self.bytes = bytes
    }
  }

  private let programs: [MeasuredProgram]
  private let contenders: [Contender]
  private let runs: Int
  private let wakeDescriptor: Int32
  private let limit: @Sendable (_ log: String, _ messageBytes: Int) throws(BenchFault) -> Limit
  private let onReplay: @Sendable (BenchedReplay) -> Void

  /// - Parameters:
  ///   - workers: of the contender that has all of them.
  ///   - wakeDescriptor: ends a wait when it becomes readable; -1 for none.
  ///   - limit: measures what the work on a log alone takes.
  ///   - onReplay: told of every replay.
  package init(
    programs: [MeasuredProgram], workers: Int, runs: Int, wakeDescriptor: Int32 = -1,
    limit: @escaping @Sendable (_ log: String, _ messageBytes: Int) throws(BenchFault) -> Limit,
    onReplay: @escaping @Sendable (BenchedReplay) -> Void = { _ in }
  ) {
    self.programs = programs
    contenders = Contender.all(workers: workers)
    self.runs = runs
    self.wakeDescriptor = wakeDescriptor
    self.limit = limit
    self.onReplay = onReplay
  }

  /// The figures of each program.
  ///
  /// - Throws: ``BenchFault``; `.wrongResult` where a root differs, or an entry was rejected or diverged.
  package func measure(_ workload: NamedWorkload, at path: String) throws(BenchFault) -> [BenchedWorkload] {
    var taken = Taken(workload.name)
    var limits: [LimitSample] = []
    var bytes: UInt64 = 0
    for round in 0..<runs {
      for contender in contenders
      where round == 0 || contender != .golden || taken.goldenSeconds < Self.goldenSecondsMax {
        for program in order(round) {
          let replay = try programs[program].replay(
            path, contender.options, usesSIMD: contender.usesSIMD, wakeDescriptor: wakeDescriptor)
          try taken.take(replay, by: contender, of: program, round)
          onReplay(replay)
        }
      }
      let limit = try limit(path, workload.messageBytes)
      bytes = limit.bytes
      limits.append(LimitSample(round, limit))
    }
    return programs.indices.map { program in
      BenchedWorkload(
        name: workload.name, log: MeasuredProgram.name(of: path), entryCount: taken.entryCount, bytes: bytes,
        stateRoot: taken.stateRoot, messageBytes: workload.messageBytes, limits: limits,
        series: contenders.map { BenchSeries($0, taken.samples[Taken.Key(program: program, contender: $0)] ?? []) })
    }
  }

  /// Who is first changes from round to round.
  private func order(_ round: Int) -> [Int] {
    round.isMultiple(of: 2) ? Array(programs.indices) : programs.indices.reversed()
  }

  /// What was measured of one log so far.
  private struct Taken {
    struct Key: Hashable {
      let program: Int
      let contender: Contender
    }

    private let log: String
    private(set) var samples: [Key: [BenchSample]] = [:]
    /// The first replay, which is the sequential engine's: what others are checked against.
    private var reference: BenchedReplay?
    private(set) var goldenSeconds = 0.0

    init(_ log: String) { self.log = log }

    var entryCount: UInt64 { reference?.entryCount ?? 0 }
    var stateRoot: String { reference?.stateRoot ?? "" }

    mutating func take(
      _ replay: BenchedReplay, by contender: Contender, of program: Int, _ round: Int
    ) throws(BenchFault) {
      let reference = reference ?? replay
      self.reference = reference
      try replay.check(against: reference, log: log, contender: contender.name)
      if contender == .golden { goldenSeconds = max(goldenSeconds, replay.seconds) }
      samples[Key(program: program, contender: contender), default: []].append(BenchSample(round: round, replay))
    }
  }
}

extension BenchedReplay {
  /// - Throws: `.wrongResult` where this is another state than that of `reference`, or the log was not explained.
  package func check(
    against reference: BenchedReplay, log: String, contender: String
  ) throws(BenchFault) {
    guard rejectedCount == 0, divergedCount == 0 else {
      throw .wrongResult(
        log: log, "\(contender): \(rejectedCount) entries were rejected and \(divergedCount) diverged")
    }
    guard stateRoot == reference.stateRoot, entryCount == reference.entryCount else {
      throw .wrongResult(
        log: log,
        "\(contender) came to the root \(stateRoot) after \(entryCount) entries, the first replay to \(reference.stateRoot) "
          + "after \(reference.entryCount)")
    }
  }
}

extension LimitSample {
  fileprivate init(_ round: Int, _ limit: BenchRounds.Limit) {
    self.init(
      round: round, permutationsPerSecond: limit.permutationsPerSecond,
      decompressionSeconds: limit.decompressionSeconds, scanSeconds: limit.scanSeconds)
  }
}

extension MeasuredProgram {
  /// The last part of a path.
  fileprivate static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
