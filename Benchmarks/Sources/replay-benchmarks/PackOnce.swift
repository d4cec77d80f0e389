internal import ArgumentParser
internal import Foundation
internal import ReplayEngine

/// One log packed in a process of its own.
struct PackOnce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Packs one log and prints what that took.", shouldDisplay: false)

  struct Figures: Codable {
    let seconds: Double
    let peakMemoryBytes: Int
  }

  @Argument var log: String
  @Argument var archive: String

  func run() async throws {
    var arguments = PackArguments(output: archive)
    arguments.force = true
    let start = ContinuousClock.now
    _ = try await Packing(ReplayOptions(ReplayArguments(log: log)), arguments, services: Services()).run()
    let figures = Figures(seconds: (ContinuousClock.now - start).seconds, peakMemoryBytes: Int(ProcessMemory.peakBytes))
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
  }

  /// Runs this program as a child process that packs the log at `path`.
  static func figures(_ path: String, to archive: String) throws -> Figures {
    try JSONDecoder().decode(Figures.self, from: ChildProcess.output(["pack-once", path, archive]))
  }
}

/// This program, run again as a child process.
enum ChildProcess {
  /// What it printed.
  ///
  /// - Throws: `.childFailed` where it did not end with status 0.
  static func output(_ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw BenchmarkError.childFailed(
        command: arguments.prefix(2).joined(separator: " "), status: process.terminationStatus)
    }
    return data
  }
}
