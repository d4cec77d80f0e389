import ReplayTestSupport
import StorageProtocol
import Testing

/// Pages of evidence that no small log gives, as a browser shows them.
@Suite struct PageTests {
  private static let spanCount = 200

  /// As many spans as evidence has at most; a few entries fail in two of them, and one took no time that could be measured.
  private static var long: StatedEvidence {
    var evidence = StatedEvidence()
    evidence.add(
      spans: (0..<spanCount).map { span in
        (span...span, 200, span == 7 ? 199 : span == 130 ? 1 : 0, span == 3 ? "0.000000" : "0.0625\(10 + span % 90)")
      })
    return evidence
  }

  private static var few: StatedEvidence {
    var evidence = StatedEvidence()
    evidence.add(spans: [(-3...4, 1_000_000, 0, "2.000000"), (5...5, 1, 0, "0.000001")])
    return evidence
  }

  private static var salvage: StatedEvidence {
    var evidence = StatedEvidence()
    evidence.result.add(
      "completeness",
      .members([
        "complete": .boolean(false), "integrity": .text("salvage"),
        "entries": .members(["expected": .integer(40_010), "found": .integer(40_000), "applied": .integer(39_800)]),
        "lost_entries": .integer(10),
        "lost": .array([
          .members(["first": .integer(5), "last": .integer(9)]),
          .members(["first": .integer(20), "last": .integer(24)]),
        ]),
      ]))
    evidence.reasons = []
    return evidence
  }

  /// What the checks of these tests must see in a page.
  private static let broken = """
    <!DOCTYPE html><html lang="en"><body><p style="width: 900px; color: #bbb">wide and pale</p><svg></svg>
    <script>document.title = "ran"</script></body></html>
    """

  @Test func `the checks see a page that is too wide, too pale, without words for a picture, and with a script`() throws
  {
    let pages = try PageFacts.read([("broken", Array(Self.broken.utf8))], widths: [400])
    let page = try #require(pages.first)
    #expect(page.contentWidth > page.width)
    #expect(page.leastContrast.ratio < 4.5 && page.leastContrast.text == "wide and pale")
    #expect(page.unnamedPictures == 1)
    #expect(page.elementNames.contains("script") && page.attributeNames.contains("style"))
    #expect(page.title == "ran")
  }

  @Test func `charts have a bar a span, fit on narrow pages, and show the few entries that failed`() throws {
    let pages = try PageFacts.read(
      [("long", Self.long.page), ("few", Self.few.page), ("salvage", Self.salvage.page)], widths: [1280, 400])
    #expect(pages.count == 6)
    for page in pages {
      #expect(page.contentWidth <= page.width, "\(page.name) at \(page.width): \(page.contentWidth)")
      #expect(page.unnamedPictures == 0, "\(page.name)")
      #expect(page.leastContrast.ratio >= 4.5, "\(page.name): \(page.leastContrast)")
      let epochs = try #require(page.section("epochs"))
      switch page.name {
      case "long":
        #expect(epochs.bars == 3 * Self.spanCount)
        let rows = try #require(epochs.tables.first)
        #expect(rows.count == Self.spanCount)
        #expect(rows[7] == ["7", "200", "199", "0.062517 s", "3,199"])
        #expect(rows[3][3...] == ["0.000000 s", "not known"], "no speed of no time")
        #expect(epochs.text.contains("200 in 2 spans, at most 199 in one"))
      case "few":
        #expect(epochs.bars == 4, "none of entries that failed")
        #expect(epochs.text.contains("No entry of any span was rejected"))
        #expect(epochs.tables.first?.first == ["-3\u{2013}4", "1,000,000", "0", "2.000 s", "500,000"])
      default:
        #expect(epochs.bars == 0)
        #expect(epochs.text.contains("does not say how its entries"))
        let coverage = try #require(page.section("coverage"))
        #expect(coverage.tables == [[["5", "9"], ["20", "24"]]])
        #expect(coverage.text.contains("NOT COMPLETE"))
        #expect(page.section("verdict")?.text.contains("salvage") == true)
        #expect(page.section("checks")?.text.contains("10 entries that are lost") == true)
      }
    }
  }
}
