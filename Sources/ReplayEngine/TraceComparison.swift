internal import DivergenceSearch
internal import GoldenTrace
internal import ReplayEvidence
internal import StorageProtocol

/// The verb `diff`: what two golden traces, or two snapshots, say differently.
public struct TraceComparison: Sendable {
  private let first: String
  private let second: String
  private let services: Services

  /// - Parameters:
  ///   - first: path of a golden trace, of a recorded event log, or of a snapshot.
  ///   - second: of another one.
  public init(first: String, second: String, services: Services) {
    self.first = first
    self.second = second
    self.services = services
  }

  /// - Throws: `.precondition` for a file that is none of them, and for a snapshot and a trace; `.snapshot`, `.input`.
  public func run() throws(ReplayFailure) -> Report {
    switch (SnapshotInput.isSnapshot(first), SnapshotInput.isSnapshot(second)) {
    case (true, true): return try SnapshotComparison(first: first, second: second).run()
    case (false, false): break
    default:
      let (snapshot, other) = SnapshotInput.isSnapshot(first) ? (first, second) : (second, first)
      let sentence = "\(snapshot) is a snapshot, and \(other) is none: both are to be"
      throw .precondition(PreconditionFailure(description: sentence))
    }
    let options = try ReplayOptions(ReplayArguments(log: first))
    let traces = (try options.anyTrace(first, services), try options.anyTrace(second, services))
    let difference: TraceDifference
    do {
      difference = try TraceDifference(traces.0, traces.1)
    } catch {
      throw .precondition(PreconditionFailure(description: error.description))
    }
    let document = TraceDifferenceDocument(difference, traces.0, traces.1)
    return Report(status: difference.isEmpty ? .done : .diverged, json: document.json, text: document.lines)
  }
}

/// A difference of traces, as JSON and for people.
private struct TraceDifferenceDocument {
  private let difference: TraceDifference
  private let objects: [ObjectDifference]
  private let checkpoints: (first: JSONObject, second: JSONObject)?

  init(_ difference: TraceDifference, _ first: TraceReader, _ second: TraceReader) {
    self.difference = difference
    objects = ObjectDifference.all(in: difference)
    checkpoints = difference.firstCheckpoint.map { (first.checkpoints[$0], second.checkpoints[$0]) }
  }

  var json: JSONValue {
    .members([
      "schema": .text("eqm-replay/diff/1"), "equal": .boolean(difference.isEmpty),
      "options": .array(difference.options.map(JSONValue.text)), "first_checkpoint": checkpointJSON,
      "first_block": difference.firstBlock.map(JSONValue.integer) ?? .null,
      "first_entry": difference.firstEntry.map { .integer($0.value) } ?? .null,
      "events": .members([
        "only_in_first": .array(difference.onlyInFirst.map(\.json)),
        "only_in_first_count": .integer(difference.eventCounts.first),
        "only_in_second": .array(difference.onlyInSecond.map(\.json)),
        "only_in_second_count": .integer(difference.eventCounts.second),
      ]),
      "objects": .array(objects.map(\.json)), "shards": .array(objects.flatMap(\.shards)),
      "state": .array(difference.state.map(JSONValue.object)),
      "end": .array(
        difference.end.map { .members(["field": .text($0.field), "first": $0.first, "second": $0.second]) }),
    ])
  }

  private var checkpointJSON: JSONValue {
    guard let index = difference.firstCheckpoint, let checkpoints else { return .null }
    return .members([
      "index": .integer(index), "first": .object(checkpoints.first), "second": .object(checkpoints.second),
    ])
  }

  var lines: [String] {
    guard !difference.isEmpty else { return ["equal: the traces say the same of state, event log and entries"] }
    var lines: [String] = []
    for option in difference.options { lines.append(ResultText.row("option", "\(option) differs")) }
    if let index = difference.firstCheckpoint {
      lines.append(ResultText.row("checkpoint", "\(index) is the first that differs"))
    }
    if let block = difference.firstBlock { lines.append(ResultText.row("block", "\(block) is the first that differs")) }
    lines += events("only in first", difference.onlyInFirst, difference.eventCounts.first)
    lines += events("only in second", difference.onlyInSecond, difference.eventCounts.second)
    if let entry = difference.firstEntry {
      lines.append(ResultText.row("entry", "\(entry.value) is the first that differs"))
    }
    for object in objects { lines.append(ResultText.row("object", object.line)) }
    for item in difference.state
      + difference.end.map({ end in
        JSONObject(["field": .text(end.field), "expected": end.first, "actual": end.second])
      })
    {
      let node = item["node_id"].map { $0.isNull ? "" : "node \($0.shown) " } ?? ""
      let values = "first \(item["expected"]?.shown ?? "null"), second \(item["actual"]?.shown ?? "null")"
      lines.append(ResultText.row("differs", "\(node)\(item["field"]?.shown ?? ""): \(values)"))
    }
    return lines
  }

  private func events(_ name: String, _ events: [TraceDifference.Event], _ count: Int) -> [String] {
    guard count > 0 else { return [] }
    return [ResultText.row(name, "\(count) events")]
      + events.prefix(10).map { event in
        let type = event.event?[.eventType].shown ?? "event"
        let object = event.event?[.objectID].shown ?? ""
        return ResultText.row("", "\(event.index) \(type) \(object) \(event.id.hexadecimal)")
      }
  }
}

extension TraceDifference.Event {
  fileprivate var json: JSONValue {
    .members([
      "event_index": .integer(index), "event_id": .hexadecimal(id), "event": event.map { .object($0.json) } ?? .null,
    ])
  }
}

extension JSONValue {
  /// For people, escaped as in JSON: a log's texts may hold anything.
  var shown: String {
    stringBytes.map(PrintableText.plain) ?? String(decoding: JSONFormat.line.encode(self), as: UTF8.self)
  }
}
