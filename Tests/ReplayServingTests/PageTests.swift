import Foundation
import ReplayMetrics
import ReplayServing
import StorageProtocol
import Testing

/// Runs that never change.
struct FixedRuns: RunsServed {
  let runs: ServedRuns
  func tick() {}
}

/// Pages of runs that nothing was replayed for.
@Suite struct PageTests {
  private static let build = BuildInformation(version: "1", revision: "r", swiftVersion: "s")
  private static let start = ServedProgress.Start(iso8601: "2026-11-26T00:00:00.000000Z", unixSeconds: "1.000000")

  private func answer(_ path: String, _ runs: [ServedRun]) throws -> PageResponse {
    let pages = RunPages(
      FixedRuns(runs: ServedRuns(runs, build: PageTests.build)), at: try #require(ListeningAddress("127.0.0.1:1")))
    let target = path.split(separator: "?", omittingEmptySubsequences: false).map(String.init)
    return pages.answer(PageRequest("GET", target[0], query: target.dropFirst().first ?? "", host: "localhost"))
  }

  private func page(_ path: String, _ runs: [ServedRun]) throws -> String {
    String(decoding: try answer(path, runs).body, as: UTF8.self)
  }

  private var going: ServedProgress {
    var progress = ServedProgress(start: PageTests.start)
    progress.elapsed = .seconds(10)
    progress.step = "replay"
    progress.steps = [
      .init(name: "load", state: .done, elapsed: .seconds(4), entries: 100, bytesRead: 1000),
      .init(name: "replay", state: .running, elapsed: .seconds(6), entries: 40, bytesRead: 400),
      .init(name: "verify", state: .waiting, elapsed: .zero, entries: 0, bytesRead: 0),
    ]
    progress.entries = 40
    progress.bytesRead = 400
    progress.storedBytes = 1000
    progress.fractionMillionths = 466_666
    progress.rates = [0, 7, 14]
    return progress
  }

  private func failed(_ families: [MetricFamily] = []) -> ServedRun {
    var end = ServedEnd(exitStatus: 2)
    end.problems = ["<b>no such file</b>"]
    end.families = families
    return ServedRun(target: "a", log: "log", phase: .ended(end, ServedProgress(start: PageTests.start)))
  }

  @Test func `a name never becomes markup, nor turns the direction of what stands beside it`() throws {
    for phase in [ServedRun.Phase.waiting, .running(going)] {
      let run = ServedRun(target: "t\"'", log: "<script>alert(1)</script>\u{202E}\u{0301}<\u{0301}img&", phase: phase)
      let page = try page("/", [run])
      #expect(!page.contains("<script"))
      #expect(!page.unicodeScalars.contains("\u{202E}"))
      #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;\\u{202e}\u{0301}&lt;\u{0301}img&amp;"))
      #expect(page.contains("t&quot;&#39;"))
    }
  }

  @Test func `a page loads itself again while a run is going or to come, unless it is paused`() throws {
    let refresh = "http-equiv=\"refresh\""
    let waiting = ServedRun(target: "b", log: "log", phase: .waiting)
    for runs in [[waiting], [failed(), waiting], [ServedRun(target: "c", log: "log", phase: .running(going))]] {
      #expect(try page("/", runs).contains(refresh))
      #expect(try !page("/?pause", runs).contains(refresh))
      #expect(try page("/?pause", runs).contains("href=\"/\""))
    }
    #expect(try !page("/", [failed()]).contains(refresh))
    #expect(try page("/", [failed()]).contains("&lt;b&gt;no such file&lt;/b&gt;"))
  }

  @Test func `series of one name stand together, whatever run they are of`() throws {
    let earlier = MetricFamily("storage_replay_workers", "Other words.", MetricValue(3), ["target": "a"])
    var progress = going
    progress.workers = 2
    let text = try page(
      "/metrics", [failed([earlier]), ServedRun(target: "c", log: "log", phase: .running(progress))])
    let workers = text.split(separator: "\n").filter { $0.contains("storage_replay_workers") }
    #expect(
      workers == [
        "# HELP storage_replay_workers Workers of the last run.", "# TYPE storage_replay_workers gauge",
        "storage_replay_workers{target=\"c\"} 2", "storage_replay_workers{target=\"a\"} 3",
      ])
    #expect(text.contains("storage_replay_progress_ratio{target=\"c\"} 0.466666\n"))
    #expect(text.contains("storage_replay_entries_read_total{target=\"c\",step=\"load\"} 100\n"))
  }

  @Test func `status tells of the run that is going, and in short of every run`() throws {
    let runs = [
      failed(), ServedRun(target: "c", log: "log", phase: .running(going)),
      ServedRun(target: "d", log: "log", phase: .waiting),
    ]
    let text = try page("/status", runs)
    #expect(text.contains("\"state\": \"running\",\n  \"target\": \"c\""))
    #expect(text.contains("\"fraction\": 0.466666,\n"))
    #expect(text.contains("\"remaining_seconds\": null,\n"))
    // Steps have states too, and stand before the runs.
    let states = text.split(separator: "\n").filter { $0.hasPrefix("      \"state\"") }.suffix(3)
    #expect(states.map { $0.split(separator: "\"")[3] } == ["failed", "running", "waiting"])
    #expect(try page("/status", [failed()]).contains("\"state\": \"failed\",\n  \"target\": \"a\""))
  }

  @Test func `the policy of a page names its style sheet`() throws {
    let answer = try answer("/", [failed()])
    let text = String(decoding: answer.body, as: UTF8.self)
    let sheet = try #require(text.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first)
    let digest = String(decoding: Base64Text.encode(Digest.sha256(Array(sheet.utf8)).bytes), as: UTF8.self)
    let policy = try #require(answer.fields.first { $0.name == "Content-Security-Policy" }).value
    #expect(policy.contains("style-src 'sha256-\(digest)'"))
    #expect(text.components(separatedBy: "style=").count == 1, "an attribute's style is not in it")
  }
}
