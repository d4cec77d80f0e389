internal import ArgumentParser
internal import ReplayEngine

struct ReportCommand: Verb {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Makes an HTML page of evidence: one file, without scripts, to read and to print.",
    discussion: """
      Evidence that does not hold is not made into a page: exit status 1 and what is wrong. With --key its signature is checked
      too; without it the page says that nobody checked. The verdict does not change the exit status.
      """)

  @OptionGroup var shared: SharedOptions

  @Argument(help: "The evidence: a .json or .dsse.json.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("The public key whose signature is asked for.", valueName: "key"), completion: .file())
  var key: String?

  @Option(
    name: [.customShort("o"), .customLong("output")], help: ArgumentHelp("The page to write.", valueName: "path"),
    completion: .file())
  var output: String

  @Flag(help: "Replace an existing file.")
  var force = false

  func report(_ services: Services) throws(ReplayFailure) -> Report {
    try Reporting(path: file, key: key, output: output, replaces: force).run()
  }
}
