internal import LogReading
internal import StorageProtocol

/// A replay as it is typed, for the commands that advice names: they are to be about the same entries.
struct TypedReplay {
  /// The log alone.
  let log: String
  /// The log, and the options that decide what its entries mean.
  let entries: String
  /// Those, and the options that decide which of them are replayed.
  let replay: String
  let golden: String

  init(_ options: ReplayOptions) {
    log = ShellWord.word(options.source.name, or: "LOG")
    golden = ShellWord.word(options.verification.goldenPath ?? "", or: "TRACE")
    var entries = log
    if options.hasProfile { entries += " --profile \(options.configuration.profile.rawValue)" }
    if options.configuration.contentBytesMax != ReplayConfiguration().contentBytesMax {
      entries += " --max-content-size \(options.configuration.contentBytesMax)"
    }
    self.entries = entries
    var replay = entries
    if let path = options.acceptPath { replay += " --accept \(ShellWord.word(path, or: "FILE"))" }
    switch options.stop {
    case .end: break
    case .after(let epoch): replay += " --until-epoch \(epoch.value)"
    case .before(let ordinal): replay += " --until-ordinal \(ordinal.value)"
    }
    if options.salvages { replay += " --salvage" }
    self.replay = replay
  }
}
