internal import StateCommitment
internal import StorageProtocol

extension EvidenceEquations {
  /// What was compared, what came of it, and what was expected agree with each other and with the counts.
  static func comparison(_ document: EvidenceFields) throws(EvidenceFault) {
    let result = try document.fields("result")
    let verification = try document.fields("verification")
    guard try !EvidenceForm.isDamaged(result) else { return }
    let comparison = try ComparisonFields(result)
    try comparison.checkSummary()
    try comparison.check(accepted: AcceptedFields(result))
    try checkExpected(comparison, result)
    try checkRecorded(comparison, result, verification)
    try checkGolden(comparison, result)
    try checkEpochs(comparison, result, verification)
  }

  /// Expected values are compared with the state once more.
  private static func checkExpected(_ comparison: ComparisonFields, _ result: EvidenceFields) throws(EvidenceFault) {
    let expectations = try result.expectations
    let state = try result.state
    guard expectations != Comparisons.Expectations() else {
      guard !comparison.sides.contains(.expected) else {
        throw .differs("result.comparison.with", from: "result.options: nothing was expected")
      }
      return
    }
    let divergence = expectations.firstDivergence(
      stateHash: LegacyHashes(state).state, stateRoot: try result.fields("commitment").digest("state_root"),
      at: state.currentEpoch)
    guard let stated = comparison.firstDivergence(.expected), JCS.areEqual(stated, divergence?.json ?? .null) else {
      throw .differs("result.comparison.sides.expected", from: "result.options and result.commitment")
    }
  }

  /// Divergences from the record: listed in order, as many as are counted, the first of them first.
  private static func checkRecorded(
    _ comparison: ComparisonFields, _ result: EvidenceFields, _ verification: EvidenceFields
  ) throws(EvidenceFault) {
    let path = "verification.divergences"
    let divergences = try verification.elements("divergences")
    let omitted = try verification.count("divergences_omitted")
    let diverged = try EntrySums(result).diverged
    var ordinals: [UInt64] = []
    for (index, divergence) in divergences.enumerated() {
      let fields = try EvidenceFields(divergence, at: "\(path).\(index)")
      try fields.require(["ordinal", "field", "recorded", "derived"])
      guard AcceptList.Finding.fields.contains(try fields.text("field")) else {
        throw .impossible(fields.path("field"))
      }
      ordinals.append(try fields.count("ordinal"))
    }
    guard ordinals == ordinals.sorted(), omitted == 0 || divergences.count == BoundedList<Divergence>.itemsMax,
      UInt64(Set(ordinals).count) <= diverged, (diverged == 0) == divergences.isEmpty,
      omitted > 0 || UInt64(Set(ordinals).count) == diverged
    else { throw .differs(path, from: "result.entries.diverged") }
    guard let divergenceCount = EntrySums.sum([UInt64(divergences.count), omitted]) else { throw .impossible(path) }
    let accepted = try AcceptedFields(result)
    try accepted?.check(divergenceCount: divergenceCount, diverged: diverged)
    // A record without an epoch, a placement or a proof is no side, whatever differs from it.
    guard let recorded = comparison.firstDivergence(.recorded) else { return }
    guard recorded.isNull == (diverged == accepted?.diverged ?? 0) else {
      throw .differs("result.comparison.sides.recorded", from: "result.entries.diverged and result.accepted")
    }
    guard !recorded.isNull else { return }
    let stated = try EvidenceFields(recorded, at: "result.comparison.sides.recorded.first_divergence")
    try checkFirst(stated, divergences, isWhole: omitted == 0, accepted)
  }

  /// The first divergence that nobody accepted is the first that is listed, but for accepted ones: all before it are.
  private static func checkFirst(
    _ stated: EvidenceFields, _ divergences: [JSONValue], isWhole: Bool, _ accepted: AcceptedFields?
  ) throws(EvidenceFault) {
    let path = "verification.divergences"
    let ordinal = try stated.count("ordinal")
    var before: (count: UInt64, entries: UInt64, lastOrdinal: UInt64?) = (0, 0, nil)
    for (index, divergence) in divergences.enumerated() {
      let listed = try EvidenceFields(divergence, at: "\(path).\(index)")
      let listedOrdinal = try listed.count("ordinal")
      if listedOrdinal == ordinal, try listed.text("field") == stated.text("field") {
        for (name, other) in [("expected", "recorded"), ("actual", "derived")] {
          try stated.compare(name, listed.value(other), from: "\(path).\(index).\(other)")
        }
        break
      }
      before.count += 1
      if listedOrdinal != before.lastOrdinal, listedOrdinal != ordinal { before.entries += 1 }
      before.lastOrdinal = listedOrdinal
    }
    let isListed = before.count < UInt64(divergences.count)
    guard isListed || (!isWhole && before.lastOrdinal.map({ $0 <= ordinal }) ?? false),
      before.count <= accepted?.divergences ?? 0, before.entries <= accepted?.diverged ?? 0
    else { throw .differs(stated.path("ordinal"), from: "\(path) and result.accepted") }
  }

  /// A golden trace that was equal ends with the state root that was reached.
  private static func checkGolden(_ comparison: ComparisonFields, _ result: EvidenceFields) throws(EvidenceFault) {
    let isGiven = try !result.value("golden_trace").isNull
    guard isGiven == comparison.sides.contains(.golden) else {
      throw .differs("result.golden_trace", from: "result.comparison.with")
    }
    guard let root = try result.goldenRoot, comparison.firstDivergence(.golden)?.isNull == true else { return }
    guard try root == result.fields("commitment").digest("state_root") else {
      throw .differs("result.golden_trace.state_root", from: "result.commitment")
    }
  }

  /// Checkpoints that were compared: all of them where a run or a trace was equal, none where neither was there.
  private static func checkEpochs(
    _ comparison: ComparisonFields, _ result: EvidenceFields, _ verification: EvidenceFields
  ) throws(EvidenceFault) {
    let compared = try verification.count("epochs_compared")
    let checkpoints = try result.count("checkpoint_count")
    // Without a root a golden trace has no checkpoints either.
    let golden = try result.goldenRoot == nil ? nil : comparison.firstDivergence(.golden)
    let deciding = golden ?? comparison.firstDivergence(.sequential)
    let isPossible = deciding.map { $0.isNull ? compared == checkpoints : compared <= checkpoints } ?? (compared == 0)
    guard isPossible else { throw .differs("verification.epochs_compared", from: "result.checkpoint_count") }
  }
}
