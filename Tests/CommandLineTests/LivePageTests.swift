import Foundation
import Glibc
import ReplayTestSupport
import StorageProtocol
import Testing

/// The live page as Chromium reads it.
@Suite struct LivePageTests {
  private func count(_ text: String, in document: String) -> Int { document.components(separatedBy: text).count - 1 }

  @Test func `a run that is going is shown with every step and figure, and without a script`() throws {
    let program = try ServingProgram(["replay", "-", "--sequential", "--listen", "127.0.0.1:0"])
    try program.feed((0..<5).map { #"{"event_type":"READ","object_id":"o\#($0)","version":1}"# + "\n" }.joined())
    _ = try program.wait("five entries are read") {
      try program.get("/status").json["entries"] == .integer(5) ? true : nil
    }
    let document = try HeadlessBrowser.document(program.url)
    #expect(document.contains("<meta http-equiv=\"refresh\" content=\"2\">"))
    #expect(document.contains("<section id=\"run-0\" class=\"run\">"))
    #expect(document.contains("<span class=\"badge running\">running</span>"))
    for tile in ["step", "elapsed", "remaining", "entries", "read", "entry-rate", "byte-rate", "workers", "started"] {
      #expect(count("<div class=\"tile \(tile)\">", in: document) == 1, "\(tile)")
    }
    #expect(document.contains("<dt>Entries of this reading</dt><dd>5</dd>"))
    #expect(document.contains("<tr class=\"step-replay running\">"))
    #expect(document.contains("<p class=\"note whole\">"), "how long the log is, nobody knows")
    #expect(!document.contains("<script"))
    try program.endInput()
    _ = try program.end()
  }

  @Test func `results are shown with every row, and a hostile name stays text`() throws {
    let folder = try TemporaryFolder()
    let name = "<script>alert(1)<"
    try FileManager.default.createDirectory(atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
    try folder.write(Fixture.bytes(of: "bad-entries.jsonl.lz4"), "\(name)/script>.jsonl")
    let program = try ServingProgram(
      [
        "serve", "good=\(Fixture.path("runbook-small.json"))", "hostile=./\(name)/script>.jsonl", "--listen",
        "127.0.0.1:0",
      ],
      folder: folder.path)
    _ = try program.wait("all runs have ended") { try program.get("/status").json.text("state") == "done" ? true : nil }
    let document = try HeadlessBrowser.document(program.url)
    #expect(!document.contains("http-equiv=\"refresh\""))
    #expect(!document.contains("<script"))
    #expect(document.contains("&lt;script&gt;alert(1)&lt;/script&gt;.jsonl"))
    #expect(document.contains("<span class=\"badge good\">PASSED</span>"))
    #expect(document.contains("<span class=\"badge warned\">WARNED</span>"))
    let rows = [
      "verdict", "exit status", "started", "elapsed", "entries", "applied", "acknowledged", "rejected", "unsupported",
      "compared with", "state root",
    ]
    for row in rows { #expect(count("<th scope=\"row\">\(row)</th>", in: document) == 2, "\(row)") }
    for step in ["prepare", "load", "replay", "verify"] {
      #expect(count("<tr class=\"step-\(step) done\">", in: document) == 2, "\(step)")
    }
    let root = try Fixture.expected("runbook-small").object("commitment").text("state_root")
    #expect(document.contains(root))
    program.signal(SIGTERM)
    #expect(try program.end() == 3)
  }
}
