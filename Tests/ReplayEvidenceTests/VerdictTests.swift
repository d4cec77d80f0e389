import ReplayEvidence
import StateCommitment
import StorageProtocol
import Testing

@Suite struct VerdictTests {
  /// A result with one applied entry, changed by `change`.
  private func document(
    expecting root: Digest? = nil, _ change: (inout ReplayResult) -> Void = { _ in }
  ) -> ResultDocument {
    var result = ReplayResult(state: .empty, roots: .empty)
    result.entries.applied = 1
    change(&result)
    var expectations = Comparisons.Expectations()
    expectations.stateRoot = root
    return ResultDocument(result, .plain(result), expectations: expectations)
  }

  @Test func `without a comparison nothing is claimed`() {
    let document = document()
    #expect(document.verdict == .notCompared)
    #expect(document.comparisons.sides.isEmpty)
    #expect(document.comparisons.areEqual == nil)
  }

  @Test func `an equal comparison passes and an unequal one fails`() {
    #expect(document(expecting: StateRoots.empty.state).verdict == .passed)
    #expect(document(expecting: .zero).verdict == .failed)
    #expect(document { $0.comparedWithRecorded = true }.verdict == .passed)
  }

  @Test func `a rejected or unsupported entry warns, unless a comparison failed`() {
    #expect(document(expecting: StateRoots.empty.state) { $0.entries.countRejected(.invalidInput) }.verdict == .warned)
    #expect(document { $0.entries.countUnsupported(Identifier("x")) }.verdict == .warned)
    #expect(document(expecting: .zero) { $0.entries.countRejected(.invalidInput) }.verdict == .failed)
  }

  @Test func `an empty log is degraded, not perfect`() {
    #expect(document(expecting: StateRoots.empty.state) { $0.entries = EntryCounts() }.verdict == .warned)
  }

  @Test func `a divergence from the record is the first divergence`() {
    let document = document(expecting: .zero) { result in
      result.comparedWithRecorded = true
      result.entries.diverged = 1
      result.divergences.append(
        Divergence(
          ordinal: Ordinal(7), epoch: Epoch(2), objectID: .text("o"), version: .integer(3), field: "epoch",
          recorded: .integer(1), derived: .integer(2)))
    }
    #expect(document.verdict == .failed)
    #expect(document.comparisons.sides == [.recorded, .expected])
    #expect(document.comparisons.firstDivergence?.field == "epoch")
    #expect(document.comparisons.firstDivergence?.ordinal == Ordinal(7))
  }

  /// A result of so many entries that diverge in `fields`, and a list of `lines`.
  private func accepting(
    _ lines: [AcceptList.Finding], fields: [String], expecting root: Digest? = nil
  ) -> ResultDocument {
    document(expecting: root) { result in
      let list = AcceptList(
        sha256: .zero,
        lines: lines.enumerated().map { .init(number: $0.offset + 1, ordinal: Ordinal(7), finding: $0.element) })
      let found = fields.map {
        Divergence(
          ordinal: Ordinal(7), epoch: Epoch(2), objectID: nil, version: nil, field: $0, recorded: nil, derived: nil)
      }
      result.comparedWithRecorded = true
      result.entries.diverged = found.isEmpty ? 0 : 1
      for divergence in found { result.divergences.append(divergence) }
      var tally = AcceptanceTally()
      tally.note(found, accepting: list)
      result.acceptance = Acceptance(list, tally)
    }
  }

  @Test func `accepted divergences are WARNED and never PASSED`() {
    let root = StateRoots.empty.state
    let document = accepting([.divergence(field: "epoch")], fields: ["epoch"], expecting: root)
    #expect(document.verdict == .warned)
    #expect(document.comparisons.areEqual == true)
    #expect(document.facts.deterministicReplay == .warned)
    #expect(document.facts.bitForBitMatch == false)
    #expect(document.facts.reasons == ["findings-accepted"])
    #expect(accepting([.divergence(field: "epoch")], fields: ["epoch"], expecting: .zero).verdict == .failed)
  }

  @Test func `an entry is accepted only if every field is that differs`() {
    let document = accepting([.divergence(field: "epoch")], fields: ["epoch", "replica_sets", "version"])
    #expect(document.verdict == .failed)
    #expect(document.comparisons.firstDivergence?.field == "replica_sets")
    #expect(document.result.acceptance?.tally.diverged == 0)
    #expect(document.result.acceptance?.unused == [], "its line is used all the same")
    #expect(document.facts.reasons == ["comparison-unequal", "findings-accepted"])
    let whole = accepting([.divergence(field: "version"), .divergence(field: "epoch")], fields: ["epoch", "version"])
    #expect(whole.verdict == .warned)
  }

  @Test func `a line that accepts nothing is FAILED, whatever else was found`() {
    let unused = [.divergence(field: "epoch"), .unsupported] as [AcceptList.Finding]
    let document = accepting(unused, fields: ["epoch"])
    #expect(document.verdict == .failed)
    #expect(document.comparisons.areEqual == true)
    #expect(document.result.acceptance?.unused.map(\.finding) == [.unsupported])
    #expect(document.facts.reasons == ["findings-accepted", "accept-lines-unused"])
    #expect(accepting([.rejection(.internal)], fields: []).verdict == .failed)
  }

  @Test func `another count of what is accepted is a difference between two runs`() throws {
    let one = accepting([.divergence(field: "epoch")], fields: ["epoch"]).result
    var other = one
    let list = try #require(one.acceptance?.list)
    other.acceptance = Acceptance(list, AcceptanceTally())
    #expect(one.firstDifference(from: other)?.field == "accepted")
  }

  @Test func `lists hold at most 100 items and say how many more there are`() {
    var list = BoundedList<Int>()
    for item in 0..<105 { list.append(item) }
    #expect(list.items == Array(0..<100))
    #expect(list.omittedCount == 5)
  }

  @Test func `at most 100 unknown types are named, and the number of the others is given`() {
    for (count, omitted) in [(100, nil), (103, 3)] as [(Int, Int?)] {
      let document = document { result in
        for index in 0..<count { result.entries.countUnsupported(Identifier("type \(index)")) }
      }
      let entries = document.entries
      #expect(entries["unsupported_types"]?.objectValue?.members.count == 100)
      #expect(entries["unsupported_types_omitted"] == omitted.map(JSONValue.integer))
      #expect(entries["unsupported"] == .integer(count))
    }
  }
}
