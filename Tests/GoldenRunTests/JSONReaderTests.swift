import GoldenRun
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct JSONReaderTests {
  private enum Verdict: Equatable { case good, faulty, notJSON }

  private func judge(_ bytes: [UInt8]) -> Verdict {
    guard let (_, fault) = try? JSONReader.read(bytes) else { return .notJSON }
    return fault == nil ? .good : .faulty
  }

  @Test(arguments: [
    "0", "-0", "-1.5e+10", "1E5", "10", "true", "null", "[]", "{}", "[1, [2], {\"a\": {}}]", " [ ] ",
    "\"\\ud83d\\ude00\"",
    "\"\u{7F}\u{2028}\u{FEFF}\"", "{\"\": 1, \"a\": 2, \"A\": 3}", "\"\\u0000\\/\\b\\f\"",
    "{\"e\u{301}\": 1, \"\u{E9}\": 2}",
  ])
  func `JSON is read`(text: String) { #expect(judge(Array(text.utf8)) == .good) }

  @Test(arguments: [
    "", " ", "01", "+1", "1.", ".5", "1e", "--1", "0x1", "NaN", "Infinity", "-Infinity", "nul", "True", "[1,]", "[,]",
    "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":}", "{1:2}", "[1 2]", "1 2", "{}{}", "[", "{", "\"", "\"\\", "\"\\x\"",
    "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\t\"", "\u{FEFF}1", "'a'", "[}", "{]", "]", "}", "\u{B}1", "// c\n1",
  ])
  func `what is not JSON is refused`(text: String) { #expect(judge(Array(text.utf8)) == .notJSON) }

  @Test(arguments: [
    [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xED, 0xA0, 0x80], [0xE0, 0x9F, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xFF], [0xC3], [0xC3, 0x28],
  ])
  func `bytes that are not UTF-8 are refused`(bytes: [Int]) {
    let quote = [UInt8(ascii: "\"")]
    #expect(judge(quote + bytes.map(UInt8.init) + quote) == .notJSON)
  }

  @Test func `every scalar value is read, raw and escaped`() throws {
    for value in (UInt32(0x20)...0x10FFFF) where value % 97 == 0 || value < 0x900 || (0xD7F0...0xE010).contains(value) {
      guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
      let text = Array(String(Character(scalar)).utf8)
      let raw = try JSONReader.read([UInt8(ascii: "\"")] + text + [UInt8(ascii: "\"")]).value
      #expect(raw == .string(text), "U+\(String(value, radix: 16))")
      let escaped = try JSONReader.read(JSONFormat.canonical.encode(.string(text))).value
      #expect(escaped == .string(text), "U+\(String(value, radix: 16))")
    }
  }

  @Test(arguments: [
    #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#, #""\ude00\ud83d""#, #"{"a": [{"\udfff": 1}]}"#,
    #"{"a": 1, "a": 2}"#, #"{"a": 1, "\u0061": 2}"#, #"[{"x": {"b": 1, "c": 2, "b": 1}}]"#,
  ])
  func `lone surrogates and duplicate keys are faults, not damage`(text: String) {
    #expect(judge(Array(text.utf8)) == .faulty)
  }

  @Test func `nesting to the limit is read, beyond it is a fault, and broken nesting is no JSON`() {
    func nested(_ depth: Int, _ open: String, _ close: String, _ inner: String = "") -> [UInt8] {
      Array((String(repeating: open, count: depth) + inner + String(repeating: close, count: depth)).utf8)
    }
    #expect(judge(nested(512, "[", "]")) == .good)
    #expect(judge(nested(513, "[", "]")) == .faulty)
    #expect(judge(nested(513, "{\"a\":", "}", "1")) == .faulty)
    #expect(judge(nested(100_000, "[", "]")) == .faulty, "the stack is not exhausted")
    #expect(judge(nested(50_000, "[1,{\"k\":[],\"a\":", ",\"b\":[{}]},2]", "null")) == .faulty)
    #expect(judge(nested(513, "[", "}")) == .notJSON)
    #expect(judge(nested(513, "[", "", "1")) == .notJSON)
    #expect(judge(nested(513, "{\"a\":", "}", "")) == .notJSON)
    #expect(judge(nested(600, "[", "]", "1,")) == .notJSON)
    #expect(judge(nested(600, "[", "]", "\"\\x\"")) == .notJSON)
  }

  @Test func `an object of many keys takes time in proportion`() throws {
    let keys = (0..<100_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let value = try JSONReader.read(Array("{\(keys)}".utf8)).value
    #expect(value.objectValue?.members.count == 100_000)
  }
}
