internal import ArgumentParser
internal import ReplayEngine

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures the program.", subcommands: [GateCommand.self])
}
