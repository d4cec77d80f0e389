import ReplayTestSupport
import Testing

/// The rules and routes of `Deploy/prometheus`, by the programs that they are for.
@Suite struct AlertingTests {
  private func run(_ command: String) throws -> CommandLineRun {
    try CommandLineRun(shell: command, folder: "\(Fixture.projectFolder)/Deploy/prometheus")
  }

  private func output(_ run: CommandLineRun) -> String { String(decoding: run.output, as: UTF8.self) }

  @Test(arguments: [
    "promtool check rules rules.yml", "promtool check config prometheus.yml", "promtool test rules rules_test.yml",
    "amtool check-config alertmanager.yml", "jq -e '.title | test(\"untested\")' grafana-dashboard.json",
  ])
  func `the files hold`(_ command: String) throws {
    let run = try run(command)
    #expect(run.status == 0, "run .ci/install-system-libraries tests: \(output(run))\(run.errors)")
  }

  /// A test of rules that cannot fail shows nothing.
  @Test(arguments: [
    "s/100 [*] 86400/101 * 86400/", "s/[+] 0.95)/+ 0.9)/", "s/>= (storage/> (storage/", "s/for: 1h/for: 2h/",
    "s/keep_firing_for: 5m//",
    "/^ *max by (target) ($/{N;s/max by (target) (\\n *storage_replay_golden/(storage_replay_golden/}",
    "s/unless max by (target) (storage_replay_last/unless max by (nothing) (storage_replay_last/",
    "/success_rate_threshold/{N;s/storage_replay_success_rate_threshold{[^}]*}\\n *or //}",
    "/capability_degraded.* == 1/s/== 1/== 2/", "s/!= 0/!= 3/", "s/for: 2m/for: 0m/",
    "/exit_status{.*!= 0/s/job!=/nojob!=/", "/golden_match{.*== 0 or/s/job!=/nojob!=/g",
    "/^ *storage_replay_capability_degraded{.*== 1/s/job!=/nojob!=/", "/success_rate{/s/job!=/nojob!=/g",
    "/time() -/s/job!=/nojob!=/", "/unless max by (target) (storage_replay_cap/s/job!=/nojob!=/",
    "/last_over_time/s/job!=/nojob!=/", "s/100d/10m/", "s/or on ()/or/", "s/^ *absent(.*/vector(0) > 1/",
  ])
  func `the tests of the rules notice a rule that is changed`(_ change: String) throws {
    let folder = try TemporaryFolder()
    let run = try run(
      """
      cp rules_test.yml '\(folder.path)'
      sed '\(change)' rules.yml > '\(folder.path)/rules.yml'
      ! cmp -s rules.yml '\(folder.path)/rules.yml' || exit 70
      promtool test rules '\(folder.path)/rules_test.yml'
      """)
    #expect(run.status == 1, "\(output(run))\(run.errors)")
  }

  /// A job of another name would be left out by no rule.
  @Test func `the job that rules leave out is one of Prometheus's`() throws {
    let run = try run(
      "grep -oE 'job!=.[a-z-]+' rules.yml | cut -c 7- | sort -u; grep -oP 'job_name: \\K.*-live' prometheus.yml")
    #expect(output(run) == "eqm-replay-live\neqm-replay-live\n", "\(run.errors)")
  }

  @Test(arguments: [
    ("alertname=StorageReplayDeterminismMismatch severity=critical", "critical-sre,critical-backend"),
    ("alertname=StorageReplayCapabilityDegraded severity=warning", "backend"),
    ("alertname=StorageReplayDrillFailed severity=warning", "backend"),
    ("alertname=StorageReplayMetricsMissing severity=warning", "backend"), ("", "backend"),
  ])
  func `alerts are routed as the runbook says`(_ labels: String, _ receivers: String) throws {
    let run = try run("amtool config routes test --config.file=alertmanager.yml \(labels)")
    #expect(run.status == 0, "\(run.errors)")
    #expect(output(run) == "\(receivers)\n")
  }

  /// Debian's Prometheus and Alertmanager with these files, and pages that drills wrote.
  @Test func `each kind of bad drill reaches whom the runbook names, and is taken back`() throws {
    let run = try CommandLineRun(
      shell: "/usr/bin/python3 '\(Fixture.projectFolder)/Tests/Python/alerting.py' \"$EQM\" '\(Fixture.projectFolder)'")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      output(run) == """
        StorageReplayDeterminismMismatch: pagerduty backend critical, pagerduty sre critical, slack critical \
        #qfs-critical-alerts; resolved
        StorageReplayCapabilityDegraded: pagerduty backend warning, slack backend #qfs-backend-alerts; resolved
        StorageReplayDrillFailed: pagerduty backend warning, slack backend #qfs-backend-alerts; resolved
        StorageReplayDrillOverdue: pagerduty backend warning, slack backend #qfs-backend-alerts; resolved

        """)
  }
}
