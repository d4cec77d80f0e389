internal import ReplayEvidence
internal import StorageProtocol

extension LastRun {
  // Behind the prefix of all families.
  static let successTimeName = "last_success_timestamp_seconds"
  static let goldenMatchName = "golden_match"
  static let comparisonName = "comparison_equal"
  static let sides = Comparisons.Side.allCases.map(\.rawValue)

  /// The families of the last run. What is not known has no series.
  package var families: [MetricFamily] { verdictFamilies + resultFamilies + timeFamilies + [information] }

  private func family(_ name: String, _ help: String, _ value: MetricValue?) -> MetricFamily {
    MetricFamily(name, help, value, target: target)
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
        LastRun.goldenMatchName,
        "Whether the last result that was compared equals that of a sequential run, a golden trace, and expected values.",
        (matchesGolden ?? (unequalBefore.golden ? false : nil)).map(MetricValue.init)),
      comparisons,
    ]
  }

  /// What was unequal before stands until something that does not come from the log is compared again.
  private var comparisons: MetricFamily {
    var family = MetricFamily(
      MetricFamily.prefix + LastRun.comparisonName,
      "Whether the last result that was compared equals what it was compared with.")
    let outcomes = replayed?.document.comparisons.outcomes ?? []
    for outcome in outcomes {
      family.add(MetricValue(outcome.firstDivergence == nil), ["target": target, "with": outcome.side.rawValue])
    }
    guard matchesGolden == nil else { return family }
    for side in unequalBefore.sides where !outcomes.contains(where: { $0.side.rawValue == side }) {
      family.add(MetricValue(false), ["target": target, "with": side])
    }
    return family
  }

  private var resultFamilies: [MetricFamily] {
    let result = replayed?.document.result
    var entries = MetricFamily(MetricFamily.prefix + "entries", "Entries of the last run, by what became of them.")
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
        LastRun.successTimeName, "When a run last compared its result and found all of it equal.",
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
