internal import ReplayEvidence
internal import StateCommitment
internal import StorageProtocol

/// A result in lines for people.
struct ResultText {
  /// Rejected entries and divergences shown; the JSON document has more.
  private static let shownMax = 10

  let document: ResultDocument
  let run: RunFacts

  var lines: [String] { [verdict] + counts + [""] + recovery + [""] + state + [""] + roots + findings }

  private var result: ReplayResult { document.result }

  private var verdict: String {
    let sides = document.comparisons.outcomes.map { outcome in
      guard outcome.accepted > 0 else { return outcome.side.rawValue }
      let isEqual = outcome.firstDivergence == nil
      return "\(outcome.side.rawValue) (\(isEqual ? "equal but for" : "unequal besides") \(outcome.accepted) accepted)"
    }.joined(separator: ", ")
    let compared = sides.isEmpty ? "compared with nothing" : "compared with: \(sides)"
    return row("verdict", "\(document.verdict.rawValue) (\(compared))")
  }

  private var counts: [String] {
    let entries = result.entries
    let speed = run.elapsed.perSecond(entries.total)
    return [
      row(
        "entries",
        "\(entries.total) = \(entries.applied) applied + \(entries.acknowledged) acknowledged"
          + " + \(entries.rejected) rejected + \(entries.unsupported) unsupported"),
      row("diverged", "\(entries.diverged)"),
    ] + accepted + [
      row(
        "stores",
        "\(result.stores.reexecuted) re-executed, \(result.stores.carried) carried,"
          + " \(result.stores.placeholder) placeholder"),
      row(
        "proofs",
        "\(result.proofs.generated) generated, \(result.proofs.failed) failed, \(result.proofs.carried) carried"),
      row("success ratio", entries.successRatio),
      row("time", "\(run.elapsed.secondsText) s, \(speed) entries/s, \(run.workers) workers"),
    ] + resumed + memory
  }

  /// What was accepted; nothing where no list was given.
  private var accepted: [String] {
    guard let acceptance = result.acceptance else { return [] }
    let (tally, lineCount) = (acceptance.tally, acceptance.list.lines.count)
    return [
      row(
        "accepted",
        "\(tally.diverged) diverged, \(tally.rejected) rejected, \(tally.unsupported) unsupported;"
          + " \(acceptance.usedCount) of \(lineCount) lines used")
    ]
  }

  /// Where the replay went on; nothing where it began at the start.
  private var resumed: [String] { run.resumedAt.map { [row("resumed", "at entry \($0)")] } ?? [] }

  /// How a limit of memory was kept; nothing where there was none.
  private var memory: [String] {
    guard let limitBytes = run.memoryLimitBytes else { return [] }
    let peakBytes = run.peakMemoryBytes
    let finding =
      peakBytes == 0
      ? "not checked: peak unknown" : "\(peakBytes <= limitBytes ? "kept" : "NOT KEPT"): peak \(peakBytes >> 20) MiB"
    var text = "limit of \(limitBytes >> 20) MiB \(finding)"
    if let spilled = run.spilled, spilled.partitions > 0 {
      text += ", \(spilled.bytes >> 20) MiB of \(spilled.partitions) of \(run.partitions) partitions went to disk"
    }
    return [row("memory", text)]
  }

  private var recovery: [String] {
    RecoveryText(recovery: document.recovery, entries: result.entries, run: run).lines
  }

  private var state: [String] {
    let state = result.state
    return [
      row("nodes", "\(state.nodeCount)"), row("objects", "\(state.objectCount)"),
      row("shards", "\(state.shardCount)"), row("epoch", "\(state.currentEpoch.value)"),
      row("events", "\(state.eventLogCount)"), row("ATR fees", state.totalAtrFees.trimmedDecimalString),
      row("NOD rewards", state.totalNodRewards.trimmedDecimalString),
    ]
  }

  private var roots: [String] {
    [
      row("state root", result.roots.state.hexadecimal), row("objects root", result.roots.objects.hexadecimal),
      row("nodes root", result.roots.nodes.hexadecimal), row("log root", result.roots.log.hexadecimal),
      row("legacy hash", "\(document.legacy.state.hexadecimal) (covers counters only)"),
    ]
  }

  private var findings: [String] {
    let rejects = result.rejects.items.prefix(ResultText.shownMax).map {
      row("rejected", "entry \($0.ordinal.value) at byte \($0.byteOffset): \($0.code.rawValue): \($0.message)")
    }
    let divergences = result.divergences.items.prefix(ResultText.shownMax).map { item in
      let values = [item.recorded, item.derived].map { PrintableText.json($0 ?? .null) }
      return row("diverged", "entry \(item.ordinal.value), \(item.field): recorded \(values[0]), derived \(values[1])")
    }
    let unsupported = result.entries.unsupportedTypes.prefix(ResultText.shownMax).map {
      row(
        "unsupported",
        "\($0.count) × \(PrintableText.json(.string($0.type.bytes)))")
    }
    let unaccepted = (result.acceptance?.tally.firstUnaccepted).map {
      [row("not accepted", "entry \($0.ordinal.value), \($0.field), is the first divergence that no line accepts")]
    }
    let unused = (result.acceptance?.unused ?? []).prefix(ResultText.shownMax).map {
      row("unused", "line \($0.number) of the accept list: entry \($0.ordinal.value), \($0.finding.name)")
    }
    let lines = (unaccepted ?? []) + unused + rejects + unsupported + divergences
    return lines.isEmpty ? [] : [""] + lines
  }

  private func row(_ name: String, _ value: String) -> String { ResultText.row(name, value) }

  /// A name and its value.
  static func row(_ name: String, _ value: String, width: Int = 15) -> String {
    name + String(repeating: " ", count: max(1, width - name.count)) + value
  }
}
