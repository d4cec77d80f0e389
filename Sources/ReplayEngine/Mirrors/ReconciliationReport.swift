internal import PostgresMirror
internal import ReplayEvidence
internal import StateSnapshot
internal import StorageProtocol

/// What `reconcile` has to say.
struct ReconciliationReport {
  /// Rows of each kind shown to people; the JSON document has more.
  private static let shownMax = 10
  private static let shownBytesMax = 120

  let source: String
  let schema: String
  let state: SourcedState
  let result: Reconciliation

  /// A log that diverges from its record is said to, whatever the mirror has.
  var report: Report {
    let replayed = verdict.map(ExitStatus.init(of:)) ?? .done
    return Report(
      status: .winner([replayed, result.isEqual ? .done : .diverged]), json: .object(json), text: lines,
      next: result.isEqual
        ? nil
        : "load the mirror anew: \(Program.name) export \(ShellWord.word(source, or: "SRC")) --to postgres -o FOLDER")
  }

  private var verdict: Verdict? {
    guard let replay = state.replay,
      case .replayed(let document) = replay.options.evidence(replay.run, .init()).finding
    else { return nil }
    return document.verdict
  }

  private var kinds: [(name: String, findings: RowFindings)] {
    [("missing", result.missing), ("extra", result.extra), ("different", result.different)]
  }

  // MARK: JSON

  private var json: JSONObject {
    let (commitment, digests) = (state.snapshot.commitment, state.snapshot.digests)
    var json = JSONObject([
      "schema": .text("eqm-replay/reconcile/1"), "equal": .boolean(result.isEqual), "source": .text(source),
      "replay_verdict": verdict.map { .text($0.rawValue) } ?? .null, "postgres_schema": .text(schema),
      "state": .object(commitment.summary.json), "commitment": .object(commitment.roots.json),
      "sha3_256": .object(digests.json),
      "tables": .array(
        result.tables.map { table in
          .members([
            "table": .text(table.table), "snapshot_rows": .integer(table.snapshot),
            "postgres_rows": .integer(table.postgres), "equal": .integer(table.equal),
            "missing": .integer(table.missing), "extra": .integer(table.extra),
            "different": .integer(table.different),
          ])
        }),
    ])
    for (name, findings) in kinds {
      json.add("\(name)_count", .integer(findings.count))
      json.add(name, .array(findings.listed.map(ReconciliationReport.json)))
      json.add("\(name)_omitted", .integer(findings.count - UInt64(findings.listed.count)))
    }
    return json
  }

  private static func json(_ finding: RowFinding) -> JSONValue {
    var key = JSONObject([:])
    for value in finding.key {
      key.add(value.column, json(value.text))
      if let identifier = value.identifier { key.add("\(value.column)_text", .string(identifier)) }
    }
    var row = JSONObject(["table": .text(finding.table), "key": .object(key)])
    guard !finding.differences.isEmpty else { return .object(row) }
    row.add(
      "columns",
      .array(
        finding.differences.map {
          .members(["column": .text($0.column), "snapshot": json($0.snapshot), "postgres": json($0.postgres)])
        }))
    return .object(row)
  }

  /// A database without an encoding may have anything: what is no UTF-8 is replaced.
  private static func json(_ text: [UInt8]?) -> JSONValue {
    text.map { .text(String(decoding: $0, as: UTF8.self)) } ?? .null
  }

  // MARK: Text

  private var lines: [String] {
    let roots = state.snapshot.commitment.roots
    let finding = result.isEqual ? "equal: every row of every table" : "NOT EQUAL"
    return [
      ResultText.row("mirror", "\(finding) (schema \(schema))"),
      ResultText.row("state", verdict.map { "replayed from \(source): \($0.rawValue)" } ?? source),
      ResultText.row("state root", roots.state.hexadecimal), "",
    ] + tableLines + kinds.flatMap(ReconciliationReport.lines)
  }

  private var tableLines: [String] {
    result.tables.map { table in
      ResultText.row(
        table.table,
        "\(table.snapshot) rows, \(table.postgres) in PostgreSQL: \(table.equal) equal, \(table.missing) missing, "
          + "\(table.extra) extra, \(table.different) different")
    }
  }

  private static func lines(_ kind: (name: String, findings: RowFindings)) -> [String] {
    let (name, findings) = kind
    guard findings.count > 0 else { return [] }
    let rows = findings.listed.prefix(shownMax).map { finding in
      let differences = finding.differences.map {
        "\($0.column) \(shown($0.snapshot)), in PostgreSQL \(shown($0.postgres))"
      }
      let key = finding.key.map { value in
        "\(value.column) \(shown(value.text))" + (value.identifier.map { " (\(shown($0)))" } ?? "")
      }
      let place = "\(finding.table), \(key.joined(separator: ", "))"
      return ResultText.row(name, differences.isEmpty ? place : "\(place): \(differences.joined(separator: "; "))")
    }
    let omitted = findings.count - UInt64(rows.count)
    return [""] + rows + (omitted == 0 ? [] : [ResultText.row(name, "\(omitted) more rows")])
  }

  private static func shown(_ text: [UInt8]?) -> String {
    guard let text else { return "NULL" }
    let beginning = Array(text.prefix(shownBytesMax))
    let isPrintable = beginning.allSatisfy { (0x20...0x7E).contains($0) }
    let plain = isPrintable ? String(decoding: beginning, as: UTF8.self) : PrintableText.plain(beginning)
    return text.count > shownBytesMax ? "\(plain)…" : plain
  }
}
