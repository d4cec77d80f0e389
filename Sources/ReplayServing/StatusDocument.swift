internal import ReplayEvidence
internal import ReplayMetrics
internal import StorageProtocol

/// The page `/status`: one JSON document, `eqm-replay/status/1`.
///
/// It tells of the run that is going, or of the last one, and in short of every run.
struct StatusDocument {
  private let runs: ServedRuns

  init(_ runs: ServedRuns) { self.runs = runs }

  var json: JSONObject {
    let run = runs.current
    var json = JSONObject([
      "schema": .text("eqm-replay/status/1"), "version": .text(runs.build.version), "state": .text(state),
      "target": .text(run.target), "log": .text(run.log),
    ])
    StatusDocument.add(run.progress, to: &json)
    StatusDocument.add(run.end, to: &json)
    json.add("runs", .array(runs.runs.map { .object(StatusDocument.summary(of: $0)) }))
    return json
  }

  /// Of all runs: one that is to come counts as running.
  private var state: String {
    if runs.isRunning { return "running" }
    return runs.runs.contains { StatusDocument.state(of: $0) == "failed" } ? "failed" : "done"
  }

  private static func state(of run: ServedRun) -> String {
    switch run.phase {
    case .waiting: "waiting"
    case .running: "running"
    // One without a verdict came to no result.
    case .ended(let end, _): end.verdict == nil ? "failed" : "done"
    }
  }

  private static func summary(of run: ServedRun) -> JSONObject {
    var json = JSONObject(["target": .text(run.target), "log": .text(run.log), "state": .text(state(of: run))])
    add(run.end, to: &json)
    return json
  }

  private static func add(_ end: ServedEnd?, to json: inout JSONObject) {
    json.add("verdict", end?.verdict.map(JSONValue.text) ?? .null)
    json.add("exit_status", end.map { .integer($0.exitStatus) } ?? .null)
    json.add("problems", .array((end?.problems ?? []).map(JSONValue.text)))
  }

  private static func add(_ progress: ServedProgress?, to json: inout JSONObject) {
    let members: KeyValuePairs<String, JSONValue> = [
      "started": progress.map { .text($0.start.iso8601) } ?? .null,
      "elapsed_seconds": progress?.elapsed.secondsJSON ?? .null,
      "remaining_seconds": progress?.remaining?.secondsJSON ?? .null,
      "fraction": progress?.fractionMillionths.map { .number(Array(Decimal.millionths($0).utf8)) } ?? .null,
      "step": progress?.step.map(JSONValue.text) ?? .null,
      "entries": progress.map { .integer($0.entries) } ?? .null,
      "bytes_read": progress.map { .integer($0.bytesRead) } ?? .null,
      "stored_bytes": progress?.storedBytes.map(JSONValue.integer) ?? .null,
      "entries_per_second": progress?.entriesPerSecond.map(JSONValue.integer) ?? .null,
      "bytes_per_second": progress?.bytesPerSecond.map(JSONValue.integer) ?? .null,
      "workers": progress?.workers.map(JSONValue.integer) ?? .null,
      "steps": .array((progress?.steps ?? []).map(step)),
    ]
    for (name, value) in members { json.add(name, value) }
  }

  private static func step(_ step: ServedProgress.Step) -> JSONValue {
    .members([
      "name": .text(step.name), "state": .text(step.state.rawValue), "seconds": step.elapsed.secondsJSON,
      "entries": .integer(step.entries), "bytes_read": .integer(step.bytesRead),
    ])
  }
}
