internal import LogReading
internal import ReplayEvidence
internal import ReplayMetrics
internal import ReplayServing
internal import StorageProtocol

/// A drill that leaves no evidence: prepare, load, replay, verify.
struct ServedReplay {
  private let options: ReplayOptions
  private let target: String

  init(_ options: ReplayOptions, target: String) {
    self.options = options
    self.target = target
  }

  /// - Returns: what came of it, failures too.
  /// - Throws: `.log` where the run is interrupted.
  func run(_ services: Services) async throws(ReplayFailure) -> ServedOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    var last = LastRun(target: target, archive: options.source.name, threshold: options.threshold)
    last.leavesEvidence = false
    do throws(ReplayFailure) {
      let drilled = try await drilled(services)
      last.add(drilled)
      last.end(drilled.report.status, at: services.now(), after: clock.now - start)
      return ServedOutcome(last, drilled)
    } catch {
      guard !error.isInterruption else { throw error }
      let status = error.status(whenInterrupted: .interrupted)
      last.end(status, at: services.now(), after: clock.now - start)
      return ServedOutcome(last, status, error)
    }
  }

  private func drilled(_ services: Services) async throws(ReplayFailure) -> Drill.Drilled {
    var clock = StepClock()
    services.onPlan(options.servedSteps)
    let (options, damage) = try options.accepting(at: services.now()).fittedOrDamaged(services)
    let golden = try clock.measure(.prepare, services) { () throws(ReplayFailure) in
      try options.goldenComparison(services)
    }
    if let damage { return end(try options.damaged(damage, golden, services), options, clock) }
    let (finding, measured) = try await options.withRereadableLog(services) { [clock] (options) throws(ReplayFailure) in
      var clock = clock
      return (try await options.found(golden, services, &clock), clock)
    }
    return end(finding, options, measured)
  }

  private func end(_ finding: DrillFinding, _ options: ReplayOptions, _ clock: StepClock) -> Drill.Drilled {
    let facts = clock.facts(of: finding)
    let evidence = finding.evidence(options)
    let outcome = DrillOutcome(evidence, nil, options, facts: facts)
    return Drill.Drilled(report: outcome.report(nil, failure: nil), finding: finding, evidence: evidence, facts: facts)
  }
}

extension ReplayOptions {
  /// A drill's steps without the last, for progress.
  fileprivate var servedSteps: [PlannedStep] { drillSteps.filter { $0.step != .evidence } }
}
