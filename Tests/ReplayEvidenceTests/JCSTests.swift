import ReplayEvidence
import StorageProtocol
import Testing

@Suite struct JCSTests {
  @Test func `keys are sorted by UTF-16 units and only what JSON requires is escaped`() {
    let value = JSONValue.members([
      "\u{FB33}": .integer(1), "\u{1F600}": .integer(2), "b": .text("\u{7F}é/\"\\\n\u{1}"), "a9": .null,
      "a10": .array([.boolean(true)]), "B": .members([:]),
    ])
    #expect(
      String(decoding: JCS.encode(value), as: UTF8.self)
        == "{\"B\":{},\"a10\":[true],\"a9\":null,\"b\":\"\u{7F}é/\\\"\\\\\\n\\u0001\",\"\u{1F600}\":2,\"\u{FB33}\":1}")
  }

  @Test func `numbers that not every reader keeps become strings`() {
    for (token, portable) in [
      ("9007199254740991", JSONValue.integer(9_007_199_254_740_991 as Int64)),
      ("9007199254740992", .text("9007199254740992")), ("-9223372036854775808", .text("-9223372036854775808")),
      ("18446744073709551615", .text("18446744073709551615")), ("1.5", .text("1.5")), ("-0", .integer(0)),
    ] {
      #expect(JCS.portable(.array([.number(Array(token.utf8))])) == .array([portable]), "\(token)")
    }
  }
}
