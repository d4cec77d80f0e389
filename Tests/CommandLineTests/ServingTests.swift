import Foundation
import Glibc
import ReplayTestSupport
import StorageProtocol
import Testing

/// `drill` and `replay` with `--listen`, and `serve`: the program over HTTP.
@Suite struct ServingTests {
  private static let listen = ["--listen", "127.0.0.1:0"]
  private static let nodes = (0..<4).map {
    #"{"event_type":"NODE_REGISTRATION","node_id":"n\#($0)","host":"h","port":1}"# + "\n"
  }

  private let small = Fixture.path("runbook-small.json")
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func value(_ series: String, in page: String) -> String? {
    page.split(separator: "\n").first { $0.hasPrefix(series + " ") }.map { String($0.dropFirst(series.count + 1)) }
  }

  private func names(_ page: String) -> Set<Substring> {
    Set(page.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] })
  }

  @Test func `a run that is going says how far it is, and claims nothing of its result`() throws {
    let program = try ServingProgram(["replay", "-", "--sequential", "--json"] + ServingTests.listen)
    try program.feed(ServingTests.nodes[0] + ServingTests.nodes[1])
    let read = #"storage_replay_entries_read_total{target="storage",step="replay"}"#
    let page = try program.wait("two entries are read") {
      let page = try program.get("/metrics").text
      return value(read, in: page) == "2" ? page : nil
    }
    #expect(try Promtool.complaints(page) == "")
    #expect(value(#"storage_replay_running{target="storage"}"#, in: page) == "1")
    #expect(value(#"storage_replay_step{target="storage",step="replay"}"#, in: page) == "1")
    #expect(!page.contains("storage_replay_progress_ratio"), "how long the log is, nobody knows")
    for claim in ["capability_degraded", "success_rate", "golden_match", "last_run"] { #expect(!page.contains(claim)) }
    let status = try program.get("/status").json
    #expect(try status.text("schema") == "eqm-replay/status/1")
    #expect(try status.text("state") == "running")
    #expect(try status.text("step") == "replay")
    #expect(status["entries"] == .integer(2))
    for unknown in ["fraction", "remaining_seconds", "verdict", "exit_status"] { #expect(status[unknown] == .null) }
    #expect(try program.get("/healthz").text == "ok\n")
    try program.feed(ServingTests.nodes[2])
    _ = try program.wait("the third entry is read") {
      try value(read, in: program.get("/metrics").text) == "3" ? true : nil
    }
    try program.endInput()
    #expect(try program.end() == 0)
    #expect(throws: (any Error).self, "the server ends with the run") { try program.client.connected() }
    let served = try #require(JSONText.value(program.output).objectValue).object("commitment")
    let alone = try CommandLineRun(
      ["replay", "-", "--sequential", "--json"], input: Array(ServingTests.nodes[..<3].joined().utf8)
    ).json
    #expect(try served == alone.object("commitment"))
  }

  @Test func `a page is read, and nothing else is answered`() throws {
    let program = try ServingProgram(["drill", "-", "--out", folder.path, "-q"] + ServingTests.listen)
    #expect(program.errors == "serving \(program.url)\n", "which port was free must be told")
    for page in ["/", "/metrics", "/status", "/healthz"] {
      let (whole, head) = (try program.get(page), try program.get(page, method: "HEAD"))
      #expect(whole.status == 200 && head.status == 200 && head.body.isEmpty)
      #expect(whole.fields["content-length"] == "\(whole.body.count)")
      #expect(whole.fields["cache-control"] == "no-store")
      #expect(whole.fields["connection"] == "close")
      #expect(whole.fields["x-content-type-options"] == "nosniff")
      #expect(whole.fields["referrer-policy"] == "no-referrer")
      #expect(try #require(whole.fields["content-security-policy"]).hasPrefix("default-src 'none'; "))
      #expect(whole.fields["access-control-allow-origin"] == nil)
      let refused = try program.get(page, method: "POST")
      #expect(refused.status == 405)
      #expect(refused.fields["allow"] == "GET, HEAD")
    }
    #expect(try program.get("/metrics").fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    for nothing in ["/favicon.ico", "/metrics/", "//", "/../etc/passwd", "/%2e"] {
      #expect(try program.get(nothing).status == 404, "\(nothing)")
    }
    for stranger in ["example.com", "example.com:\(program.port)", "127.0.0.1.example.com", "10.0.0.1", "[::2]"] {
      #expect(try program.get("/status", host: stranger).status == 403, "\(stranger)")
    }
    for own in ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:9464"] {
      #expect(try program.get("/status", host: own).status == 200, "\(own)")
    }
    program.signal(SIGTERM)
    #expect(try program.end() == 143)
    #expect(try folder.names == [])
  }

  @Test func `what is no request is not answered, and silence keeps nobody out`() throws {
    let program = try ServingProgram(["replay", "-", "-q"] + ServingTests.listen)
    for nothing in [
      "GET /\r\n\r\n", "\u{0}\r\n\r\n", "\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    ] {
      #expect(try program.client.send(nothing) == nil, "\(nothing)")
    }
    let close = "Host: localhost\r\nConnection: close\r\n\r\n"
    let answered = [
      ("GET http://localhost/ HTTP/1.1\r\n\(close)", 404), ("BREW /healthz HTTP/1.1\r\n\(close)", 404),
      ("GET /healthz HTTP/1.0\r\n\r\n", 200), ("GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n", 200),
    ]
    for (request, status) in answered { #expect(try program.client.send(request)?.status == status, "\(request)") }
    let silent = try (0..<64).map { _ in try program.client.connected() }
    defer { for connection in silent { Glibc.close(connection) } }
    #expect(try program.get("/healthz").status == 200)
    let folder = "/proc/\(program.processIdentifier)/fd"
    _ = try program.wait("of 64 connections at most sixteen are held") {
      try FileManager.default.contentsOfDirectory(atPath: folder).count < 40 ? true : nil
    }
  }

  @Test func `an address that cannot be had is found before any work`() throws {
    let program = try ServingProgram(["replay", "-"] + ServingTests.listen)
    let taken = "127.0.0.1:\(program.port)"
    for verb in [["drill", small, "--out", folder.path], ["replay", small], ["serve", small]] {
      let run = try CommandLineRun(verb + ["--listen", taken])
      #expect(run.status == 6)
      #expect(run.errors.contains(taken) && run.output.isEmpty)
    }
    for address in ["9464", ":9464", "example.com:9464", "127.0.0.1", "127.0.0.1:65536", "::1:9464", "[::1]"] {
      #expect(try CommandLineRun(["replay", small, "--listen", address]).status == 64, "\(address)")
    }
    #expect(try folder.names == [])
  }

  @Test func `serve shows results until it is told to stop`() throws {
    let damaged = try folder.write("{\n", "damaged.jsonl")
    let page = "\(folder.path)/drill.prom"
    let drill = try CommandLineRun(
      ["drill", small, "--out", folder.path, "--metrics-file", page, "--target", "good", "-q", "--json"])
    let program = try ServingProgram(
      ["serve", damaged, "good=\(small)", "missing=/nowhere.jsonl", "--json"] + ServingTests.listen)
    let status = try program.wait("all runs have ended") {
      let status = try program.get("/status").json
      return try status.text("state") == "running" ? nil : status
    }
    #expect(try status.text("state") == "failed")
    let runs = try status.elements("runs").map { try #require($0.objectValue) }
    #expect(try runs.map { try $0.text("target") } == ["damaged", "good", "missing"])
    #expect(try runs.map { try $0.required("exit_status") } == [.integer(4), .integer(0), .integer(2)])
    #expect(runs[1]["verdict"] == .text("PASSED"))
    #expect(
      try program.get("/").text.contains("<tr class=\"step-verify skipped\">"), "of a damaged log nothing is verified")
    let metrics = try program.get("/metrics").text
    #expect(try Promtool.complaints(metrics) == "")
    let drilled = String(decoding: try folder.read("drill.prom"), as: UTF8.self)
    // A success without evidence is none that a drill would have to have.
    let success: Substring = "storage_replay_last_success_timestamp_seconds"
    #expect(names(drilled).contains(success))
    #expect(
      names(metrics) == names(drilled).filter { $0 != success },
      "of a run that has ended there are the metrics of its result, no others")
    for series in ["capability_degraded", "success_rate", "golden_match", "workers", "archive_bytes"] {
      let name = #"storage_replay_\#(series){target="good"}"#
      #expect(value(name, in: metrics) == value(name, in: drilled))
    }
    for target in ["damaged", "missing"] {
      #expect(value(#"storage_replay_capability_degraded{target="\#(target)"}"#, in: metrics) == "1")
    }
    program.signal(SIGTERM)
    #expect(try program.end() == 4, "the worst of 4, 0 and 2 is 4")
    let result = try #require(JSONText.value(program.output).objectValue)
    let served = try result.elements("runs").compactMap { $0.objectValue?["result"]?.objectValue }
    #expect(try served.contains { try $0["result_digest"] == drill.json.required("result_digest") })
    #expect(try folder.names.filter { $0.hasPrefix("storage_replay") }.count == 1, "serve leaves no evidence")
  }

  @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func `a signal during a run ends serve as it ends any other verb`(signal: Int32, status: Int32) throws {
    let program = try ServingProgram(["serve", "-"] + ServingTests.listen)
    _ = try program.wait("it serves") { try program.get("/healthz").status == 200 ? true : nil }
    program.signal(signal)
    #expect(try program.end() == status)
    #expect(program.output.isEmpty)
  }

  @Test func `names of served logs differ`() throws {
    let twice = try CommandLineRun(["serve", small, small] + ServingTests.listen)
    #expect(twice.status == 64)
    #expect(twice.errors.contains("NAME=PATH"))
    #expect(try CommandLineRun(["serve", small, "--target", ""] + ServingTests.listen).status == 64)
    #expect(try CommandLineRun(["serve", small, "b=\(small)", "--golden", "g"] + ServingTests.listen).status == 64)
  }
}
