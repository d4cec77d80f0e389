import GoldenRun
import ReplayTestSupport
import StorageProtocol
import Testing

@Suite struct JSONFormatTests {
  @Test func `canonical JSON sorts by code point and escapes all but printable ASCII`() throws {
    let text = #"{"\ud83d\ude00": 1.0, "\ufb01": [], "a": {"z": -0.0, "b": "\u007f\u0000\n\/\"\\é"}, "": null}"#
    let value = try JSONReader.read(Array(text.utf8)).value
    #expect(
      value.canonicalText
        == #"{"":null,"a":{"b":"\u007f\u0000\n/\"\\\u00e9","z":-0.0},"\ufb01":[],"\ud83d\ude00":1.0}"#)
  }

  @Test func `the spaced form is that of shard proofs`() {
    let text = ObjectNaming.proofText(shard: .zero, merkleRoot: .zero, chunkBytes: 5)
    let zeros = String(repeating: "0", count: 64)
    #expect(
      String(decoding: text, as: UTF8.self)
        == #"{"algo": "SHA3-256-Merkle-4KB", "merkle_root": "\#(zeros)", "shard_id": "\#(zeros)", "size": 5}"#)
  }

  @Test func `integers are told from other numbers, and minus zero is zero`() {
    #expect(JSONValue.number(Array("-0".utf8)).integer(as: UInt64.self) == 0)
    #expect(JSONValue.number(Array("18446744073709551615".utf8)).integer(as: UInt64.self) == .max)
    for token in ["1.0", "1e3", "18446744073709551616", "-1"] {
      #expect(JSONValue.number(Array(token.utf8)).integer(as: UInt64.self) == nil, "\(token)")
    }
    #expect(JSONValue.members(["a": .number(Array("-0".utf8))]).withShortestIntegers == .members(["a": .integer(0)]))
    #expect(JSONValue.text("1").integer(as: Int64.self) == nil)
  }
}
