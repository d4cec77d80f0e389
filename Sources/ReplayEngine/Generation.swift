internal import Foundation
internal import Glibc
internal import LogGeneration
internal import LogPacking
internal import LogReading
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// What `generate` is told, as typed.
public struct GenerateArguments: Sendable {
  public var output: String
  public var entries: Int
  public var seed: UInt64 = 1
  public var workload = "recorded"
  public var shape = WorkloadArguments()
  public var faults = false
  public var level = 1
  public var segmentBytes = "256MiB"
  public var force = false

  public init(output: String, entries: Int) {
    self.output = output
    self.entries = entries
  }
}

/// The verb `generate`: a log from a seed, the same for the same arguments; an archive, or a plain log by its name.
public struct Generation: Sendable {
  private let workload: Workload
  private let arguments: GenerateArguments
  private let services: Services

  /// - Throws: `.usage`.
  public init(_ arguments: GenerateArguments, services: Services) throws(ReplayFailure) {
    let (kind, shape) = try arguments.shape.checked(workload: arguments.workload)
    guard (0...Workload.entryCountLimit).contains(arguments.entries) else {
      throw .usage(UsageError(description: "--entries is a number from 0 to \(Workload.entryCountLimit)"))
    }
    try FrameEncoder.check(level: arguments.level)
    workload = Workload(
      kind, entryCount: arguments.entries, seed: arguments.seed, shape: shape, hasFaults: arguments.faults)
    self.arguments = arguments
    self.services = services
  }

  /// - Throws: `.precondition`, `.output`; nothing is left then.
  public func run() async throws(ReplayFailure) -> Report {
    let target = TargetFile(path: arguments.output, replaces: arguments.force)
    return LogFileWriter.isLogName(target.name) ? try write(to: target) : try await pack()
  }

  // MARK: A plain log

  private func write(to target: TargetFile) throws(ReplayFailure) -> Report {
    try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: nil) }
    var entryCount: UInt64 = 0
    do throws(FileError) {
      var output = try LogFileWriter(target, level: arguments.level)
      try workload.forEachBlock { (lines) throws(FileError) in
        for line in lines.split(separator: UInt8(ascii: "\n")) {
          try output.append(Array(line))
          entryCount += 1
        }
        services.onProgress(Progress(step: .load, entries: entryCount, bytesRead: 0, storedBytes: nil))
        if services.isInterrupted() { throw FileError(.write, target.path, errno: EINTR) }
      }
      try output.publish()
    } catch {
      throw services.isInterrupted() ? ReplayFailure(LogError(.interrupted)) : ReplayFailure(output: error)
    }
    let json = JSONValue.members([
      "schema": .text("eqm-replay/generate/1"), "log": .text(target.path), "entries": .integer(entryCount),
    ])
    return Report(
      status: .done, json: json,
      text: [ResultText.row("log", target.path), ResultText.row("entries", "\(entryCount)")])
  }

  // MARK: An archive

  /// Packs what another thread writes into a pipe.
  private func pack() async throws(ReplayFailure) -> Report {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw ReplayFailure(output: FileError(.create, "a pipe"))
    }
    let writer = WorkloadThread(workload, to: ends[1])
    defer { close(ends[0]) }
    var packing = PackArguments(output: arguments.output)
    packing.level = arguments.level
    packing.segmentBytes = arguments.segmentBytes
    packing.force = arguments.force
    do throws(ReplayFailure) {
      let options = try ReplayOptions(ReplayArguments(log: "-"))
        .reading(from: .pipe(descriptor: ends[0], name: "generated.jsonl"))
      let report = try await Packing(options, packing, services: services).run()
      await writer.end()
      return report
    } catch {
      writer.stop()
      // It ends at its next block, which somebody must take.
      WorkloadThread.drain(ends[0])
      await writer.end()
      throw error
    }
  }
}

/// A thread of its own that writes a workload into a pipe: a task would wait for a thread that waits for the pipe.
private final class WorkloadThread: Sendable {
  private struct State {
    var isStopped = false
    var hasEnded = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  /// Writes `workload` to `descriptor`, and closes it.
  init(_ workload: Workload, to descriptor: Int32) {
    Thread { [self] in
      write(workload, to: descriptor)
      close(descriptor)
      let waiting = state.withLock { state in
        state.hasEnded = true
        return state.waiting
      }
      waiting?.resume()
    }.start()
  }

  /// Lets the thread end at its next block.
  func stop() { state.withLock { $0.isStopped = true } }

  /// Waits until the thread has ended.
  func end() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.waiting = continuation }
        return state.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  private struct Stopped: Error {}

  private func write(_ workload: Workload, to descriptor: Int32) {
    do throws(Stopped) {
      try workload.forEachBlock { (lines) throws(Stopped) in
        var start = 0
        while start < lines.count {
          guard !state.withLock({ $0.isStopped }) else { throw Stopped() }
          let written = lines.withUnsafeBytes { bytes in
            // From `start` there are `bytes.count - start` bytes.
            Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
          }
          if written < 0, errno == EINTR { continue }
          guard written > 0 else { throw Stopped() }
          start += written
        }
      }
    } catch {
      // The reader has its own reason to end, and tells it.
    }
  }

  /// Reads what a thread that was told to stop still writes.
  static func drain(_ descriptor: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 || (count < 0 && errno == EINTR) else { return }
    }
  }
}
