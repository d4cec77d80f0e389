internal import ArgumentParser
internal import Glibc
internal import ReplayEngine

/// Parses the command line, runs the verb, prints, and ends with the status of cli.md.
@main
enum Main {
  static func main() {
    Signals.install()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ typed: [String]) -> ExitStatus {
    do {
      let arguments = try Settings(typed, environment: Settings.processEnvironment).arguments
      if let missing = FutureVersions.first(in: arguments) {
        return fail(UsageMessage(description: "\(missing): not in this version"), .usage)
      }
      return perform(try EqmReplay.parseAsRoot(arguments))
    } catch let error as SettingsError {
      return fail(error, error.status)
    } catch {
      return explain(error)
    }
  }

  private static func perform(_ command: any ParsableCommand) -> ExitStatus {
    guard let verb = command as? any Verb else {
      Output.complain(EqmReplay.helpMessage())
      return .usage
    }
    let progress = ProgressLine(verb.shared)
    do {
      let report = try verb.report(Main.services(progress))
      progress.finish()
      for warning in report.warnings { Output.complain("warning: \(warning)") }
      let text = verb.shared.json ? report.json : Array(report.text.utf8)
      return Output.write(text) ? report.status : fail(UsageMessage(description: "cannot write the result"), .failure)
    } catch {
      progress.finish()
      return fail(error, error.status(whenInterrupted: Signals.status))
    }
  }

  private static func services(_ progress: ProgressLine) -> Services {
    var services = Services()
    services.isInterrupted = { Signals.isPending }
    services.onProgress = { progress.show($0) }
    if let folder = getenv("TMPDIR") { services.temporaryFolder = String(cString: folder) }
    return services
  }

  /// Prints what the argument parser has to say: help and the version on standard output, complaints on the other.
  private static func explain(_ error: any Error) -> ExitStatus {
    let text = EqmReplay.fullMessage(for: error)
    guard EqmReplay.exitCode(for: error) == .success else {
      Output.complain(text)
      return .usage
    }
    return Output.write(Array((text + "\n").utf8)) ? .done : .failure
  }

  private static func fail(_ error: some CustomStringConvertible, _ status: ExitStatus) -> ExitStatus {
    Output.complain("error: \(error.description)")
    return status
  }
}

/// A sentence about the command line.
struct UsageMessage: CustomStringConvertible {
  let description: String
}
