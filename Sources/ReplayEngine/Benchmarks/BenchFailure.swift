internal import Benchmarking

/// A measurement that came to nothing.
public struct BenchFailure: Sendable, CustomStringConvertible {
  let fault: BenchFault

  public var description: String { fault.description }

  /// The exit status it asks for.
  ///
  /// - Parameter signal: the status for an interruption.
  func status(whenInterrupted signal: ExitStatus) -> ExitStatus {
    switch fault {
    case .wrongResult: .diverged
    case .notADocument: .damaged
    case .interrupted: signal
    case .cannotRun, .ended, .unreadable: .failure
    }
  }

  /// What to do about it; nil where its sentence says that.
  var next: String? {
    switch fault {
    case .wrongResult: "\(Program.name) stress of that log: no schedule may give another result"
    case .notADocument: "make it anew: \(Program.name) help bench"
    case .interrupted: "run the same command again"
    case .cannotRun, .ended, .unreadable: "run the program that is named there by itself"
    }
  }
}

extension ReplayFailure {
  /// Measures; what is in the way becomes a failure.
  static func benchmarking<Value>(_ work: () throws(BenchFault) -> Value) throws(ReplayFailure) -> Value {
    do {
      return try work()
    } catch {
      throw .benchmark(BenchFailure(fault: error))
    }
  }
}
