internal import Benchmarking
internal import LogReading
internal import SystemFiles

/// Why a verb ended without a result.
public enum ReplayFailure: Error, CustomStringConvertible {
  /// The options contradict each other or do not say what they must.
  case usage(UsageError)
  /// The log cannot be read, or is damaged.
  case log(LogFailure)
  /// A target of results does not fit, found before any work.
  case precondition(PreconditionFailure)
  /// Results cannot be written, found after the work.
  case output(OutputFailure)
  /// A file that is to be looked at cannot be read.
  case input(InputFailure)
  /// A snapshot is not what was written.
  case snapshot(SnapshotFailure)
  /// Nothing was measured, or not what should be.
  case benchmark(BenchFailure)
  /// The log was not the same when it was read again.
  case logChanged
  /// A failure, and something else that went wrong behind it.
  indirect case also(ReplayFailure, problem: String)

  init(_ error: LogError) {
    if case .cannotCopy = error.reason {
      self = .precondition(PreconditionFailure(description: error.description))
    } else {
      self = .log(LogFailure(error: error))
    }
  }

  init(_ fault: TargetFault) { self = .precondition(PreconditionFailure(description: fault.description)) }

  init(output error: FileError) { self = .output(OutputFailure(description: error.description)) }

  /// Runs work on the log; its errors become failures.
  static func reading<Value>(_ work: () throws(LogError) -> Value) throws(ReplayFailure) -> Value {
    do {
      return try work()
    } catch {
      throw ReplayFailure(error)
    }
  }

  /// Runs checks of a target; its faults become failed preconditions.
  static func checking(_ checks: () throws(TargetFault) -> Void) throws(ReplayFailure) {
    do {
      try checks()
    } catch {
      throw ReplayFailure(error)
    }
  }

  public var description: String {
    switch self {
    case .usage(let error): error.description
    case .log(let failure): failure.error.description
    case .precondition(let failure): failure.description
    case .output(let failure): failure.description
    case .input(let failure): failure.description
    case .snapshot(let failure): failure.description
    case .benchmark(let failure): failure.description
    case .logChanged: "the log changed while it was read: replay a copy that nothing writes to"
    case .also(let failure, let problem): "\(failure); besides, \(problem)"
    }
  }

  /// Whether a signal ended the run.
  var isInterruption: Bool {
    switch self {
    case .log(let failure): failure.isInterruption
    case .benchmark(let failure): failure.fault == .interrupted
    case .also(let failure, _): failure.isInterruption
    default: false
    }
  }

  /// The exit status this failure asks for.
  ///
  /// - Parameter signal: the status for an interruption.
  public func status(whenInterrupted signal: ExitStatus) -> ExitStatus {
    switch self {
    case .usage: .usage
    case .log(let failure):
      failure.isInterruption ? signal : failure.error.isDamage ? .damaged : .failure
    case .snapshot: .damaged
    case .benchmark(let failure): failure.status(whenInterrupted: signal)
    case .precondition: .precondition
    case .output, .input, .logChanged: .failure
    case .also(let failure, _): failure.status(whenInterrupted: signal)
    }
  }
}

/// A log that cannot be read, or is damaged; says where.
public struct LogFailure: Sendable {
  let error: LogError

  var isInterruption: Bool { error.reason == .interrupted }
}

/// A target that does not fit.
public struct PreconditionFailure: Error, Sendable, CustomStringConvertible {
  public let description: String
}

/// A result that could not be written.
public struct OutputFailure: Sendable, CustomStringConvertible {
  public let description: String
}

/// A file that cannot be read.
public struct InputFailure: Sendable, CustomStringConvertible {
  public let description: String
}

/// A snapshot that does not give what it says.
public struct SnapshotFailure: Sendable, CustomStringConvertible {
  public let description: String
}

/// An option that cannot be used as given.
public struct UsageError: Sendable, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}
