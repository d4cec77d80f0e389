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

  func run() async throws {
    let engine = workers.map { Engine.parallel(workers: $0) } ?? .golden
    FileHandle.standardOutput.write(Data(try await engine.replay(log).json))
  }

  /// Runs this program as a child process that replays the log at `path` by `engine`, and returns what it printed.
  static func figures(_ path: String, by engine: Engine) throws -> ReplayFigures {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["replay-once", path]
    if case .parallel(let workers) = engine { process.arguments?.append("--workers=\(workers)") }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let json = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw BenchmarkError.childFailed(command: "replay-once \(path)", status: process.terminationStatus)
    }
    return try ReplayFigures(Array(json))
  }
}
