internal import Foundation
internal import FoundationNetworking

/// A drill that was run in a process of its own, with or without all that watches it.
struct WatchedDrill {
  let figures: DrillOnce.Figures
  /// How often its metrics were asked for.
  let scrapeCount: Int

  /// Runs it.
  ///
  /// - Parameter folder: for evidence and metrics, which are removed.
  init(_ log: String, workers: Int, isWatched: Bool, in folder: String) throws {
    let scratch = "\(folder)/operations-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["drill-once", log, scratch, "--workers=\(workers)"] + (isWatched ? ["--watched"] : [])
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    if isWatched { process.standardError = errors }
    try process.run()
    // The first line is where it serves.
    let told = isWatched ? String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self) : ""
    let scraper = Scraper(told.trimmingCharacters(in: .newlines))
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    scrapeCount = scraper.stop()
    process.waitUntilExit()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw BenchmarkError.childFailed(command: "drill-once", status: process.terminationStatus)
    }
    figures = try JSONDecoder().decode(DrillOnce.Figures.self, from: data)
  }
}

/// Asks for a page every second.
final class Scraper: @unchecked Sendable {
  // Sendable: the count is touched by the scraper's thread until that has ended, and then by whoever stopped it.
  private let stopping = DispatchSemaphore(value: 0)
  private let ended = DispatchSemaphore(value: 0)
  private var count = 0

  /// - Parameter address: of a server; empty for nothing to ask.
  init(_ address: String) {
    Thread.detachNewThread { [self] in
      defer { ended.signal() }
      guard let url = URL(string: address + "metrics"), !address.isEmpty else { return }
      repeat {
        if let page = try? Data(contentsOf: url), !page.isEmpty { count += 1 }
      } while stopping.wait(timeout: .now() + 1) == .timedOut
    }
  }

  /// Ends it; returns how many answers came.
  func stop() -> Int {
    stopping.signal()
    ended.wait()
    return count
  }
}
