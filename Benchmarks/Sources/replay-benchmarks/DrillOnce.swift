internal import ArgumentParser
internal import Foundation
internal import ReplayEngine
internal import Synchronization

/// One drill in a process of its own.
struct DrillOnce: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Drills one log without a sequential run and prints what that took.", shouldDisplay: false)

  struct Figures: Codable {
    /// Wall time of the drill.
    let seconds: Double
    /// Its result document.
    let document: String

    var result: ReplayFigures { get throws { try ReplayFigures(Array(document.utf8)) } }
  }

  @Argument var log: String
  @Argument var folder: String
  @Option var workers = 1
  @Flag(help: "With metrics, progress, and a server that is told of on the error stream.")
  var watched = false

  func run() async throws {
    let start = ContinuousClock.now
    var arguments = DrillArguments(folder: folder)
    arguments.replaces = true
    let report =
      if watched {
        try await drillWatched(arguments)
      } else {
        try await Drill(options, arguments, services: Services()).run()
      }
    let seconds = (ContinuousClock.now - start).seconds
    let figures = Figures(seconds: seconds, document: String(decoding: report.json, as: UTF8.self))
    FileHandle.standardOutput.write(try JSONEncoder().encode(figures))
  }

  private var options: ReplayOptions {
    get throws { try ReplayOptions(Engine.parallel(workers: workers).arguments(log)) }
  }

  private func drillWatched(_ arguments: DrillArguments) async throws -> Report {
    let options = try options
    var arguments = arguments
    arguments.metricsFile = "\(folder)/metrics.prom"
    let watch = ProgressWatch()
    var services = Services()
    services.onPlan = { watch.plan($0) }
    services.onProgress = { watch.note($0) }
    let serving = try await LiveServing("127.0.0.1:0", target: arguments.target, options)
    Notice.show(serving.url)
    return try await serving.during(services) { [arguments] (services) throws(ReplayFailure) in
      try await Drill(options, arguments, services: services).run()
    }
  }
}

/// Follows a run as the command line's progress does.
private final class ProgressWatch: Sendable {
  private let start = ContinuousClock.now
  private let progress = Mutex(RunProgress())

  func plan(_ steps: [PlannedStep]) { progress.withLock { $0.plan(steps) } }

  func note(_ news: ReplayEngine.Progress) {
    let elapsed = ContinuousClock.now - start
    progress.withLock { $0.note(news, at: elapsed) }
  }
}
