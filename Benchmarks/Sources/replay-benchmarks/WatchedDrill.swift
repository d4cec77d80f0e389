internal import Foundation
internal import FoundationNetworking

/// A drill that was run in a process of its own, with or without all that watches it.
struct WatchedDrill {
  let figures: DrillOnce.Figures
  /// How often its metrics were asked for.
  let scrapeCount: Int
  /// Of all threads; 0 where nobody counted.
  let instructionCount: Int

  /// Runs it.
  ///
  /// - Parameters:
  ///   - folder: for evidence and metrics, which are removed.
  ///   - counting: whether callgrind counts instructions.
  init(
    _ log: String, workers: Int, isWatched: Bool, in folder: String, counting: Bool = false, scrapeSeconds: Double = 1
  ) throws {
    let scratch = "\(folder)/operations-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    let counts = "\(scratch)/callgrind.log"
    let words =
      (counting ? Callgrind.words(logFile: counts) : []) + [
        program, "drill-once", log, scratch, "--workers=\(workers)",
      ]
      + (isWatched ? ["--watched"] : [])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // The first line is where it serves.
    let told = isWatched ? String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self) : ""
    let scraper = Scraper(told.trimmingCharacters(in: .newlines), everySeconds: scrapeSeconds)
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    scrapeCount = scraper.stop()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 || process.terminationStatus == 3 else {
      throw BenchmarkError.childFailed(command: "drill-once", status: process.terminationStatus)
    }
    figures = try JSONDecoder().decode(DrillOnce.Figures.self, from: data)
    instructionCount = counting ? try Callgrind.count(inLogFile: counts) : 0
  }
}

/// Asks for a page again and again.
final class Scraper: @unchecked Sendable {
  // Sendable: the count is touched by the scraper's thread until that has ended, and then by whoever stopped it.
  private let stopping = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private var count = 0

  /// - Parameter address: of a server; empty for nothing to ask.
  init(_ address: String, everySeconds seconds: Double) {
    Thread.detachNewThread { [self] in
      defer { ended.signal() }
      guard let url = URL(string: address + "metrics"), !address.isEmpty else { return }
      repeat {
        if let page = try? Data(contentsOf: url), !page.isEmpty { count += 1 }
      } while stopping.wait(timeout: .now() + seconds) == .timedOut
    }
  }

  /// Ends it; returns how many answers came.
  func stop() -> Int {
    stopping.signal()
    ended.wait()
    return count
  }
}

/// Debian's valgrind, where it is installed.
enum Callgrind {
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind") }

  static func words(logFile: String) -> [String] {
    ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file=\(logFile)"]
  }

  /// What it has counted.
  static func count(inLogFile path: String) throws -> Int {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    guard let line = lines.last(where: { $0.contains("Collected :") }),
      let count = line.split(separator: " ").last.flatMap({ Int($0) })
    else { throw BenchmarkError.childFailed(command: "callgrind", status: 0) }
    return count
  }
}
