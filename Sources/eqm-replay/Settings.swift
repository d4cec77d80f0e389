internal import ReplayEngine

/// Options from their three places: the command line, `EQM_REPLAY_…` in the environment, and the file `--config` names.
///
/// What the command line does not give is appended to it, so that there is one place where options are checked.
struct Settings {
  /// An option that may come from elsewhere, and the verbs that take it.
  private struct Option {
    let name: String
    let isFlag: Bool
    let verbs: Set<String>

    init(_ name: String, isFlag: Bool = false, verbs: Set<String>) {
      self.name = name
      self.isFlag = isFlag
      self.verbs = verbs
    }

    /// Whether a command line has the option already.
    func isGiven(in arguments: [String]) -> Bool {
      let short = (["quiet": "q", "verbose": "v", "output": "o"] as [String: Character])[name]
      return arguments.prefix { $0 != "--" }.contains { argument in
        if argument.hasPrefix("--") { return argument == "--\(name)" || argument.hasPrefix("--\(name)=") }
        guard argument.hasPrefix("-"), let short else { return false }
        // `-o`, `-o=path`, and flags together: `-qv`.
        return argument.prefix { $0 != "=" }.contains(short)
      }
    }

    /// `EQM_REPLAY_MAX_CONTENT_SIZE` for `max-content-size`.
    var environmentName: String {
      "EQM_REPLAY_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }
  }

  private static let every: Set<String> = [
    "drill", "replay", "golden", "verify", "stress", "inspect", "export", "pack", "unpack", "check", "generate",
    "evidence keygen", "evidence sign", "evidence verify", "evidence show", "prove", "check-proof", "bisect", "diff",
    "restore", "reconcile", "report", "serve", "explain", "bench run", "bench compare", "bench gate", "bench curves",
  ]
  /// Commands whose verb is their second word.
  private static let groups: Set<String> = ["evidence", "bench"]
  /// Verbs that read a log.
  private static let replaying = every.filter {
    !["generate", "check-proof", "diff", "report", "explain"].contains($0) && !$0.contains(" ")
  }
  private static let parallel: Set<String> = [
    "drill", "replay", "verify", "export", "pack", "check", "prove", "bisect", "restore", "reconcile",
    "serve",
  ]

  private static let options: [Option] = [
    Option("profile", verbs: replaying), Option("max-content-size", verbs: replaying),
    Option("progress", verbs: every), Option("json", isFlag: true, verbs: every),
    Option("quiet", isFlag: true, verbs: every), Option("verbose", isFlag: true, verbs: every),
    Option("expect-state-hash", verbs: ["drill"]), Option("expect-state-root", verbs: ["drill"]),
    Option("metrics-file", verbs: ["drill"]), Option("target", verbs: ["drill", "serve"]),
    Option("listen", verbs: ["drill", "replay", "serve"]),
    Option("out", verbs: ["drill"]), Option("threshold", verbs: ["drill", "serve", "bench compare", "bench gate"]),
    Option("sign", verbs: ["drill", "evidence sign", "prove"]),
    Option("previous", verbs: ["drill", "evidence verify"]),
    Option("key", verbs: ["evidence verify", "check-proof", "report"]), Option("archive", verbs: ["evidence verify"]),
    Option("algorithm", verbs: ["evidence keygen"]),
    Option(
      "force", isFlag: true,
      verbs: [
        "drill", "export", "golden", "pack", "unpack", "replay", "generate", "evidence keygen", "evidence sign",
        "prove", "bisect", "restore", "report", "bench run", "bench compare", "bench gate", "bench curves",
      ]),
    Option("workers", verbs: parallel.union(["stress", "evidence verify", "bench run"])),
    Option("partitions", verbs: parallel.union(["stress", "evidence verify"])),
    Option("accept", verbs: ["drill", "replay", "evidence verify", "serve"]),
    Option("state-out", verbs: ["drill", "replay"]), Option("snapshot", verbs: ["evidence verify"]),
    Option("rejects", verbs: ["replay"]),
    Option("golden", verbs: ["drill", "verify", "evidence verify", "bisect", "serve"]),
    Option("no-sequential", isFlag: true, verbs: ["drill", "serve"]),
    Option("detail", verbs: ["golden"]), Option("repro", verbs: ["bisect"]),
    Option("seeds", verbs: ["stress"]),
    Option("sequential", isFlag: true, verbs: ["replay"]), Option("verify", verbs: ["replay"]),
    Option("stats", isFlag: true, verbs: ["inspect"]), Option("to", verbs: ["export"]),
    Option(
      "output",
      verbs: [
        "export", "golden", "pack", "unpack", "generate", "evidence keygen", "evidence sign", "prove", "restore",
        "report", "bench run", "bench curves",
      ]),
    Option("origin", verbs: ["drill", "prove", "check-proof", "evidence keygen"]),
    Option("root", verbs: ["check-proof"]),
    Option("postgres", verbs: ["reconcile"]), Option("schema", verbs: ["reconcile"]),
    Option("from-root", verbs: ["check-proof"]),
    Option("level", verbs: ["pack", "generate"]),
    Option("segment-bytes", verbs: ["pack", "generate"]), Option("entries", verbs: ["generate", "inspect"]),
    Option("seed", verbs: ["generate"]), Option("workload", verbs: ["generate"]),
    Option("content-bytes", verbs: ["generate"]), Option("nodes", verbs: ["generate"]),
    Option("epoch-every", verbs: ["generate"]), Option("hot-percent", verbs: ["generate"]),
    Option("faults", isFlag: true, verbs: ["generate"]), Option("quick", isFlag: true, verbs: ["check"]),
    Option("program", verbs: ["bench run", "bench gate", "bench curves"]), Option("trace", verbs: ["bench run"]),
    Option("scale", verbs: ["bench run", "bench curves"]), Option("runs", verbs: ["bench run", "bench curves"]),
    Option("cache", verbs: ["bench run", "bench gate", "bench curves"]),
    Option("discard", isFlag: true, verbs: ["bench run", "bench curves"]),
    Option("markdown", isFlag: true, verbs: ["bench run"]),
    Option("github", verbs: ["bench run", "bench compare", "bench gate"]),
    Option("confidence", verbs: ["bench compare"]), Option("redraw", isFlag: true, verbs: ["bench curves"]),
    Option("baseline", verbs: ["bench gate"]), Option("record", isFlag: true, verbs: ["bench gate"]),
    Option("log", verbs: ["bench gate"]), Option("log-entries", verbs: ["bench gate"]),
    Option("no-ratios", isFlag: true, verbs: ["bench gate"]),
    Option("until-epoch", verbs: ["replay", "restore"]), Option("until-ordinal", verbs: ["replay", "restore"]),
    Option("checkpoint-dir", verbs: ["replay"]), Option("checkpoint-seconds", verbs: ["replay"]),
    Option("memory-limit", verbs: ["replay"]), Option("spill-dir", verbs: ["replay"]),
    Option("resume", isFlag: true, verbs: ["replay"]), Option("salvage", isFlag: true, verbs: ["replay", "restore"]),
  ]

  /// The command line with what the other places give.
  let arguments: [String]

  /// - Throws: a configuration file that cannot be read or is no JSON object of strings, numbers and flags; a name, in
  ///   it or in the environment, of an option that no verb has: a misspelt expectation must not go unnoticed.
  init(_ typed: [String], environment: [String: String]) throws(SettingsError) {
    guard let verb = Settings.verb(of: typed), Settings.every.contains(verb) else {
      arguments = typed
      return
    }
    let path = Settings.value(of: "--config", in: typed) ?? environment["EQM_REPLAY_CONFIG"]
    let file = try path.map { (path) throws(SettingsError) in try ConfigurationFile(path: path).values } ?? [:]
    try Settings.checkNames(environment: environment, file: file)
    var added: [String] = []
    for option in Settings.options where option.verbs.contains(verb) && !option.isGiven(in: typed) {
      guard let value = environment[option.environmentName] ?? file[option.name] else { continue }
      if !option.isFlag {
        added.append("--\(option.name)=\(value)")
      } else if try Settings.flag(value, option.name) {
        added.append("--\(option.name)")
      }
    }
    let end = typed.firstIndex(of: "--") ?? typed.endIndex
    arguments = typed[..<end] + added + typed[end...]
  }

  /// The verb of a command line: its first word, of a group two.
  private static func verb(of arguments: [String]) -> String? {
    let words = arguments.filter { !$0.hasPrefix("-") }
    return groups.contains(words.first ?? "") ? words.prefix(2).joined(separator: " ") : words.first
  }

  private static func checkNames(environment: [String: String], file: [String: String]) throws(SettingsError) {
    let names = Set(options.map(\.name))
    if let stranger = file.keys.sorted().first(where: { !names.contains($0) }) {
      throw SettingsError(
        status: .usage, description: "\(stranger), in the configuration file, is no option of this version")
    }
    let environmentNames = Set(options.map(\.environmentName) + ["EQM_REPLAY_CONFIG", "EQM_REPLAY_SIMD"])
    let given = environment.keys.filter { $0.hasPrefix("EQM_REPLAY_") }.sorted()
    if let stranger = given.first(where: { !environmentNames.contains($0) }) {
      throw SettingsError(
        status: .usage, description: "\(stranger), in the environment, is no option of this version")
    }
  }

  private static func flag(_ text: String, _ name: String) throws(SettingsError) -> Bool {
    switch text {
    case "1", "true": return true
    case "0", "false", "": return false
    default: throw SettingsError(status: .usage, description: "\(name) is true or false, not \(text)")
    }
  }

  private static func value(of option: String, in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if argument == option, index + 1 < arguments.count { return arguments[index + 1] }
      if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
    }
    return nil
  }
}

/// Options that cannot be had from where they should come.
struct SettingsError: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String
}
