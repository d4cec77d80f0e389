internal import ArgumentParser
internal import Foundation
internal import ReplayEngine

/// One replay in a process of its own: what its memory is measured in.
struct ReplayOnce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replays one log and prints the result document.", shouldDisplay: false)

  @Argument var log: String

  @Option(help: "Workers of the parallel engine; none for the sequential one.")
  var workers: Int?

  @Option(help: "Bytes of memory that the process may take.")
  var memoryLimit: Int?

  @Option(help: "The folder for what the limit has no room for.")
  var spillDir: String?

  @Option(help: "The file that the state goes to; one that is there is replaced.")
  var stateOut: String?

  func run() async throws {
    let engine = workers.map { Engine.parallel(workers: $0) } ?? .golden
    var arguments = engine.arguments(log)
    arguments.memoryLimit = memoryLimit.map { "\($0)" }
    arguments.spillFolder = spillDir
    arguments.stateOut = stateOut
    arguments.force = stateOut != nil
    FileHandle.standardOutput.write(Data(try await Engine.replay(arguments).json))
  }

  /// Runs this program as a child process that replays the log at `path` by `engine`, and returns what it printed.
  ///
  /// - Parameter spillFolder: for what a limit has no room for.
  static func figures(
    _ path: String, by engine: Engine, memoryLimit: Int? = nil, spillFolder: String? = nil, stateOut: String? = nil
  ) throws -> ReplayFigures {
    var arguments = ["replay-once", path]
    if case .parallel(let workers) = engine { arguments.append("--workers=\(workers)") }
    if let memoryLimit { arguments.append("--memory-limit=\(memoryLimit)") }
    if memoryLimit != nil, let spillFolder { arguments.append("--spill-dir=\(spillFolder)") }
    if let stateOut { arguments.append("--state-out=\(stateOut)") }
    return try ReplayFigures(Array(ChildProcess.output(arguments)))
  }
}
