package import StateCommitment
package import StorageProtocol

/// The document that `replay --json` and `drill --json` print (cli.md, `eqm-replay/result/1`).
package struct ResultDocument: Sendable {
  package let result: ReplayResult
  package let legacy: LegacyHashes
  package let comparisons: Comparisons
  package let completeness: Completeness

  package init(
    _ result: ReplayResult, _ completeness: Completeness, expectations: Comparisons.Expectations,
    counterparts: Comparisons.Counterparts = .init()
  ) {
    self.result = result
    self.completeness = completeness
    legacy = LegacyHashes(result.state)
    comparisons = Comparisons(
      result, stateHash: legacy.state, expectations: expectations, counterparts: counterparts)
  }

  /// What the verdict follows from.
  package var facts: VerdictFacts { VerdictFacts(result, comparisons, isSalvage: completeness.lost != nil) }

  package var verdict: Verdict { Verdict(facts) }

  /// The whole document.
  ///
  /// - Parameter digest: of the result as evidence has it.
  package func json(run: RunFacts, digest: String) -> JSONObject {
    JSONObject([
      "schema": .text("eqm-replay/result/1"), "verdict": .text(verdict.rawValue), "entries": .object(entries),
      "stores": .object(result.stores.json), "proofs": .object(result.proofs.json),
      "success_ratio": .text(result.entries.successRatio),
      "rejects": .array(result.rejects.items.map { .object($0.json) }),
      "rejects_omitted": .integer(result.rejects.omittedCount),
      "divergences": .array(result.divergences.items.map { .object($0.json) }),
      "divergences_omitted": .integer(result.divergences.omittedCount), "state": .object(result.state.json),
      "commitment": .object(result.roots.json), "legacy": legacyHashes,
      "checkpoints": .array(result.checkpoints.map { .object($0.json) }), "comparison": comparison,
      "accepted": accepted,
      "completeness": completeness.json(result.entries), "recovery": recovery(run), "result_digest": .text(digest),
      "run": .object(run.json(entryCount: result.entries.total)),
    ])
  }

  // MARK: Parts

  package var recovery: Recovery {
    Recovery(
      point: result.recoveryPoint, epoch: result.state.currentEpoch, entries: entries, stores: result.stores,
      lost: completeness.lostCount)
  }

  /// With the time that this run took.
  private func recovery(_ run: RunFacts) -> JSONValue {
    var json = recovery.json
    json.add("seconds", run.elapsed.secondsJSON)
    return .object(json)
  }

  package var entries: JSONObject {
    let types = result.entries.unsupportedTypes
    let shown = types.prefix(BoundedList<Rejection>.itemsMax)
    var json = result.entries.json
    json.add("unsupported_types", .object(JSONObject(shown.map { ($0.type.bytes, .integer($0.count)) })))
    if types.count > shown.count { json.add("unsupported_types_omitted", .integer(types.count - shown.count)) }
    return json
  }

  /// Null where nothing was listed as accepted.
  package var accepted: JSONValue { result.acceptance.map { .object($0.json) } ?? .null }

  package var legacyHashes: JSONValue { legacy.json }

  package var comparison: JSONValue {
    .members([
      "with": .array(comparisons.sides.map { .text($0.rawValue) }),
      "equal": comparisons.areEqual.map(JSONValue.boolean) ?? .null, "accepted": .integer(comparisons.accepted),
      "first_divergence": firstDivergence,
      "sides": .object(
        JSONObject(comparisons.outcomes.map { (Array($0.side.rawValue.utf8), ResultDocument.json($0)) })),
    ])
  }

  private static func json(_ outcome: Comparisons.Outcome) -> JSONValue {
    .members([
      "equal": .boolean(outcome.firstDivergence == nil), "accepted": .integer(outcome.accepted),
      "first_divergence": json(outcome.firstDivergence),
    ])
  }

  package var firstDivergence: JSONValue { ResultDocument.json(comparisons.firstDivergence) }

  private static func json(_ divergence: Comparisons.FirstDivergence?) -> JSONValue { divergence?.json ?? .null }
}

extension Comparisons.FirstDivergence {
  package var json: JSONValue {
    .members([
      "ordinal": ordinal.map { .integer($0.value) } ?? .null, "epoch": epoch.map { .integer($0.value) } ?? .null,
      "object_id": objectID ?? .null, "version": version ?? .null, "field": .text(field),
      "expected": expected ?? .null, "actual": actual ?? .null,
    ])
  }
}
