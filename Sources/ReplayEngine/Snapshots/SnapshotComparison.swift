internal import StateSnapshot
internal import StorageProtocol

/// `diff` of two snapshots: every row of both is checked first.
struct SnapshotComparison {
  let first: String
  let second: String

  /// - Throws: `.snapshot`, `.input`.
  func run() throws(ReplayFailure) -> Report {
    let (ours, theirs) = (try SnapshotInput.verified(first), try SnapshotInput.verified(second))
    let difference = try ReplayFailure.readingSnapshot { () throws(SnapshotFault) in
      try SnapshotDifference(ours, theirs)
    }
    return Report(
      status: difference.isEmpty ? .done : .diverged, json: json(difference, ours, theirs),
      text: lines(difference))
  }

  private func json(
    _ difference: SnapshotDifference, _ ours: VerifiedSnapshot, _ theirs: VerifiedSnapshot
  ) -> JSONValue {
    .members([
      "schema": .text("eqm-replay/diff-snapshots/1"), "equal": .boolean(difference.isEmpty),
      "first": .object(ours.json(schema: SnapshotDescription.schema)),
      "second": .object(theirs.json(schema: SnapshotDescription.schema)),
      "summary": difference.summary.json, "nodes": difference.nodes.json, "objects": difference.objects.json,
      "events": difference.events.json,
    ])
  }

  private func lines(_ difference: SnapshotDifference) -> [String] {
    guard !difference.isEmpty else { return ["equal: the snapshots hold the same state and event log"] }
    let kinds = [
      ("summary", difference.summary), ("nodes", difference.nodes), ("objects", difference.objects),
      ("events", difference.events),
    ]
    return kinds.filter { !$0.1.isEmpty }.flatMap { kind, rows in
      let counts = rows.counts
      let sentence =
        "\(counts.different) differ, \(counts.onlyInFirst) only in first, \(counts.onlyInSecond) only in second"
      return [ResultText.row(kind, sentence)]
        + rows.items.prefix(10).map { ResultText.row("", SnapshotComparison.line($0)) }
    }
  }

  /// One row: its name, and the fields that differ.
  private static func line(_ item: JSONObject) -> String {
    item.members.map { member in
      guard member.key.elementsEqual("fields".utf8), case .array(let fields) = member.value else {
        return member.value.shown
      }
      return fields.compactMap(\.objectValue).map { field in
        "\(field["field"]?.shown ?? ""): first \(field["first"]?.shown ?? "null"), second \(field["second"]?.shown ?? "null")"
      }.joined(separator: "; ")
    }.joined(separator: " ")
  }
}
