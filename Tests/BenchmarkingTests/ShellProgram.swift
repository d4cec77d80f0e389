import Benchmarking
import ReplayTestSupport
import Testing

/// A program that is a shell script.
enum ShellProgram {
  /// Another process writes the file that is run: one that this process had open for writing, a child of another test could hold
  /// open still, and then nobody may run it.
  static func make(_ script: String, _ name: String, in folder: TemporaryFolder) throws -> MeasuredProgram {
    try folder.write("#!/bin/sh\n\(script)\n", "\(name).text")
    let run = try CommandLineRun(shell: "cp \(name).text \(name) && chmod 755 \(name)", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    return MeasuredProgram(path: "\(folder.path)/\(name)")
  }
}
