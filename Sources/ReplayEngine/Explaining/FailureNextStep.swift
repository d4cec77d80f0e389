internal import LogReading

extension ReplayFailure {
  /// What to do about it, for people; nil where the sentence of the failure says that itself.
  ///
  /// - Parameters:
  ///   - verb: as typed.
  ///   - log: the log as it was named; nil for a verb without one.
  public func next(verb: String, log: String?) -> String? {
    let word = ShellWord.word(log ?? "", or: "LOG")
    switch self {
    case .usage: return "\(Program.name) help \(verb)"
    case .log(let failure): return failure.next(verb, word)
    case .precondition: return "nothing was done: change what is named there, and run the same command again"
    case .output: return "make room or choose another target (df -h), and run the same command again"
    case .input: return "see that it is there and may be read, and run the same command again"
    case .snapshot: return "write the snapshot anew from the log: \(Program.name) export \(word) --to sqlite -o FILE"
    case .benchmark(let failure): return failure.next
    case .logChanged: return nil
    case .also(let failure, _): return failure.next(verb: verb, log: log)
    }
  }
}

extension LogFailure {
  fileprivate func next(_ verb: String, _ log: String) -> String? {
    switch error.reason {
    case .interrupted: "run the same command again; a replay that keeps resume points goes on by --resume"
    case .cannotOpen, .isFolder, .cannotRead: "ls -ld \(log)"
    case .outOfMemory: "end other programs, or give the machine more memory, and run the same command again"
    case .epochMissing: "\(Program.name) inspect \(log) --stats"
    // Nothing says more than `check`, which has just spoken.
    case .archive where verb == "check":
      "look for another copy; \(Program.name) replay \(log) --salvage replays what is left"
    case _ where verb == "check": "look for another, complete copy"
    default: "\(Program.name) check \(log)"
    }
  }
}
