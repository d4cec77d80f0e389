import Foundation
import ReplayTestSupport
import StorageProtocol
import Testing

/// `bench curves`, small.
@Suite struct CurvesTests {
  private static let names = ["workers", "entries", "content-size", "skew", "epochs", "cost", "memory"]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  private func curves(_ arguments: [String]) throws -> CommandLineRun {
    try CommandLineRun(["bench", "curves", "--cache", path("cache"), "-q"] + arguments)
  }

  private func document(_ name: String) throws -> JSONObject {
    try CommandLineRun(shell: "cat \(name)/curves.json", folder: folder.path).json
  }

  private func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  private func bytes(_ name: String) throws -> [UInt8] { try folder.read(name) }

  @Test func `a folder has a picture a curve, and every replay of every point in a document`() throws {
    let run = try curves(["-o", path("out"), "--scale", "0.0001", "--runs", "2", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try names("out") == (["curves.json"] + Self.names.map { "\($0).svg" }).sorted())
    let document = try document("out")
    #expect(try document.text("schema") == "eqm-replay/curves/1" && document["runs"] == .integer(2))
    #expect(try document.text("command").contains("bench curves"))
    let logs = try document.elements("logs").compactMap(\.objectValue)
    let replays = try logs.map(check).reduce(0, +)
    #expect(try run.json["replays"] == .integer(replays))
    let drawn = try document.elements("curves").compactMap(\.objectValue)
    #expect(try drawn.map { try $0.text("curve") } == Self.names)
    let shown = try ChartFacts.read(Self.names.map { ($0, try bytes("out/\($0).svg")) })
    for (curve, chart) in zip(drawn, shown) {
      let points = try curve.elements("points").count
      #expect(points > 0 && chart.panels.allSatisfy { $0.points.count == points }, "\(chart.name)")
      #expect(!chart.hasErrors && chart.overlaps.isEmpty && chart.outside.isEmpty, "\(chart.name): \(chart.overlaps)")
    }
  }

  /// Compares a log of the document with a replay of it.
  ///
  /// - Returns: the number of its samples.
  private func check(_ log: JSONObject) throws -> Int {
    let file = try "\(path("cache"))/*/\(log.text("log"))"
    let replay = try CommandLineRun(shell: "$EQM replay \(file) --workers 1 --json -q").json
    #expect(try log.text("state_root") == replay.object("commitment").text("state_root"))
    #expect(try log["entries"] == replay.object("entries")["total"])
    let series = try log.elements("series").compactMap(\.objectValue)
    let counts = try series.map { try $0.elements("samples").count }
    #expect(try series.last?.text("contender") == "golden" && counts.last == 1)
    #expect(counts.dropLast().allSatisfy { $0 == 2 } && counts.count > 1)
    return counts.reduce(0, +)
  }

  @Test func `pictures are drawn again from the document alone, and are the same`() throws {
    #expect(try curves(["cost", "skew", "-o", path("out"), "--scale", "0.0001", "--runs", "1"]).status == 0)
    let before = try ["cost.svg", "skew.svg", "curves.json"].map { try bytes("out/\($0)") }
    try folder.write("mine", "out/notes.txt")
    // Neither a log nor a program is needed.
    let redraw = ["-o", path("out"), "--redraw", "--program", path("none"), "--cache", path("no cache")]
    #expect(try curves(redraw).status == 6, "nothing is replaced unasked")
    try folder.write("", "out/cost.svg")
    #expect(try curves(redraw + ["cost", "--force"]).status == 0)
    #expect(try ["cost.svg", "skew.svg", "curves.json"].map { try bytes("out/\($0)") } == before)
    #expect(try curves(redraw + ["workers", "--force"]).status == 6, "it was not measured")
    #expect(try names("out") == ["cost.svg", "curves.json", "notes.txt", "skew.svg"])
    let changed = String(decoding: before[2], as: UTF8.self).replacingOccurrences(
      of: "\"seconds\": ", with: "\"second\": ")
    try folder.write(changed, "out/curves.json")
    #expect(try curves(redraw + ["--force"]).status == 4)
    #expect(try bytes("out/skew.svg") == before[1])
    #expect(try curves(["-o", path("empty"), "--redraw"]).status == 2)
  }

  @Test func `a measurement replaces another only if asked to, and then all of it`() throws {
    let measure = ["-o", path("out"), "--scale", "0.0001", "--runs", "1"]
    #expect(try curves(["cost"] + measure).status == 0)
    let before = try bytes("out/curves.json")
    for curve in ["cost", "epochs"] {
      #expect(try curves([curve] + measure).status == 6)
    }
    #expect(try bytes("out/curves.json") == before && names("out") == ["cost.svg", "curves.json"])
    try folder.write("mine", "out/notes.txt")
    #expect(try curves(["epochs", "--force", "--discard"] + measure).status == 0)
    #expect(
      try names("out") == ["curves.json", "epochs.svg", "notes.txt"], "what was of the other measurement is gone")
    let cached = try CommandLineRun(shell: "ls cache/*", folder: folder.path)
    #expect(!String(decoding: cached.output, as: UTF8.self).contains("epoch-storm"))
  }

  /// Makes a program that gives another state root with two workers, or with the sequential engine.
  private func liar(_ option: String) throws -> String {
    let script = """
      #!/bin/bash
      case " $* " in
      *" \(option) "*) "$EQM" "$@" | sed 's/"state_root": "[0-9a-f]*"/"state_root": "00"/' ;;
      *) exec "$EQM" "$@" ;;
      esac
      """
    try folder.write(script, "script")
    // Another process writes the file that is run: a child of another test could hold it open for writing otherwise.
    let run = try CommandLineRun(shell: "sed \"s|\\$EQM|$EQM|\" script > liar && chmod 755 liar", folder: folder.path)
    try #require(run.status == 0, "\(run.errors)")
    return path("liar")
  }

  @Test(arguments: ["--sequential", "--workers=1"])
  func `a replay that comes to another state root draws nothing`(option: String) throws {
    let arguments = ["workers", "-o", path("out"), "--scale", "0.0001", "--runs", "1", "--program", try liar(option)]
    let run = try curves(arguments)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("state root 00") || run.errors.contains("with the fewest workers 00"), "\(run.errors)")
    #expect(try names("out").isEmpty)
  }

  @Test func `what is misspelt is usage, and a program that does not run is a failure`() throws {
    for arguments in [
      ["speed"], ["--runs", "0"], ["--scale", "0"], ["--scale", "11"], ["--scale", "nan"], ["--scale", "x"],
    ] {
      #expect(try curves(["-o", path("out")] + arguments).status == 64, "\(arguments)")
    }
    #expect(try curves(["cost"]).status == 64, "nowhere to put it")
    #expect(try curves(["-o", path("out"), "--program", path("none")]).status == 2)
    try folder.write("a file", "file")
    #expect(try curves(["-o", path("file")]).status == 6)
    #expect(try CommandLineRun(["bench"]).status == 64)
  }
}
