internal import ReplayMetrics

/// The page `/metrics`: of a run that is going, how far it is; of one that has ended, the metrics of its result.
///
/// Never both of one run, and nothing of a result while there is none.
struct LiveMetrics {
  private let runs: ServedRuns

  init(_ runs: ServedRuns) { self.runs = runs }

  var page: MetricsPage {
    let ended = runs.runs.flatMap { $0.end?.families ?? [] }
    let live = runs.runs.flatMap { run -> [MetricFamily] in
      guard case .running(let progress) = run.phase else { return [] }
      return LiveMetrics.families(of: progress, target: run.target)
    }
    return MetricsPage(MetricFamily.merged(live + ended + [runs.build.family]))
  }

  private static func families(of progress: ServedProgress, target: String) -> [MetricFamily] {
    [
      MetricFamily("running", "Whether a run is going.", MetricValue(true), target: target),
      MetricFamily(
        "run_start_timestamp_seconds", "When the run that is going began.",
        MetricValue(decimal: progress.start.unixSeconds), target: target),
      MetricFamily(
        "progress_ratio", "What of the run that is going is done.",
        progress.fractionMillionths.map { MetricValue(decimal: Decimal.millionths($0)) }, target: target),
      MetricFamily(
        "remaining_seconds", "The time that the run that is going still takes, at its rates so far.",
        progress.remaining.map { MetricValue($0) }, target: target),
      MetricFamily("workers", "Workers of the last run.", progress.workers.map { MetricValue($0) }, target: target),
    ] + stepFamilies(progress, target)
  }

  private static func stepFamilies(_ progress: ServedProgress, _ target: String) -> [MetricFamily] {
    var step = MetricFamily("storage_replay_step", "The step that the run is in: 1, the others 0.")
    var entries = MetricFamily(
      "storage_replay_entries_read_total", "Entries read by each step of the run that is going.", kind: .counter)
    var bytes = MetricFamily(
      "storage_replay_bytes_read_total", "Bytes of the log as stored, read by each step of the run that is going.",
      kind: .counter)
    for one in progress.steps {
      step.add(MetricValue(one.name == progress.step), ["target": target, "step": one.name])
      entries.add(MetricValue(one.entries), ["target": target, "step": one.name])
      bytes.add(MetricValue(one.bytesRead), ["target": target, "step": one.name])
    }
    return [step, entries, bytes]
  }
}

extension MetricFamily {
  /// The same series, with one family a name: that of its first one, in the order of the first ones.
  ///
  /// Series of a family must stand together, whatever target they are of.
  fileprivate static func merged(_ families: [MetricFamily]) -> [MetricFamily] {
    var merged: [MetricFamily] = []
    for family in families {
      if let index = merged.firstIndex(where: { $0.name == family.name }) {
        for sample in family.samples { merged[index].add(sample.value, sample.labels) }
      } else {
        merged.append(family)
      }
    }
    return merged
  }
}
