internal import ArgumentParser
internal import ReplayEngine

struct ExplainCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says what an exit status means, which verbs give it, and what to do.",
    discussion: "Without a status: all of them, in a line each.")

  @Argument(help: "The exit status.")
  var status: String?

  @OptionGroup var shared: SharedOptions

  func report(_ services: Services) throws(ReplayFailure) -> Report { try Explaining(status: status).run() }
}
