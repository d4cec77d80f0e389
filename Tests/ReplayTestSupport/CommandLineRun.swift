internal import Foundation
internal import GoldenRun
package import StorageProtocol

/// One run of the built program.
package struct CommandLineRun {
  package let status: Int32
  package let output: [UInt8]
  package let errors: String

  /// The program beside the test runner.
  package static let program: String = {
    let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = runner.deletingLastPathComponent().appendingPathComponent("eqm-replay").path
    return FileManager.default.isExecutableFile(atPath: beside) ? beside : CommandLine.arguments[0]
  }()

  /// Runs `eqm-replay` and waits for its end.
  package init(
    _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:], folder: String? = nil
  ) throws {
    try self.init(program: CommandLineRun.program, arguments, input: input, environment: environment, folder: folder)
  }

  /// Runs a shell command in which `$EQM` is the program.
  package init(shell: String, folder: String? = nil) throws {
    try self.init(
      program: "/bin/bash", ["-c", shell], input: [], environment: ["EQM": CommandLineRun.program], folder: folder)
  }

  private init(
    program: String, _ arguments: [String], input: [UInt8], environment: [String: String], folder: String?
  ) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let scratch = try TemporaryFolder()
    let files = try ["input", "output", "errors"].map { name in
      try scratch.write(name == "input" ? input : [], name)
    }
    process.standardInput = FileHandle(forReadingAtPath: files[0])
    process.standardOutput = FileHandle(forWritingAtPath: files[1])
    process.standardError = FileHandle(forWritingAtPath: files[2])
    try process.run()
    process.waitUntilExit()
    status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    output = try scratch.read("output")
    errors = String(decoding: try scratch.read("errors"), as: UTF8.self)
  }

  /// Standard output, which must be exactly one JSON document.
  package var json: JSONObject {
    get throws {
      guard let object = try JSONReader.read(output).value.objectValue else {
        throw Fixture.FixtureError.unexpectedForm("standard output")
      }
      return object
    }
  }
}
