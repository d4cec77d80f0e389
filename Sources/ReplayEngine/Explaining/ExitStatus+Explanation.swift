extension ExitStatus {
  /// The table behind `explain`: one case a status.
  var explanation: ExitExplanation {
    switch self {
    case .done: .done
    case .diverged: .diverged
    case .failure: .failure
    case .degraded: .degraded
    case .damaged: .damaged
    case .evidenceFailed: .evidenceFailed
    case .precondition: .precondition
    case .usage: .usage
    case .interrupted: .ended(by: "SIGINT (Ctrl-C)")
    case .terminated: .ended(by: "SIGTERM or SIGHUP")
    }
  }
}

extension ExitExplanation {
  private static let everyVerb = ["every verb"]
  private static let replaying = ["drill", "serve", "replay", "verify", "golden", "export", "prove", "reconcile"]

  fileprivate static let done = ExitExplanation(
    title: "done",
    meaning:
      "the work is done, and every comparison that was asked for was equal; a replay that was asked for none says "
      + "NOT_COMPARED and claims nothing",
    verbs: everyVerb, actions: [])

  fileprivate static let diverged = ExitExplanation(
    title: "the answer is no",
    meaning:
      "a comparison was unequal: with the recorded events, a sequential run, a golden trace, or the root or hash that was "
      + "expected; or a line of the accept list accepted nothing, evidence or a proof does not hold, two traces, snapshots or a "
      + "mirror differ, a program is slower or costs more than another beyond a threshold, or nothing has that name; the same "
      + "input gives it again",
    verbs: replaying + [
      "stress", "bisect", "diff", "evidence verify", "evidence show", "report", "check-proof", "restore",
      "bench run", "bench compare", "bench gate",
    ],
    runbookSteps: [4],
    actions: [
      Action(
        "find the first entry that differs from a golden trace",
        "eqm-replay bisect LOG --golden TRACE --repro small.eqm"),
      Action("look at the entries that the result names", "eqm-replay inspect LOG --entries ORDINAL"),
      Action(
        "see whether any schedule gives another result: then the fault is this program's", "eqm-replay stress LOG"),
      Action(
        "make sure that the log is what it was, and that the expected value is of this log", "eqm-replay check LOG"),
      Action(
        "what is known and accepted is listed with its reason",
        "eqm-replay drill LOG --accept known.jsonl --out evidence/"),
    ],
    escalation: .critical)

  fileprivate static let failure = ExitExplanation(
    title: "failure",
    meaning:
      "input cannot be opened or read, output cannot be written, PostgreSQL cannot be reached, or the program failed; "
      + "unless it was only the result that could not be printed, nothing is known of the log",
    verbs: everyVerb,
    actions: [
      Action("look at the path and its permissions", "ls -l LOG"),
      Action("look for room on the disk of the target and of TMPDIR", "df -h"),
      Action("replay a copy that nothing writes to, if the log changed while it was read"),
      Action("then run the same command again"),
    ])

  fileprivate static let degraded = ExitExplanation(
    title: "degraded",
    meaning:
      "finished, but WARNED: entries were rejected or of unknown type, something was accepted or salvaged, or the log is "
      + "empty; or a drill compared nothing",
    verbs: replaying + ["check", "restore"], runbookSteps: [3],
    actions: [
      Action(
        "list the entries that were not applied, with their text", "eqm-replay replay LOG --rejects rejects.jsonl"),
      Action("look at one of them, and at what is around it", "eqm-replay inspect LOG --entries ORDINAL"),
      Action(
        "entries of unknown type: see whether a newer version knows them, and under which constants the log was made"),
      Action(
        "a drill that compared nothing: leave out --no-sequential, or give it something",
        "eqm-replay drill LOG --golden TRACE"),
      Action(
        "what is known and accepted is listed with its reason",
        "eqm-replay drill LOG --accept known.jsonl --out evidence/"),
    ],
    escalation: .warning)

  fileprivate static let damaged = ExitExplanation(
    title: "the log is damaged",
    meaning:
      "what was opened is no log, snapshot or document of a benchmark, or it is cut, damaged or has parts missing, or "
      + "--until-epoch names an epoch that "
      + "never comes; nothing was published but the evidence and metrics of a drill, and of a restore every content that is whole",
    verbs: ["every verb that reads a log or a snapshot", "bench compare", "bench gate"], runbookSteps: [3],
    actions: [
      Action("see what is damaged, and where", "eqm-replay check LOG"),
      Action("look for another copy, and compare its SHA256SUMS"),
      Action("see whether the name fits the form: .json is an array, .jsonl is lines, .lz4 is the LZ4 frame format"),
      Action("replay what an archive still has", "eqm-replay replay ARCHIVE --salvage --rejects lost.jsonl"),
      Action("take the contents that are whole out of it", "eqm-replay restore ARCHIVE -o restored/"),
    ],
    escalation: .warning)

  fileprivate static let evidenceFailed = ExitExplanation(
    title: "evidence not written",
    meaning:
      "the work is done and its result was printed, but evidence, metrics or the page of a report could not be written",
    verbs: ["drill", "report"], runbookSteps: [5],
    actions: [
      Action("see who may write to the folder", "ls -ld FOLDER"), Action("look for room on its disk", "df -h FOLDER"),
      Action(
        "then run the drill again: evidence is not made from a printed result", "eqm-replay drill LOG --out FOLDER"),
    ])

  fileprivate static let precondition = ExitExplanation(
    title: "precondition",
    meaning:
      "found before any work: no room, a target that cannot be written or is there already, or a key, resume point, accept "
      + "list, golden trace or earlier evidence that does not fit; nothing was done",
    verbs: ["every verb that writes, serves, or compares with a file"], runbookSteps: [1, 5],
    actions: [
      Action("change what the message names: it says which file or folder, and why"),
      Action("a target that is there is replaced only by --force"),
      Action("look for room on the disk of the target and of TMPDIR", "df -h"),
      Action(
        "a golden trace that was recorded under other options is recorded again", "eqm-replay golden LOG -o TRACE"),
    ])

  fileprivate static let usage = ExitExplanation(
    title: "usage",
    meaning:
      "the command line, the environment (EQM_REPLAY_…) or the configuration file cannot be understood, or asks for what "
      + "this version does not have; nothing was done",
    verbs: everyVerb,
    actions: [Action("read what the verb takes", "eqm-replay help VERB")])

  fileprivate static func ended(by signal: String) -> ExitExplanation {
    ExitExplanation(
      title: "interrupted",
      meaning: "ended by \(signal); what is on disk is a valid resume point, whole files of a restore, or nothing",
      verbs: everyVerb,
      actions: [
        Action("run the same command again"),
        Action(
          "go on from the last resume point, if the replay kept one",
          "eqm-replay replay ARCHIVE --checkpoint-dir FOLDER --resume"),
      ])
  }
}
