import ReplayMetrics
import Testing

/// The text of a page, and what of an earlier page is carried over.
@Suite struct MetricsPageTests {
  private func line(label: String) -> Substring? {
    let family = MetricFamily("storage_replay_example_info", "An example.", MetricValue(true), ["archive": label])
    return MetricsPage([family]).text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2).first
  }

  @Test func `a family has one line of help, one of its type, and one a series`() {
    var family = MetricFamily("storage_replay_entries", "Entries.\nBy \\ what became of them.")
    family.add(MetricValue(UInt64.max), ["target": "storage", "result": "applied"])
    family.add(MetricValue(0), ["target": "storage", "result": "rejected"])
    #expect(
      MetricsPage([family]).text == #"""
        # HELP storage_replay_entries Entries.\nBy \\ what became of them.
        # TYPE storage_replay_entries gauge
        storage_replay_entries{target="storage",result="applied"} 18446744073709551615
        storage_replay_entries{target="storage",result="rejected"} 0

        """#)
  }

  @Test func `a family without a series is not written`() {
    #expect(MetricsPage([MetricFamily("storage_replay_golden_match", "Nothing was compared.")]).text.isEmpty)
  }

  @Test(arguments: [
    (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#), ("a\r\nb", "a\r" + #"\nb"#),
    // A quote and an accent are one character to a String.
    ("\"\u{301}", "\\\"\u{301}"), ("é", "é"), ("", ""),
  ])
  func `a label cannot end before its end`(label: String, written: String) {
    let expected = "storage_replay_example_info{archive=\"\(written)\"} 1"
    #expect(line(label: label).map { Array($0.utf8) } == Array(expected.utf8))
  }

  @Test func `durations and flags are written as decimals`() {
    #expect(MetricValue(Duration.milliseconds(1_500)).text == "1.500000")
    #expect(MetricValue(false).text == "0")
    #expect(MetricValue(-3).text == "-3")
  }

  // MARK: Earlier pages

  private func earlier(_ text: String, target: String = "storage") throws(EarlierPage.Fault) -> String? {
    try EarlierPage(Array(text.utf8), target: target).lastSuccess
  }

  @Test func `the time of the last success is read as it was written`() throws {
    let page = """
      # HELP storage_replay_last_success_timestamp_seconds When.
      # TYPE storage_replay_last_success_timestamp_seconds gauge
      storage_replay_last_success_timestamp_seconds{target="storage"} 1764165909.123456
      storage_replay_build_info{version="0"} 1

      """
    #expect(try earlier(page) == "1764165909.123456")
    #expect(try earlier("") == nil)
    #expect(try earlier(#"storage_replay_success_rate{target="storage"} 1"#) == nil)
  }

  @Test func `a target with a quote in its name finds its page again`() throws {
    let target = #"a "quoted" \ name"#
    let family = MetricFamily(
      "storage_replay_last_success_timestamp_seconds", "When.", MetricValue(decimal: "5"), ["target": target])
    #expect(try earlier(MetricsPage([family]).text, target: target) == "5")
  }

  @Test func `what was unequal is read too`() throws {
    let page = """
      storage_replay_golden_match{target="storage"} 0
      storage_replay_comparison_equal{target="storage",with="recorded"} 1
      storage_replay_comparison_equal{target="storage",with="expected"} 0

      """
    let unequal = try EarlierPage(Array(page.utf8), target: "storage").unequal
    #expect(unequal.golden && unequal.sides == ["expected"])
    let equal = try EarlierPage(Array(#"storage_replay_golden_match{target="storage"} 1"#.utf8), target: "storage")
    #expect(equal.unequal == UnequalSides())
  }

  @Test func `targets are told apart by bytes`() throws {
    // An accent that joins the quote before it, and one name in two spellings.
    let accent = "\u{301}x"
    let page = { (target: String) in
      MetricsPage([
        MetricFamily("storage_replay_last_success_timestamp_seconds", "When.", MetricValue(5), ["target": target])
      ])
      .text
    }
    #expect(try earlier(page(accent), target: accent) == "5")
    #expect(throws: EarlierPage.Fault.otherTarget) { try earlier(page(accent), target: "other") }
    #expect(throws: EarlierPage.Fault.otherTarget) { try earlier(page("\u{E9}"), target: "e\u{301}") }
    #expect(throws: EarlierPage.Fault.otherTarget) { try earlier(page("storage2"), target: "storage") }
  }

  @Test func `a file that is no page, or another target's, is not replaced`() {
    #expect(throws: EarlierPage.Fault.foreign(line: 2)) { try earlier("\nroot:x:0:0\n") }
    #expect(throws: EarlierPage.Fault.otherTarget) { try earlier(#"storage_replay_success_rate{target="other"} 1"#) }
    for value in ["NaN", "-1", "1e9", "", "1.2.3", "1 2"] {
      #expect(throws: EarlierPage.Fault.foreign(line: 1)) {
        try earlier(#"storage_replay_last_success_timestamp_seconds{target="storage"} "# + value)
      }
    }
  }
}
