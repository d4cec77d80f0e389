internal import ArgumentParser
internal import ReplayEngine

/// What a verb takes whose run can be looked at while it goes.
struct ServingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Show how the run goes while it goes: pages at this address and port, /metrics among them; port 0 for any that is free. \
      Addresses other than this machine's own are open to whoever reaches them.
      """, valueName: "address:port"))
  var listen: String?

  /// Runs `body`, and serves meanwhile if that is asked for.
  ///
  /// - Parameter target: the name of the run in metrics.
  func during(
    _ options: ReplayOptions, target: String, _ shared: SharedOptions, _ services: Services,
    _ body: (Services) async throws(ReplayFailure) -> Report
  ) async throws(ReplayFailure) -> Report {
    guard let listen else { return try await body(services) }
    let serving = try await LiveServing(listen, target: target, options)
    ServingOptions.tell(serving.url, asked: listen, shared)
    return try await serving.during(services, body)
  }

  /// Says where pages are: unless nothing is to be said, and it is known.
  static func tell(_ url: String, asked listen: String, _ shared: SharedOptions) {
    guard !shared.quiet || listen.hasSuffix(":0") else { return }
    Output.complain("serving \(url)")
  }
}

struct ServeCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Replays logs, and shows by HTTP how that goes and what came of it.",
    discussion: """
      Each log is drilled without evidence, one after the other; then the pages stay until a signal comes: / for people,
      /metrics for Prometheus, /status in JSON, /healthz. What came of all of them is printed then, and the exit status is
      that of the worst.
      """)

  @Argument(
    help: ArgumentHelp(
      "Logs, as any verb takes them; of several, NAME=LOG gives the name in metrics, else the file's up to its first point.",
      valueName: "log"), completion: .file())
  var logs: [String]

  @Option(help: ArgumentHelp("Where the pages are; port 0 for any that is free.", valueName: "address:port"))
  var listen = ServeArguments.usualAddress

  @Option(help: ArgumentHelp("The name of a single log in metrics; storage if not given.", valueName: "name"))
  var target: String?

  @OptionGroup var content: ContentOptions
  @OptionGroup var parallel: ParallelOptions
  @OptionGroup var shared: SharedOptions

  @Option(help: ArgumentHelp("A golden trace to compare a single log with.", valueName: "file"), completion: .file())
  var golden: String?

  @Flag(help: "Do not cross-check by sequential runs.")
  var noSequential = false

  @OptionGroup var acceptance: AcceptOptions

  @Option(help: ArgumentHelp("The success ratio below which replay counts as degraded.", valueName: "ratio"))
  var threshold = "0.95"

  func report(_ services: Services) async throws(ReplayFailure) -> Report {
    var arguments = parallel.arguments(content.arguments(""))
    arguments.golden = golden
    arguments.crossCheck = !noSequential
    arguments.accept = acceptance.accept
    arguments.threshold = threshold
    var serve = ServeArguments(logs: logs)
    serve.listen = listen
    serve.target = target
    let verb = try await Serve(serve, arguments, services: services)
    ServingOptions.tell(verb.url, asked: listen, shared)
    return try await verb.run()
  }
}
