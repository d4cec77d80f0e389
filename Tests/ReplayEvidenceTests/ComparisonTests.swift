import GoldenRun
import ReplayEvidence
import ReplayTestSupport
import StateCommitment
import StorageProtocol
import Testing

/// Defects planted in a result: every comparison must see every one of them, whatever the others said.
@Suite struct ComparisonTests {
  private static let entries = [
    #"{"event_type":"NODE_REGISTRATION","node_id":"n"}"#,
    #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":5}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":1}"#,
    #"{"event_type":"STORE","object_id":"a","version":1,"content_size":1}"#, "{}", #"{"event_type":"X"}"#,
    #"{"event_type":"EPOCH_ADVANCEMENT","epoch":2}"#,
  ]

  private static func result(_ entries: [String] = entries) throws -> ReplayResult {
    try LogText.replay(entries).result
  }

  private static let defects: [(field: String, plant: @Sendable (inout ReplayResult) -> Void)] = [
    ("entries.total", { $0.entries.applied += 1 }), ("entries.total", { $0.entries.acknowledged += 1 }),
    ("entries.total", { $0.entries.countRejected(.invalidVersion) }),
    ("entries.diverged", { $0.entries.diverged += 1 }), ("stores.carried", { $0.stores.carried += 1 }),
    ("stores.placeholder", { $0.stores.placeholder -= 1 }), ("proofs.generated", { $0.proofs.generated += 1 }),
    ("proofs.carried", { $0.proofs.carried += 1 }), ("checkpoints", { $0.checkpoints.removeLast() }),
    ("recovery.tick", { $0.recoveryPoint.note(Tick(-1)) }),
    ("recovery.ordinal", { $0.recoveryPoint.note(applied: Ordinal(2)) }),
    ("rejects", { $0.rejects = BoundedList() }), ("compared_with_recorded", { $0.comparedWithRecorded.toggle() }),
  ]

  @Test func `a defect in any field of a result is a difference from the sequential run, by its name`() throws {
    let expected = try Self.result()
    #expect(expected.firstDifference(from: expected) == nil)
    for (field, plant) in Self.defects {
      var result = expected
      plant(&result)
      #expect(result.firstDifference(from: expected)?.field.hasPrefix(field) == true, "\(field)")
      var counterparts = Comparisons.Counterparts()
      counterparts.sequential = expected
      let comparisons = Comparisons(
        result, stateHash: .zero, expectations: Comparisons.Expectations(), counterparts: counterparts)
      #expect(comparisons.areEqual == false, "\(field)")
    }
  }

  @Test func `another state is a difference at the first checkpoint that shows it`() throws {
    var changed = Self.entries
    changed[1] = #"{"event_type":"NODE_UPTIME","node_id":"n","uptime_bucket":6}"#
    let difference = try Self.result(changed).firstDifference(from: Self.result())
    #expect(difference?.ordinal == Ordinal(2))
    #expect(difference?.field == "nodes_root")
    changed = Self.entries
    changed[3] = #"{"event_type":"STORE","object_id":"b","version":1,"content_size":1}"#
    let later = try Self.result(changed).firstDifference(from: Self.result())
    #expect(later?.ordinal == Ordinal(6))
    #expect(later?.field == "log_root")
    changed = Array(Self.entries.dropLast())
    #expect(try Self.result(changed).firstDifference(from: Self.result())?.field == "checkpoints")
  }

  @Test func `a divergence from the record hides nothing that other sides say`() throws {
    var result = try Self.result()
    let expected = result
    result.comparedWithRecorded = true
    result.divergences.append(
      Divergence(
        ordinal: Ordinal(3), epoch: Epoch(1), objectID: nil, version: nil, field: "epoch", recorded: .integer(2),
        derived: .integer(1)))
    result.stores.carried += 1
    var counterparts = Comparisons.Counterparts()
    counterparts.sequential = expected
    counterparts.golden = Comparisons.GoldenFinding(
      firstDivergence: Comparisons.FirstDivergence(
        ordinal: Ordinal(1), field: "event_id", expected: nil, actual: nil),
      trace: TraceIdentity(sha256: .zero, bytes: 0, stateRoot: .zero), checkpointsCompared: 0)
    var expectations = Comparisons.Expectations()
    expectations.stateRoot = .zero
    let comparisons = Comparisons(
      result, stateHash: .zero, expectations: expectations, counterparts: counterparts)
    #expect(comparisons.sides == [.recorded, .sequential, .golden, .expected])
    #expect(
      comparisons.outcomes.map { $0.firstDivergence?.field }
        == ["epoch", "stores.carried", "event_id", "state_root"])
    #expect(comparisons.firstDivergence?.field == "event_id", "the first in the log, whichever side shows it")
  }
}
