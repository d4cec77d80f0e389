internal import ReplayEvidence
internal import StorageProtocol

extension LastRun {
  static let successTimeName = "storage_replay_last_success_timestamp_seconds"
  static let goldenMatchName = "storage_replay_golden_match"
  static let comparisonName = "storage_replay_comparison_equal"
  static let sides = Comparisons.Side.allCases.map(\.rawValue)

  /// The families of the last run. What is not known has no series.
  package var families: [MetricFamily] { verdictFamilies + resultFamilies + timeFamilies + [information] }

  private func family(_ name: String, _ help: String, _ value: MetricValue?) -> MetricFamily {
    var family = MetricFamily("storage_replay_\(name)", help)
    if let value { family.add(value, ["target": target]) }
    return family
  }

  private var verdictFamilies: [MetricFamily] {
    let entries = replayed?.document.result.entries
    return [
      family(
        "capability_degraded",
        "1 if the last run replayed nothing, too little, or something else than it should; else 0.",
        MetricValue(isDegraded)),
      // Of nothing the rate is 0, not NaN: no rule would notice that.
      family(
        "success_rate", "Entries of the last run that were applied or acknowledged, of all.",
        MetricValue(decimal: entries?.successRatio ?? "0")),
      family(
        "success_rate_threshold", "The success rate below which replay is degraded.",
        MetricValue(decimal: threshold.trimmedDecimalString)),
      family(
        "golden_match",
        "Whether the last result that was compared equals that of a sequential run, a golden trace, and expected values.",
        (hasCompared ? matchesGolden : unequalBefore.golden ? false : nil).map(MetricValue.init)),
      comparisons,
    ]
  }

  private var hasCompared: Bool { !(replayed?.document.comparisons.outcomes ?? []).isEmpty }

  private var comparisons: MetricFamily {
    var family = MetricFamily(
      LastRun.comparisonName, "Whether the last result that was compared equals what it was compared with.")
    guard hasCompared else {
      for side in unequalBefore.sides { family.add(MetricValue(false), ["target": target, "with": side]) }
      return family
    }
    for outcome in replayed?.document.comparisons.outcomes ?? [] {
      family.add(MetricValue(outcome.firstDivergence == nil), ["target": target, "with": outcome.side.rawValue])
    }
    return family
  }

  private var resultFamilies: [MetricFamily] {
    let result = replayed?.document.result
    var entries = MetricFamily("storage_replay_entries", "Entries of the last run, by what became of them.")
    if let counts = result?.entries {
      let named = [
        ("applied", counts.applied), ("acknowledged", counts.acknowledged), ("rejected", counts.rejected),
        ("unsupported", counts.unsupported),
      ]
      for (name, count) in named { entries.add(MetricValue(count), ["target": target, "result": name]) }
    }
    return [
      entries,
      family(
        "divergent_objects", "Object versions of which the last run derived something else than the log recorded.",
        replayed?.divergentObjects.map { MetricValue($0) }),
      family("epochs", "Advancements of the epoch in the last run.", result.map { MetricValue($0.checkpoints.count) }),
      family(
        "current_epoch", "The epoch at the end of the last run.",
        result.map { MetricValue($0.state.currentEpoch.value) }),
      family("workers", "Workers of the last run.", replayed.map { MetricValue($0.workers) }),
      family("archive_bytes", "The log of the last run, as stored.", replayed?.archiveBytes.map { MetricValue($0) }),
    ]
  }

  private var timeFamilies: [MetricFamily] {
    var stages = MetricFamily("storage_replay_stage_duration_seconds", "Wall time of the last run's steps.")
    for step in steps { stages.add(MetricValue(step.elapsed), ["target": target, "stage": step.name]) }
    return [
      family("last_run_timestamp_seconds", "When the last run ended.", MetricValue(decimal: ended)),
      family(
        "last_success_timestamp_seconds", "When a run last compared its result and found all of it equal.",
        (isSuccess ? ended : successBefore).map { MetricValue(decimal: $0) }),
      family("last_run_duration_seconds", "Wall time of the last run.", MetricValue(elapsed)),
      family("last_run_exit_status", "The exit status of the last run.", MetricValue(exitStatus)),
      stages,
    ]
  }

  private var information: MetricFamily {
    MetricFamily(
      "storage_replay_last_run_info", "What the last run replayed, and what it gave.", MetricValue(true),
      [
        "target": target, "archive": archive,
        "state_root": replayed?.document.result.roots.state.hexadecimal ?? "",
        "golden_root": replayed?.goldenRoot?.hexadecimal ?? "", "verdict": verdict,
      ])
  }
}
