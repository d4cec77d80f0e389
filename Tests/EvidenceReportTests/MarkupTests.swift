import EvidenceReport
import PageMarkup
import StorageProtocol
import Testing

@Suite struct MarkupTests {
  private func html(_ markup: Markup) -> String {
    var output: [UInt8] = []
    markup.append(to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `whatever a text holds, it stays a text`() {
    let hostile = #"</b><script>alert("1" & '2')</script>"#
    let escaped = "&lt;/b&gt;&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;"
    #expect(html(.tag("b", ["title": hostile], text: hostile)) == "<b title=\"\(escaped)\">\(escaped)</b>")
    #expect(html("a \(hostile)") == "a \(escaped)", "also in the middle of a literal")
    #expect(html(.tag("meta", ["name": "x"])) == "<meta name=\"x\">\n", "no end tag")
  }

  @Test func `the style sheet is the one that the policy names`() throws {
    let digest = Digest.sha256(Array(StyleSheet.text.utf8))
    let base64 = String(decoding: Base64Text.encode(digest.bytes), as: UTF8.self)
    #expect(StyleSheet.policy.hasPrefix("default-src 'none'; style-src 'sha256-\(base64)';"))
    #expect(!StyleSheet.policy.contains("unsafe"))
    #expect(html(.styleSheet(StyleSheet.text)).contains("<style>\(StyleSheet.text)</style>"))
    #expect(!StyleSheet.text.contains("url(") && !StyleSheet.text.contains("@import"), "nothing from elsewhere")
  }
}

@Suite struct FigureTests {
  @Test func `numbers are grouped, and cut, never rounded up`() {
    #expect([0, 999, 1000, 114_083].map(Figures.count) == ["0", "999", "1,000", "114,083"])
    #expect(Figures.count(1, "entry", "entries") == "1 entry")
    #expect(Figures.bytes(1) == "1 byte")
    #expect(Figures.bytes(1_162_977) == "1,162,977 bytes (1.1 MiB)")
    #expect(Figures.percent(9_999_999, of: 10_000_000) == "99.99 %", "not everything")
    #expect(Figures.percent(1, of: 1) == "100.00 %")
    #expect(Figures.percent(0, of: 0) == "none")
    #expect(Figures.percent(.max, of: .max) == "100.00 %")
    #expect(
      ["1068442.000000000000000000", "11352.2220", "none"].map(Figures.decimal) == ["1,068,442", "11,352.222", "none"])
  }

  @Test func `times are those of the evidence`() {
    #expect(Figures.microseconds("256.661222") == 256_661_222)
    for text in [
      "none", "1.5", "", "1", "99999999999999999999.000000", "18446744073709551615.000000", "18446744073709.551616",
    ] {
      #expect(Figures.microseconds(text) == nil, "\(text)")
    }
    #expect([256_661_222, 928].map { Figures.seconds(microseconds: $0) } == ["256.661 s", "0.000928 s"])
    #expect(Figures.perSecond(10, microseconds: 0) == nil, "no speed of no time")
    #expect(Figures.perSecond(.max, microseconds: 1) == .max)
  }
}
