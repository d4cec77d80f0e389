package import StateCommitment
package import StorageProtocol

/// Parts of a result as the values they were written from.
extension EvidenceFields {
  /// `state` of a result.
  var state: StateSummary {
    get throws(EvidenceFault) {
      let state = try fields("state")
      return StateSummary(
        nodeCount: try state.count("node_count"), objectCount: try state.count("object_count"),
        shardCount: try state.count("shard_count"), currentEpoch: Epoch(try state.integer("current_epoch")),
        totalAtrFees: try state.decimal("total_atr_fees"), totalNodRewards: try state.decimal("total_nod_rewards"),
        eventLogCount: try state.count("event_log_count"))
    }
  }

  /// `stores` of a result.
  var stores: StoreCounts {
    get throws(EvidenceFault) {
      let fields = try fields("stores")
      var stores = StoreCounts()
      stores.reexecuted = try fields.count("reexecuted")
      stores.carried = try fields.count("carried")
      stores.placeholder = try fields.count("placeholder")
      guard EntrySums.sum([stores.reexecuted, stores.carried, stores.placeholder]) != nil else {
        throw .impossible(path("stores"))
      }
      return stores
    }
  }

  /// The commitment of a result to `state`, from the roots of its trees.
  func roots(of state: StateSummary) throws(EvidenceFault) -> StateRoots {
    let commitment = try fields("commitment")
    return StateRoots(
      objects: try commitment.digest("objects_root"), nodes: try commitment.digest("nodes_root"),
      log: try commitment.digest("log_root"), summary: state)
  }

  /// `options.expected_…` of a result.
  var expectations: Comparisons.Expectations {
    get throws(EvidenceFault) {
      let options = try fields("options")
      var expectations = Comparisons.Expectations()
      expectations.stateHash = try options.optionalDigest("expected_state_hash")
      expectations.stateRoot = try options.optionalDigest("expected_state_root")
      return expectations
    }
  }

  /// `{expected, found}`, or nil for null.
  func sum(_ name: String) throws(EvidenceFault) -> Completeness.Sum? {
    try value(name).isNull ? nil : Completeness.Sum(fields(name))
  }
}

extension Completeness.Sum {
  init(_ fields: EvidenceFields) throws(EvidenceFault) {
    self.init(expected: try fields.optionalCount("expected"), found: try fields.count("found"))
  }
}

extension LegacyHashes {
  package var json: JSONValue {
    .members([
      "state_hash": .hexadecimal(state), "evidence_state_hash": .hexadecimal(evidence),
      "drill_state_hash": .hexadecimal(drill),
    ])
  }
}

extension VerdictFacts {
  /// The facts that a document's `result` states, whatever it claims.
  init(_ document: EvidenceFields) throws(EvidenceFault) {
    self.init()
    isSigned = try !document.value("signed_by").isNull
    let result = try document.fields("result")
    guard try !EvidenceForm.isDamaged(result) else {
      isDamaged = true
      return
    }
    let entries = try EntrySums(result)
    total = entries.total
    rejected = entries.rejected
    unsupported = entries.unsupported
    if let acceptedFields = try AcceptedFields(result) {
      accepted = acceptedFields.used
      acceptedDivergences = acceptedFields.divergences
      unusedLines = acceptedFields.unused
    }
    stores = try result.stores
    let comparison = try ComparisonFields(result)
    sides = comparison.sides
    areEqual = comparison.areEqual
    coverState = try comparison.coversState(result)
    hasGoldenRoot = try result.goldenRoot != nil
    let (succeeded, overflow) = entries.applied.addingReportingOverflow(entries.acknowledged)
    guard !overflow else { throw .impossible("result.entries") }
    let ratio = EntryCounts.ratio(succeeded: succeeded, total: total)
    isBelowThreshold = VerdictFacts.isBelow(ratio, try result.fields("options").decimal("threshold"))
  }
}

extension EvidenceFields {
  /// The state root of the golden trace of a `result`; nil where there was no trace, or one without a root: an event log that a
  /// live engine recorded.
  var goldenRoot: Digest? {
    get throws(EvidenceFault) {
      guard try !value("golden_trace").isNull else { return nil }
      return try fields("golden_trace").optionalDigest("state_root")
    }
  }
}
