import ReplayEvidence
import ReplayTestSupport
import StorageProtocol
import Testing

/// The interpreter with the other implementations that `.ci/install-test-tools` installs.
enum PythonTools {
  /// A shell command that runs a script of `Tests/Python`; it fails where the tools are not installed.
  static func command(_ script: String) -> String {
    "'\(Fixture.projectFolder)/.build/test-tools/bin/python3' '\(Fixture.projectFolder)/Tests/Python/\(script)'"
  }
}

/// Our canonical bytes against those of another implementation of RFC 8785.
@Suite struct CanonicalFormTests {
  private func canonical(_ values: [JSONValue]) throws -> [String] {
    let folder = try TemporaryFolder()
    let lines = values.flatMap { JSONFormat.line.encode($0) + [UInt8(ascii: "\n")] }
    let path = try folder.write(lines, "values")
    let run = try CommandLineRun(shell: "\(PythonTools.command("canonical_json.py")) < '\(path)'")
    try #require(run.status == 0, "run .ci/install-test-tools: \(run.errors)")
    return String(decoding: run.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test func `evidence, its result and odd values have the bytes that another implementation gives`() throws {
    let drill = try DrilledEvidence()
    try drill.drill(Fixture.path("live-unlogged.jsonl.lz4"), ["--no-sequential"])
    let evidence = try drill.document(drill.file(".json"))
    var values: [JSONValue] = [.object(evidence), try evidence.required("result")]
    let texts = [
      "", "\u{7F}é/\"\\\n\u{1}\u{8}\u{C}\t\r", "\u{2028}\u{FEFF}", "\u{1F600}", "\u{FB33}", "a10", "a9", "B",
    ]
    values.append(.array(texts.map(JSONValue.text)))
    values.append(.object(JSONObject(texts.map { (Array($0.utf8), .text($0)) })))
    values.append(
      .array([.integer(9_007_199_254_740_991 as Int64), .integer(-9_007_199_254_740_991 as Int64), .integer(0)]))
    var generator = SeededGenerator(seed: 8785)
    for _ in 0..<300 { values.append(Self.value(&generator, depth: 0)) }
    let expected = try canonical(values)
    #expect(expected.count == values.count)
    for (value, expected) in zip(values, expected) {
      #expect(String(decoding: JCS.encode(JCS.portable(value)), as: UTF8.self) == expected)
    }
  }

  private static func value(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth < 4 ? 7 : 5), using: &generator) {
    case 0: return .null
    case 1: return .boolean(Bool.random(using: &generator))
    case 2: return .integer(Int64.random(in: -(1 << 53) + 1...(1 << 53) - 1, using: &generator))
    case 3, 4: return .text(text(&generator))
    case 5:
      return .array((0..<Int.random(in: 0..<5, using: &generator)).map { _ in value(&generator, depth: depth + 1) })
    default:
      let count = Int.random(in: 0..<6, using: &generator)
      let members = (0..<count).map { index in
        (key: Array((text(&generator) + String(index)).utf8), value: value(&generator, depth: depth + 1))
      }
      return .object(JSONObject(members))
    }
  }

  private static func text(_ generator: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<6, using: &generator) {
      let limit = [0x80, 0x800, 0x10000, 0x110000].randomElement(using: &generator) ?? 0x80
      // Surrogates are no scalars.
      if let scalar = Unicode.Scalar(UInt32.random(in: 0..<UInt32(limit), using: &generator)) { text.append(scalar) }
    }
    return String(text)
  }
}
