internal import ContentRestore
internal import LogReading
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

extension RestoreReport {
  /// The document `eqm-replay/restore/1`.
  func json(_ clock: StepClock) -> JSONValue {
    let (counts, result) = (counts, recovery.replay.result)
    let damaged = list { if case .damaged = $0 { true } else { false } }
    let unrecoverable = list { if case .unrecoverable = $0 { true } else { false } }
    let mended = list { $0 == .mended }
    return .members([
      "schema": .text("eqm-replay/restore/1"), "target": .text(target.folder.path),
      "log": .members(["name": .text(source.options.source.name), "sha256": .hexadecimal(logDigest)]),
      "selection": selection.json, "stop": source.options.stop.json, "found": .boolean(isFound),
      "complete": .boolean(isFound && isComplete),
      "kind": .text(kind), "counts": countsJSON,
      "bytes": .members([
        "written": .integer(counts.bytesWritten), "already_there": .integer(counts.bytesAlreadyThere),
      ]),
      "damaged": damaged.shown, "damaged_omitted": .integer(damaged.omitted),
      "unrecoverable": unrecoverable.shown, "unrecoverable_omitted": .integer(unrecoverable.omitted),
      "mended": mended.shown, "mended_omitted": .integer(mended.omitted),
      "archive_damage": .members([
        "packs": .array(recovery.damagedPacks.map(JSONValue.text)),
        "lost_contents": .integer(recovery.findings.lostContentCount),
        "lost_entries": .integer(recovery.lostEntryCount),
        "lost": .array(
          recovery.replay.lost.map { .members(["first": .integer($0.lowerBound), "last": .integer($0.upperBound)]) }),
      ]),
      "recovery_point": .members([
        "entries": .integer(result.entries.total), "epoch": .integer(result.state.currentEpoch.value),
        "tick": recovery.findings.lastTick.map { .integer($0.value) } ?? .null,
        "state_root": recovery.stateRoot.map(JSONValue.hexadecimal) ?? .null,
      ]),
      "entries": .object(result.entries.json), "run": runJSON(clock),
    ])
  }

  private var countsJSON: JSONValue {
    let counts = counts
    return .members([
      "total": .integer(counts.items), "restored": .integer(counts.restored), "written": .integer(counts.written),
      "mended": .integer(counts.mended), "already_there": .integer(counts.alreadyThere),
      "damaged": .integer(counts.damaged),
      "unrecoverable": .members([
        "carried": .integer(counts.carried), "placeholder": .integer(counts.placeholder),
      ]),
      "may_be_outdated": .integer(outdatedCount),
    ])
  }

  /// The first items of an outcome; all of them are in the manifest.
  private func list(_ isListed: (RestoreOutcome) -> Bool) -> (shown: JSONValue, omitted: Int) {
    let listed = zip(items, outcomes).filter { isListed($1) }
    let shown = listed.prefix(BoundedList<Divergence>.itemsMax).map { item, outcome in
      var json = JSONObject(["object_id": .string(item.id.bytes), "version": .integer(item.version.value)])
      if let shard = item.shard { json.add("shard_index", .integer(shard.index)) }
      if let reason = outcome.reason { json.add("reason", .text(reason)) }
      if outcome.isThere { json.add("file", .text(item.path)) }
      return JSONValue.object(json)
    }
    return (.array(shown), listed.count - shown.count)
  }

  private func runJSON(_ clock: StepClock) -> JSONValue {
    .members([
      "workers": .integer(source.workers), "seconds": clock.elapsed.secondsJSON,
      "peak_memory_bytes": .integer(clock.facts.peakMemoryBytes),
      "steps": .object(JSONObject(clock.steps.map { (Array($0.step.rawValue.utf8), $0.elapsed.secondsJSON) })),
    ])
  }
}

extension ReplayStop {
  /// Where a restore's state is; null for the log's end.
  var json: JSONValue {
    switch self {
    case .end: .null
    case .before(let ordinal): .members(["before_ordinal": .integer(ordinal.value)])
    case .after(let epoch): .members(["after_epoch": .integer(epoch.value)])
    }
  }
}
