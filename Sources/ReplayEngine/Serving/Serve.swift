internal import Glibc
internal import LogReading
internal import ReplayServing
internal import StorageProtocol

/// What `serve` is told besides what is replayed.
public struct ServeArguments: Sendable {
  /// Logs, or `NAME=PATH` with the name of each in metrics.
  public var logs: [String]
  /// The name of a single log in metrics.
  public var target: String?
  /// Address and port.
  public var listen = ServeArguments.usualAddress

  /// Reached from this machine alone.
  public static let usualAddress = "127.0.0.1:9464"

  public init(logs: [String]) { self.logs = logs }
}

/// The verb `serve`: replays logs, one after the other, and shows by HTTP how that goes and what came of it, until it is told to
/// stop.
public struct Serve: Sendable {
  /// A log and how it is replayed.
  private struct Subject: Sendable {
    let name: ServedName
    let options: ReplayOptions
  }

  private let subjects: [Subject]
  private let board: RunBoard
  private let server: PageServer
  private let services: Services

  /// Listens from now on.
  ///
  /// - Parameter arguments: of every replay, whose log is another each.
  /// - Throws: `.usage`; `.precondition` for an address that cannot be had.
  public init(_ serve: ServeArguments, _ arguments: ReplayArguments, services: Services) async throws(ReplayFailure) {
    let names = try ServedName.names(of: serve.logs, target: serve.target)
    guard names.count == 1 || (arguments.golden == nil && arguments.accept == nil) else {
      throw ReplayOptions.usage("--golden and --accept are about one log: serve it alone")
    }
    var subjects: [Subject] = []
    for name in names {
      var arguments = arguments
      arguments.log = name.path
      subjects.append(Subject(name: name, options: try ReplayOptions(arguments)))
    }
    self.subjects = subjects
    board = RunBoard(subjects.map { RunBoard.Subject(target: $0.name.target, log: $0.options.source.name) })
    server = try await PageServer.listening(serve.listen, board)
    self.services = services
  }

  /// Where the pages are: `http://127.0.0.1:9464/`.
  public var url: String { server.url }

  /// Replays every log, whatever comes of the others, and then waits to be interrupted.
  ///
  /// - Returns: what came of all of them, with the status that wins.
  /// - Throws: `.log` where a replay is interrupted.
  public func run() async throws(ReplayFailure) -> Report {
    try await server.during { () throws(ReplayFailure) in try await replays() }
  }

  private func replays() async throws(ReplayFailure) -> Report {
    var told = services
    // How far all of them are together, nobody can tell before they are read.
    if subjects.count > 1 { told.onPlan = { _ in } }
    var ends: [ServedOutcome] = []
    for (number, subject) in subjects.enumerated() {
      let replay = ServedReplay(subject.options, target: subject.name.target)
      board.begin(number, at: services.now(), workers: subject.options.workers)
      let end = try await replay.run(board.watching(number, told))
      board.end(number, end.served, isComplete: end.isReplayed)
      ends.append(end)
    }
    services.onIdle()
    waitForInterruption()
    return report(ends)
  }

  private func waitForInterruption() {
    while !services.isInterrupted(), services.wakeDescriptor >= 0 {
      var wait = pollfd(fd: services.wakeDescriptor, events: Int16(POLLIN), revents: 0)
      if poll(&wait, 1, -1) > 0 { return }
    }
  }

  private func report(_ ends: [ServedOutcome]) -> Report {
    let runs = zip(subjects, ends).map { subject, end in
      JSONValue.members([
        "target": .text(subject.name.target), "log": .text(subject.options.source.name),
        "verdict": end.served.verdict.map(JSONValue.text) ?? .null, "exit_status": .integer(end.served.exitStatus),
        "problems": .array(end.served.problems.map(JSONValue.text)), "result": end.result,
      ])
    }
    let lines = zip(subjects, ends).flatMap { subject, end in
      let name = PrintableText.plain(Array(subject.name.target.utf8))
      return [ResultText.row(name, "\(end.served.verdict ?? "NONE") (exit status \(end.served.exitStatus))")]
        + end.served.problems.map { ResultText.row("", $0) }
    }
    return Report(
      status: .winner(ends.map(\.status)),
      json: .members(["schema": .text("eqm-replay/serve/1"), "runs": .array(runs)]), text: lines)
  }
}
