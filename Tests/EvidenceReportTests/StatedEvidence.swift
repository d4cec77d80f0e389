import EvidenceReport
import ReplayEvidence
import StorageProtocol

/// Evidence as a page takes it, with what a test is about in its place: what no drill of a small log gives.
struct StatedEvidence {
  var result = JSONObject([
    "archive": .members(["sha256": .hexadecimal(.zero), "bytes": .integer(1 << 30), "entries": .integer(40_000)]),
    "constants": .members(["BLOCK_SIZE_BYTES": .integer(262_144)]), "golden_trace": .null, "accepted": .null,
    "entries": .members([
      "total": .integer(40_000), "applied": .integer(39_800), "diverged": .integer(0), "acknowledged": .integer(0),
      "rejected": .integer(200), "unsupported": .integer(0),
      "rejected_by_code": .members(["SE_ERR_INVALID_INPUT": .integer(200)]), "unsupported_types": .members([:]),
    ]),
    "state": .members(["current_epoch": .integer(199)]),
    "comparison": .members(["sides": .members([:])]),
  ])
  var run = JSONObject(["log": .text("large.eqm"), "workers": .integer(2), "seconds": .text("12.500000")])
  var reasons = ["nothing-compared", "entries-rejected"]

  /// Adds the spans of epochs that a drill noted.
  mutating func add(spans: [(epochs: ClosedRange<Int>, entries: Int, notApplied: Int, seconds: String)]) {
    let spans = spans.map { span in
      JSONValue.members([
        "first": .integer(span.epochs.lowerBound), "last": .integer(span.epochs.upperBound),
        "entries": .integer(span.entries), "not_applied": .integer(span.notApplied), "seconds": .text(span.seconds),
      ])
    }
    run.add("epochs", .members(["spans": .array(spans)]))
  }

  var page: [UInt8] {
    let document = JSONObject([
      "component": .text("StorageEngine"), "timestamp": .text("2026-11-26T00:00:00.000000Z"),
      "verdict": .text("WARNED"),
      "reasons": .array(reasons.map(JSONValue.text)), "result": .object(result), "run": .object(run),
      "signed_by": .null,
    ])
    return ReportPage(
      document,
      ReportSource(
        path: "evidence.json", sha256: .zero, isEnvelope: false, keyID: nil, checks: [], program: "eqm-replay 0")
    ).bytes
  }
}
