internal import ContentRestore
internal import ReplayEvidence
internal import ReplayPipeline
internal import StateCommitment
internal import StorageProtocol
internal import SystemFiles

extension RestoreReport {
  /// Items shown of each kind; the manifest has all.
  private static let shownMax = 10

  /// What is said to people.
  func lines(_ clock: StepClock) -> [String] {
    let counts = counts
    return [
      ResultText.row("restore", isComplete ? "complete" : "INCOMPLETE"),
      ResultText.row(
        kind,
        "\(counts.restored) of \(items.count) are there and verified: \(counts.written) written,"
          + " \(counts.mended) mended, \(counts.alreadyThere) already there"),
      ResultText.row("damaged", "\(counts.damaged)"),
      ResultText.row(
        "not in the log", "\(counts.carried) carried, \(counts.placeholder) placeholder: their content never was in it"),
      ResultText.row(
        "bytes", "\(counts.bytesWritten) written, \(counts.bytesAlreadyThere) already there"),
    ] + recoveryLines + [
      ResultText.row("time", "\(clock.elapsed.secondsText) s, \(source.workers) workers"),
      ResultText.row("written to", "\(target.folder.path) (\(RestoreTarget.manifestName) says what is where)"),
    ] + itemLines
  }

  /// How far the log recovers.
  var recoveryLines: [String] {
    let result = recovery.replay.result
    let entries = result.entries
    let tick = recovery.findings.lastTick.map { "tick \($0.value) of the last STORE" } ?? "no STORE"
    var lines = [
      ResultText.row(
        "entries",
        "\(entries.total) = \(entries.applied) applied + \(entries.acknowledged) acknowledged"
          + " + \(entries.rejected) rejected + \(entries.unsupported) unsupported"),
      ResultText.row("recovered to", "epoch \(result.state.currentEpoch.value), \(tick)"),
      ResultText.row(
        "state root", recovery.stateRoot?.hexadecimal ?? "not known: not all of the log could be read"),
    ]
    if !recovery.damagedPacks.isEmpty {
      lines.append(ResultText.row("damaged packs", recovery.damagedPacks.joined(separator: ", ")))
    }
    if !recovery.replay.lost.isEmpty {
      let ranges = recovery.replay.lost.map { "\($0.lowerBound)..\($0.upperBound)" }.joined(separator: ", ")
      lines.append(ResultText.row("lost entries", ranges))
      lines.append(ResultText.row("may be older", "\(outdatedCount): a lost entry may have replaced their content"))
    }
    return lines
  }

  private var itemLines: [String] {
    let rows = zip(items, outcomes).filter { !$1.isThere || $1 == .mended }.prefix(RestoreReport.shownMax).map {
      item, outcome in
      let shard = item.shard.map { ", shard \($0.index)" } ?? ""
      let name = "\(PrintableText.plain(item.id.bytes)), version \(item.version.value)\(shard)"
      return ResultText.row(outcome.status, "\(name): \(outcome.reason ?? item.path)")
    }
    return rows.isEmpty ? [] : [""] + rows
  }
}
