internal import StorageProtocol
internal import SystemFiles

/// Why there is no figure.
package enum BenchFault: Error, Equatable, Sendable, CustomStringConvertible {
  case cannotRun(String)
  /// A program that ended in another way than it should.
  case ended(command: String, how: String, errors: String)
  /// A program whose output is not what it should be.
  case unreadable(command: String, String)
  /// A file that is no document of a benchmark.
  case notADocument(path: String, String)
  /// Two replays of one log that came to different states, or one that did not explain its log.
  case wrongResult(log: String, String)
  case interrupted

  package var description: String {
    switch self {
    case .cannotRun(let reason): reason
    case .ended(let command, let how, let errors): "\(command): \(how)\(errors.isEmpty ? "" : ": \(errors)")"
    case .unreadable(let command, let reason): "\(command): \(reason)"
    case .notADocument(let path, let reason): "\(path) is no document of a benchmark: \(reason)"
    case .wrongResult(let log, let reason): "\(log): \(reason)"
    case .interrupted: "interrupted"
    }
  }
}

/// A program under measurement: each run is a process of its own, whose figures are those of the operating system.
package struct MeasuredProgram: Hashable, Sendable {
  /// A path, or a word of the search path.
  package let path: String

  package init(path: String) { self.path = path }

  /// Runs it to its end.
  ///
  /// - Parameter wakeDescriptor: ends the wait when it becomes readable; -1 for none.
  /// - Parameter statuses: exit statuses that are no fault.
  /// - Throws: ``BenchFault``; `.ended` for any other exit status.
  package func run(
    _ arguments: [String], wakeDescriptor: Int32 = -1, statuses: Set<Int32> = [0]
  ) throws(BenchFault) -> MeasuredRun {
    let command = ([path] + arguments).joined(separator: " ")
    let start = ContinuousClock.now
    let (output, end, errors, usage) = try MeasuredProgram.checking { () throws(ChildProcessFault) in
      var child = try ChildProcess(path, arguments)
      var output: [UInt8] = []
      while let block = try child.read(wakeDescriptor: wakeDescriptor) { output += block }
      let end = child.waitForEnd()
      return (output, end, child.errorText, child.usage)
    }
    let elapsed = ContinuousClock.now - start
    let said = PrintableText.plain(errors)
    switch end {
    case .exited(let status) where statuses.contains(status):
      return MeasuredRun(
        command: command, output: output, elapsed: elapsed, processorTime: usage.processorTime,
        peakMemoryBytes: usage.peakMemoryBytes)
    case .exited(let status): throw .ended(command: command, how: "exit status \(status)", errors: said)
    case .signalled(let signal): throw .ended(command: command, how: "signal \(signal)", errors: said)
    }
  }

  private static func checking<Value>(_ body: () throws(ChildProcessFault) -> Value) throws(BenchFault) -> Value {
    do throws(ChildProcessFault) { return try body() } catch {
      if error == .interrupted { throw .interrupted }
      throw .cannotRun(error.description)
    }
  }
}

/// What a program said, and what it took.
package struct MeasuredRun: Sendable {
  package let command: String
  /// Of its standard output.
  package let output: [UInt8]
  /// From its start to its end.
  package let elapsed: Duration
  package let processorTime: Duration
  package let peakMemoryBytes: UInt64

  package init(
    command: String, output: [UInt8], elapsed: Duration, processorTime: Duration, peakMemoryBytes: UInt64
  ) {
    self.command = command
    self.output = output
    self.elapsed = elapsed
    self.processorTime = processorTime
    self.peakMemoryBytes = peakMemoryBytes
  }
}
