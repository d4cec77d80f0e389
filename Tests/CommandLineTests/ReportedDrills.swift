import Foundation
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Drills of every kind, the reports of their evidence, and what a browser shows of them.
struct ReportedDrills {
  /// One drill, and what became of its report.
  struct Reported {
    /// The evidence.
    let document: JSONObject
    /// Of the file that the report was made from.
    let sha256: String
    let page: [UInt8]
    let run: JSONObject
  }

  static let script = "<script>alert(1)</script>"
  /// Closes what is open, turns the direction of the text, and rings a bell.
  static let image = #"</td></table>"><img src=x onerror=alert(2)>\u202e\u0007"#

  private(set) var drills: [String: Reported] = [:]
  /// At 1280 and 400 pixels, with colours for light and then for dark systems.
  private(set) var light: [PageFacts] = []
  private(set) var dark: [PageFacts] = []
  let keyID: String

  /// Made once: it takes the browser two starts.
  static let shared = Result { try ReportedDrills() }

  private init() throws {
    let drill = try DrilledEvidence()
    keyID =
      try CommandLineRun(["evidence", "verify", "--json", Self.signed(drill), "--key", drill.publicKey]).json
      .elements("checks").compactMap(\.objectValue).first { try $0.text("name") == "signature" }?.text("detail")
      .components(separatedBy: " ").last ?? ""
    try add("recorded", drill, Fixture.path("recorded-events.json.lz4"))
    try add("bad", drill, Fixture.path("bad-entries.jsonl.lz4"))
    try add("hostile", drill, Self.hostile(drill.folder))
    try add("damaged", drill, drill.folder.write("[", "cut.json"))
    try add("empty", drill, drill.folder.write("", "empty.jsonl"))
    try add("accepted", drill, Self.accepted(drill.folder), ["--accept", drill.path("accept.jsonl")])
    let small = Fixture.path("runbook-small.json")
    try add(
      "verified", drill, small, ["--state-out", drill.path("s.sqlite")], isSigned: true, ending: ".dsse.json",
      hasKey: true)
    try add("unverified", drill, small, isSigned: true, ending: ".dsse.json")
    try add("bare", drill, small, isSigned: true)
    let pages = drills.sorted { $0.key < $1.key }.map { (name: $0.key, text: $0.value.page) }
    light = try PageFacts.read(pages, widths: [1280, 400])
    dark = try PageFacts.read(pages, widths: [1280, 400], options: [HeadlessBrowser.dark])
  }

  func reported(_ name: String) throws -> Reported { try #require(drills[name]) }

  func page(_ name: String) throws -> PageFacts { try #require(light.first { $0.name == name }) }

  func section(_ id: String, of name: String) throws -> PageFacts.Section {
    try #require(try page(name).section(id), "\(name) has a section \(id)")
  }

  // MARK: Logs

  private static func signed(_ drill: DrilledEvidence) throws -> String {
    try drill.drill(Fixture.path("runbook-small.json"), out: "key")
    return try drill.file(".dsse.json", in: "key")
  }

  /// Ids, types and values that would be markup if anybody let them, in a file whose name would be too.
  private static func hostile(_ folder: TemporaryFolder) throws -> String {
    let image = image.replacingOccurrences(of: "\"", with: "\\\"")
    return try folder.write(
      LogText.lines(
        [
          ManyFindings.diverging(0).replacingOccurrences(of: "\"c0\"", with: "\"\(script)\""), ManyFindings.store,
          ManyFindings.proof.replacingOccurrences(of: ":[]}", with: ":[\"\(image)\"]}"),
          #"{"event_type":"<b onclick=alert(3)>\u202e&amp;"}"#,
        ] + (1...120).map(ManyFindings.diverging)), "<i>'&\"log.jsonl")
  }

  /// A log of which everything is accepted, by a list that accepts more.
  private static func accepted(_ folder: TemporaryFolder) throws -> String {
    let path = try folder.write(LogText.lines([ManyFindings.store, ManyFindings.proof]), "known.jsonl")
    let lines = try KnownFindings(LogSource(argument: path)).items.map { $0.line() }
    let unused = #"{"ordinal":7,"code":"UNSUPPORTED","reason":"gone","expires":"9999-12-31"}"#
    try folder.write(LogText.lines(lines + [unused]), "accept.jsonl")
    return path
  }

  // MARK: Reports

  private mutating func add(
    _ name: String, _ drill: DrilledEvidence, _ log: String, _ options: [String] = [], isSigned: Bool = false,
    ending: String = ".json", hasKey: Bool = false
  ) throws {
    let run = try drill.drill(log, options, out: name, isSigned: isSigned)
    let evidence = try drill.file(ending, in: name)
    let page = drill.path("\(name).html")
    let report = try CommandLineRun(
      ["report", evidence, "-o", page, "--json"] + (hasKey ? ["--key", drill.publicKey] : []))
    try #require(report.status == 0, "\(name): \(run.errors)\(report.errors)")
    drills[name] = Reported(
      document: try drill.document(drill.file(".json", in: name)),
      sha256: Digest.sha256(try drill.bytes(evidence)).hexadecimal, page: try drill.bytes(page), run: try report.json)
  }
}
