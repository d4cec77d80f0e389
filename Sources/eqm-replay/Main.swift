internal import ArgumentParser
internal import Glibc
internal import ReplayEngine

/// Parses the command line, runs the verb, prints, and ends with the status of cli.md.
@main
enum Main {
  static func main() async {
    StandardDescriptors.fill()
    Signals.install()
    exit(await run().rawValue)
  }

  private static func run() async -> ExitStatus {
    guard let typed = CommandLine.validArguments else {
      return fail(UsageMessage(description: "an argument is not UTF-8: rename the file"), .usage)
    }
    do {
      let arguments = try Settings(typed, environment: Settings.processEnvironment).arguments
      // Not the parser's: `prove` has an option of that name.
      if arguments == ["--version"] {
        return Output.write(Array("\(Program.name) \(Program.version)\n".utf8)) ? .done : .failure
      }
      return try await perform(EqmReplay.parseAsRoot(arguments))
    } catch let error as SettingsError {
      return fail(error, error.status)
    } catch {
      return explain(error)
    }
  }

  /// - Throws: what the argument parser has to say.
  private static func perform(_ command: any ParsableCommand) async throws -> ExitStatus {
    if let verb = command as? any Verb { return await perform(verb) }
    if let group = CommandGroups.all.first(where: { $0 == type(of: command) }) {
      Output.complain(EqmReplay.helpMessage(for: group))
      return .usage
    }
    guard command is EqmReplay else {
      var help = command
      try help.run()
      return .done
    }
    Output.complain(EqmReplay.helpMessage())
    return .usage
  }

  private static func perform(_ verb: any Verb) async -> ExitStatus {
    let progress = ProgressLine(verb.shared)
    ProgressThread.start(progress)
    do throws(ReplayFailure) {
      let report = try await verb.report(services(progress))
      let ended = progress.finish(withResult: true)
      return conclude(report, verb.shared, ended)
    } catch {
      _ = progress.finish(withResult: false)
      let status = error.status(whenInterrupted: Signals.status)
      return fail(error, status, next: error.next(verb: verb.name, log: verb.logName))
    }
  }

  /// Prints what a verb has to say: the result, and on the error stream what went wrong, what to do next, and what the steps took.
  private static func conclude(_ report: Report, _ options: SharedOptions, _ progress: RunProgress) -> ExitStatus {
    for problem in report.problems { complain(problem) }
    let text = options.json ? report.json : Array(Terminal.output.coloured(result: report.text).utf8)
    guard Output.write(text) else {
      let status = Signals.isPending ? Signals.status : .winner([report.status, .failure])
      return fail(UsageMessage(description: "the result could not be written to standard output"), status)
    }
    if report.status != .done, !options.quiet || !report.problems.isEmpty { suggest(report.next, report.status) }
    if options.showsSummary {
      for line in RunSummary(progress, stages: options.verbose ? report.stages : []).lines { Output.complain(line) }
    }
    return report.status
  }

  private static func services(_ progress: ProgressLine) -> Services {
    var services = Services()
    services.isInterrupted = { Signals.isPending }
    services.wakeDescriptor = Signals.wakeDescriptor
    services.onPlan = { progress.plan($0) }
    services.onProgress = { progress.note($0) }
    services.onIdle = { progress.idle() }
    services.simd = Settings.processEnvironment["EQM_REPLAY_SIMD"]
    if let folder = getenv("TMPDIR"), folder.pointee != 0 { services.temporaryFolder = String(cString: folder) }
    return services
  }

  /// Prints what the argument parser has to say: help and the version on standard output, complaints on the other.
  private static func explain(_ error: any Error) -> ExitStatus {
    let text = EqmReplay.fullMessage(for: error)
    guard EqmReplay.exitCode(for: error) == .success else {
      Output.complain(TerminalText.visible(text))
      return .usage
    }
    return Output.write(Array((text + "\n").utf8)) ? .done : .failure
  }

  private static func fail(
    _ error: some CustomStringConvertible, _ status: ExitStatus, next: String? = nil
  ) -> ExitStatus {
    complain(error.description)
    suggest(next, status)
    return status
  }

  private static func complain(_ problem: String) {
    Output.complain("\(Terminal.errors.coloured("error:", .red)) \(TerminalText.visible(problem))")
  }

  /// Says what to do about a status.
  private static func suggest(_ next: String?, _ status: ExitStatus) {
    let explanation = "\(Program.name) explain \(status.rawValue)"
    Output.complain("next: " + (next.map { "\($0) (\(explanation))" } ?? explanation))
  }
}

/// A sentence about the command line.
struct UsageMessage: CustomStringConvertible {
  let description: String
}

extension CommandLine {
  /// The arguments after the program's name; nil if one is not UTF-8 and so would name another file than was typed.
  static var validArguments: [String]? {
    var arguments: [String] = []
    for index in 1..<max(1, Int(argc)) {
      guard let bytes = unsafeArgv[index], let text = String(validatingCString: bytes) else { return nil }
      arguments.append(text)
    }
    return arguments
  }
}
