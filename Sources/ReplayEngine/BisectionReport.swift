internal import DivergenceSearch
internal import GoldenTrace
internal import LogReading
internal import ReplayEvidence
internal import StorageProtocol

/// What `bisect` has to say.
struct BisectionReport {
  /// An archive that shows the divergence again.
  struct Reproduction {
    let path: String
    let entryCount: Int
    /// Whether it is the log up to where the difference shows: nothing less is known to show it.
    let isWholePrefix: Bool
    /// Whether it was opened and showed the same.
    let isEqual: Bool
  }

  var divergence: DivergenceExplanation?
  /// Where state and event log are the same: the first other difference, as of what became of entries.
  var other: Comparisons.FirstDivergence?
  /// The first entry that differs, without an effect that was seen.
  var firstEntry: Ordinal?
  var reproduction: Reproduction?
  private var roots: [(name: String, expected: JSONValue, actual: JSONValue)] = []
  private var logDigests: (expected: Digest?, actual: Digest?)?
  private var checkpoint: JSONValue = .null
  /// Whether a live engine recorded the golden run: nobody computed a state of it.
  private var isRecorded = false
  /// Whether the log is a reproduction.
  private var isReproduction = false

  /// Of a log that was replayed beside a trace.
  init(_ trace: TraceReader, _ run: ReplayRun) {
    isRecorded = trace.header.isRecorded
    logDigests = (trace.result.logSHA256, run.extent.sha256)
    let expected = trace.result.part("commitment")
    roots = run.result.roots.json.members.map { member in
      let name = String(decoding: member.key, as: UTF8.self)
      return (name, expected?[name] ?? .null, member.value)
    }
    for (place, ours) in run.result.checkpoints.enumerated() where place < trace.checkpoints.count {
      guard checkpoint.isNull, ours.json.differsInState(from: trace.checkpoints[place]) else { continue }
      checkpoint = .members([
        "index": .integer(place), "expected": .object(trace.checkpoints[place]), "actual": .object(ours.json),
      ])
    }
  }

  /// Of a reproduction.
  init(reproduced divergence: DivergenceExplanation) {
    self.divergence = divergence.differs ? divergence : nil
    isReproduction = true
  }

  var report: Report {
    Report(status: divergence == nil ? .done : .diverged, json: json, text: lines)
  }

  // MARK: JSON

  private var json: JSONValue {
    .members([
      "schema": .text("eqm-replay/bisect/1"), "equal": .boolean(divergence == nil),
      "divergence": divergence.map { .object($0.json) } ?? .null,
      "roots": .object(
        JSONObject(
          roots.map { root in
            (Array(root.name.utf8), .members(["expected": root.expected, "actual": root.actual]))
          })),
      "first_checkpoint": checkpoint, "other": otherJSON,
      "first_entry_without_effect": firstEntry.map { .integer($0.value) } ?? .null,
      "state_compared": .boolean(!isRecorded && !isReproduction), "log_digests": digestsJSON,
      "reproduction": reproductionJSON,
    ])
  }

  private var otherJSON: JSONValue {
    guard let other else { return .null }
    return .members([
      "field": .text(other.field), "expected": other.expected ?? .null, "actual": other.actual ?? .null,
    ])
  }

  private var digestsJSON: JSONValue {
    guard let logDigests else { return .null }
    return .members([
      "expected": logDigests.expected.map(JSONValue.hexadecimal) ?? .null,
      "actual": logDigests.actual.map(JSONValue.hexadecimal) ?? .null,
      "equal": digestsAreEqual.map(JSONValue.boolean) ?? .null,
    ])
  }

  private var digestsAreEqual: Bool? {
    guard let expected = logDigests?.expected, let actual = logDigests?.actual else { return nil }
    return expected == actual
  }

  private var reproductionJSON: JSONValue {
    guard let reproduction else { return .null }
    return .members([
      "path": .text(reproduction.path), "entries": .integer(reproduction.entryCount),
      "whole_prefix": .boolean(reproduction.isWholePrefix),
      "shows_the_same": .boolean(reproduction.isEqual),
    ])
  }

  // MARK: Text

  private var lines: [String] {
    guard let divergence else { return equalLines }
    let json = divergence.json
    var lines = [
      ResultText.row("divergence", place(json)), ResultText.row("why", divergence.reason),
    ]
    for side in ["expected", "actual"] {
      let isUnknown = side == "expected" && json["precision"] != .text("entry")
      lines.append(
        ResultText.row(side, json[side]?.objectValue.map(entry) ?? (isUnknown ? "not in the trace" : "nothing")))
    }
    for name in ["epoch", "object_id", "version", "node_id", "event_index", "block"] {
      if let value = json[name], !value.isNull { lines.append(ResultText.row(name, text(value))) }
    }
    lines += differences(json, "fields") + differences(json, "state")
    if let shows = json["shows_at"]?.objectValue {
      lines.append(
        ResultText.row(
          "shows at", "\(text(shows["at"])), ordinal \(text(shows["ordinal"])): \(text(shows["field"]))"))
      lines += values(shows)
    }
    return lines + reproductionLines
  }

  private func place(_ json: JSONObject) -> String {
    let ordinal = text(json["ordinal"])
    return switch json["precision"]?.stringBytes.map({ String(decoding: $0, as: UTF8.self) }) {
    case "entry": "entry \(ordinal) (in the golden run \(text(json["golden_ordinal"])))"
    case "event":
      json["ordinal"]?.isNull == false
        ? "first seen at the event of entry \(ordinal)" : "first seen behind the log's last event"
    case "block": "first seen in the block of events that starts at entry \(ordinal)"
    case "checkpoint": "first seen at the checkpoint behind entry \(ordinal)"
    default: "first seen at the log's end"
    }
  }

  /// What a side made of the entry, in a line.
  private func entry(_ side: JSONObject) -> String {
    side.members.filter { $0.key != Array("call".utf8) }.map { member in
      "\(String(decoding: member.key, as: UTF8.self)) \(text(member.value))"
    }.joined(separator: ", ")
  }

  private func differences(_ json: JSONObject, _ list: String) -> [String] {
    (json[list]?.elements ?? []).compactMap(\.objectValue).flatMap { item in
      let node = item["node_id"].map { $0.isNull ? "" : "node \(text($0)) " } ?? ""
      let origin = item["origin"].map { " (\(text($0)))" } ?? ""
      return [ResultText.row(list == "state" ? "state" : "field", node + text(item["field"]) + origin)] + values(item)
    }
  }

  private func values(_ item: JSONObject) -> [String] {
    [ResultText.row("  expected", text(item["expected"])), ResultText.row("  actual", text(item["actual"]))]
  }

  private func text(_ value: JSONValue?) -> String { (value ?? .null).shown }

  private var equalLines: [String] {
    guard !isReproduction else {
      return [
        ResultText.row("divergence", "no divergence: the entries of the reproduction are those of the golden run")
      ]
    }
    var lines = [
      ResultText.row(
        "divergence",
        isRecorded
          ? "no divergence: the events are those that were recorded; of the state nobody knows"
          : "no divergence: state and event log are those of the golden run")
    ]
    if let other {
      lines.append(
        ResultText.row(
          "besides", "\(other.field) is \(text(other.actual)), \(text(other.expected)) in the golden run"))
    }
    if let firstEntry {
      lines.append(
        ResultText.row("first entry", "\(firstEntry.value) is the first that differs, without effect on these"))
    }
    switch digestsAreEqual {
    case true?: lines.append(ResultText.row("logs", "the logs' digests are equal"))
    case false?: lines.append(ResultText.row("logs", "the logs' digests differ: what differs in them changes neither"))
    case nil: lines.append(ResultText.row("logs", "the trace does not name its log's digest"))
    }
    return lines
  }

  private var reproductionLines: [String] {
    guard let reproduction else { return [] }
    var check = reproduction.isEqual ? "it shows the same" : "IT DOES NOT SHOW THE SAME"
    if reproduction.isWholePrefix { check += "; it is the log up to there: some entries alone would not" }
    return [ResultText.row("reproduction", "\(reproduction.path), \(reproduction.entryCount) entries: \(check)")]
  }
}

extension DivergenceExplanation {
  /// What must be the same in a reproduction: everything but the place in the text.
  var comparable: JSONValue {
    .object(JSONObject(json.members.filter { $0.key != Array("byte_offset".utf8) }.map { ($0.key, $0.value) }))
  }
}

extension JSONObject {
  /// Whether a checkpoint differs in anything but its place in the log.
  fileprivate func differsInState(from other: JSONObject) -> Bool {
    members.contains { member in
      member.key != Array("ordinal".utf8) && other[String(decoding: member.key, as: UTF8.self)] != member.value
    }
  }
}
