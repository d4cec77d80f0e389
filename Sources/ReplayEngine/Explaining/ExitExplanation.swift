/// What an exit status means and what to do about it: the runbook's failure handling in this program's words.
struct ExitExplanation {
  /// One thing to do, and the command that does it where one does.
  struct Action {
    let sentence: String
    var command: String?
  }

  /// In a few words.
  let title: String
  let meaning: String
  let verbs: [String]
  /// The steps of the runbook that have failed with this status.
  var runbookSteps: [Int] = []
  let actions: [Action]
  /// Nil where the runbook names nobody.
  var escalation: Escalation?
}

/// Whom the runbook has paged.
struct Escalation {
  let severity: String
  /// When, of all that the status may mean.
  let occasion: String
  let teams: [String]
  let channel: String
  let measure: String

  /// A partial replay.
  static let warning = Escalation(
    severity: "warning", occasion: "entries were not applied", teams: ["Backend"], channel: "#qfs-backend-alerts",
    measure: "investigate the entries that were not applied; replay what can be replayed")
  /// A deterministic mismatch.
  static let critical = Escalation(
    severity: "critical", occasion: "a replay diverged", teams: ["SRE/Infra", "Backend"],
    channel: "#qfs-critical-alerts",
    measure: "halt all storage operations; begin full disaster recovery")
}

extension ExitExplanation.Action {
  init(_ sentence: String, _ command: String? = nil) {
    self.sentence = sentence
    self.command = command
  }
}
