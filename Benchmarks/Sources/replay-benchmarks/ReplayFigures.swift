internal import Foundation
internal import ReplayEngine

/// An engine, and how many work in it.
enum Engine: Hashable, CustomStringConvertible {
  /// The sequential one, which every other is checked against.
  case golden
  case parallel(workers: Int)

  var description: String {
    switch self {
    case .golden: "golden"
    case .parallel(let workers): workers == 1 ? "1 worker" : "\(workers) workers"
    }
  }

  /// What replays the log at `path` by this engine.
  func arguments(_ path: String) -> ReplayArguments {
    var arguments = ReplayArguments(log: path)
    switch self {
    case .golden: arguments.sequential = true
    case .parallel(let workers): arguments.workers = workers
    }
    return arguments
  }

  static func replay(_ arguments: ReplayArguments) async throws -> Report {
    try await Replay(ReplayOptions(arguments), services: Services()).run()
  }

  func figures(_ path: String) async throws -> ReplayFigures {
    try ReplayFigures(try await Engine.replay(arguments(path)).json)
  }
}

/// What a result document (`eqm-replay/result/1`) says of one replay.
struct ReplayFigures: Decodable {
  struct Entries: Decodable {
    let total: Int
    let rejected: Int
    let diverged: Int
  }

  struct State: Decodable {
    let objectCount: Int

    enum CodingKeys: String, CodingKey { case objectCount = "object_count" }
  }

  struct Commitment: Decodable {
    let stateRoot: String

    enum CodingKeys: String, CodingKey { case stateRoot = "state_root" }
  }

  struct Run: Decodable {
    let seconds: Double
    let partitions: Int
    let peakMemoryBytes: Int
    /// Nil where memory had no limit.
    let spilledBytes: Int?

    enum CodingKeys: String, CodingKey {
      case seconds, partitions
      case peakMemoryBytes = "peak_memory_bytes"
      case spilledBytes = "spilled_bytes"
    }
  }

  /// A state that was written.
  struct Snapshot: Decodable {
    let sha256: String
    let bytes: Int
    let rows: Int
    let seconds: Double
  }

  let entries: Entries
  let state: State
  let commitment: Commitment
  let run: Run
  /// Nil where none was asked for.
  let snapshot: Snapshot?

  init(_ json: [UInt8]) throws { self = try JSONDecoder().decode(ReplayFigures.self, from: Data(json)) }
}

/// Why nothing is printed.
enum BenchmarkError: Error, CustomStringConvertible {
  /// A replay did not give the state that the engine it is checked against gave.
  case wrongRoot(log: String, engine: Engine, root: String, reference: Engine, expected: String)
  /// A generated log that does not explain itself is no measure of anything.
  case unexplained(log: String, rejected: Int, diverged: Int)
  case childFailed(command: String, status: Int32)
  case noSpace(folder: String, neededBytes: Int, freeBytes: Int)
  /// A corruption that a search did not find, or not reproduce.
  case notFound(String)
  case unequalSnapshots(log: String)

  var description: String {
    switch self {
    case .wrongRoot(let log, let engine, let root, let reference, let expected):
      "\(log): \(engine) gave the root \(root), \(reference) gave \(expected)"
    case .unexplained(let log, let rejected, let diverged):
      "\(log): \(rejected) entries rejected, \(diverged) diverged: the log is not what it should be"
    case .childFailed(let command, let status): "\(command): ended with status \(status)"
    case .noSpace(let folder, let neededBytes, let freeBytes):
      "\(folder) needs \(Quantity.bytes(neededBytes)) and has \(Quantity.bytes(freeBytes)) free: see --cache, --scale"
    case .notFound(let corruption): corruption
    case .unequalSnapshots(let log): "\(log): two snapshots of one state are not the same file"
    }
  }
}

/// The root that every replay of one log must give: the one that the reference, which goes first, gave.
struct RootCheck {
  private let log: String
  /// The sequential engine wherever it can run.
  private let reference: Engine
  private(set) var root: String?

  init(log: String, reference: Engine = .golden) {
    self.log = log
    self.reference = reference
  }

  /// - Throws: ``BenchmarkError``.
  mutating func check(_ figures: ReplayFigures, of engine: Engine) throws(BenchmarkError) {
    guard figures.entries.rejected == 0, figures.entries.diverged == 0 else {
      throw .unexplained(log: log, rejected: figures.entries.rejected, diverged: figures.entries.diverged)
    }
    guard let root else {
      precondition(engine == reference, "what others are checked against goes first")
      self.root = figures.commitment.stateRoot
      return
    }
    guard figures.commitment.stateRoot == root else {
      throw .wrongRoot(
        log: log, engine: engine, root: figures.commitment.stateRoot, reference: reference, expected: root)
    }
  }
}
