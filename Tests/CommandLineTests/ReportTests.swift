import ReplayTestSupport
import StorageProtocol
import Testing

/// `report`: what a browser shows of the evidence of every kind of drill.
@Suite struct ReportTests {
  private static let sections = [
    "verdict", "checks", "coverage", "epochs", "times", "divergences", "rejected", "accepted", "recovery", "roots",
    "inputs", "run", "chain",
  ]

  private func shared() throws -> ReportedDrills { try ReportedDrills.shared.get() }

  // MARK: Every page

  @Test func `every page has every section, a heading for each, and pictures with words`() throws {
    let drills = try shared()
    #expect(drills.light.count == 2 * drills.drills.count)
    for page in drills.light {
      #expect(page.sections.map(\.id) == Self.sections, "\(page.name)")
      #expect(page.headings.first == 1 && page.headings.count { $0 == 1 } == 1, "\(page.name)")
      #expect(zip(page.headings, page.headings.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(page.name)")
      #expect(page.headings.count { $0 == 2 } == Self.sections.count)
      #expect(page.unnamedPictures == 0, "\(page.name)")
      #expect(page.language == "en")
      let verdict = try drills.reported(page.name).document.text("verdict")
      #expect(page.title.hasPrefix("\(verdict): replay of "), "\(page.title)")
      #expect(page.section("verdict")?.text.contains(verdict) == true, "\(page.name)")
      #expect(
        try page.section("verdict")?.text.contains(drills.reported(page.name).document.text("audit_readiness")) == true)
    }
  }

  @Test func `nothing runs, nothing comes from elsewhere, and the browser takes the style`() throws {
    for page in try shared().light {
      #expect(Set(page.elementNames).isDisjoint(with: ["script", "img", "iframe", "object", "link", "form", "base"]))
      #expect(page.attributeNames.allSatisfy { !$0.hasPrefix("on") && $0 != "style" }, "\(page.attributeNames)")
      #expect(page.addresses.allSatisfy { $0.hasPrefix("#") }, "\(page.addresses)")
      #expect(page.bodyWidthMax == "1056px", "the policy names the style sheet by its digest")
    }
  }

  @Test func `pages do not scroll sideways, and every text has contrast, on light and dark systems`() throws {
    let drills = try shared()
    #expect(Set(drills.light.map(\.ground)) == ["rgb(255, 255, 255)"])
    #expect(Set(drills.dark.map(\.ground)) == ["rgb(18, 20, 23)"])
    for page in drills.light + drills.dark {
      #expect(page.contentWidth <= page.width, "\(page.name) at \(page.width): \(page.contentWidth)")
      #expect(page.leastContrast.ratio >= 4.5, "\(page.name): \(page.leastContrast)")
    }
  }

  @Test func `every page names its evidence, by digests`() throws {
    let drills = try shared()
    for (name, reported) in drills.drills {
      let chain = try drills.section("chain", of: name).text
      #expect(chain.contains(reported.sha256), "\(name)")
      #expect(try chain.contains(reported.document.text("evidence_digest")), "\(name)")
      let inputs = try drills.section("inputs", of: name).text
      #expect(try inputs.contains(reported.document.object("result").object("archive").text("sha256")), "\(name)")
    }
  }

  // MARK: What each says

  @Test func `a page says what was compared, and what was not`() throws {
    let drills = try shared()
    let recorded = try drills.section("checks", of: "recorded")
    #expect(recorded.tables[0].map { $0[0] } == ["recorded", "sequential", "golden", "expected"])
    #expect(recorded.tables[0].map { $0[1].dropFirst() } == ["equal", "equal", "not made", "not made"])
    for sentence in [
      "golden: no golden trace was given", "expected: no state root", "Contents of 310 of 310 applied STOREs",
      "a plain log carries no sums", "The evidence is not signed", "The legacy hashes cover counters only",
      "not replayed again",
    ] { #expect(recorded.text.contains(sentence), "\(sentence)") }
    let checks = try #require(recorded.tables.last)
    #expect(checks.first { $0[0] == "evidence_digest" }?[1].dropFirst() == "holds")
    #expect(checks.first { $0[0] == "signature" }?[1].dropFirst() == "not checked")
    let placeholder = try drills.section("checks", of: "verified").text
    #expect(placeholder.contains("their hashes are those of placeholder bytes"))
    #expect(!recorded.text.contains("placeholder bytes"))
  }

  @Test func `coverage is the equation, and what was rejected stands by code and type`() throws {
    let drills = try shared()
    let terms = ["334found", "=not declaredexpected", "=271applied", "+0acknowledged", "+62rejected", "+1unsupported"]
    #expect(try drills.section("coverage", of: "bad").text.contains(terms.joined()))
    #expect(
      try drills.section("rejected", of: "bad").tables == [
        [
          ["rejected", "SE_ERR_INTEGRITY_MISMATCH", "14", "4.19 %"],
          ["rejected", "SE_ERR_INVALID_INPUT", "42", "12.57 %"],
          ["rejected", "SE_ERR_INVALID_VERSION", "6", "1.79 %"], ["unknown type", "store", "1", "0.29 %"],
        ]
      ])
    #expect(try drills.section("recovery", of: "bad").tables[0].map { $0[1] } == ["62", "1"])
    #expect(try drills.section("verdict", of: "bad").text.contains("0.811377 is below 0.95"))
  }

  @Test func `every divergence stands in a line, with both values`() throws {
    let drills = try shared()
    let divergences = try drills.section("divergences", of: "hostile")
    let items = try drills.reported("hostile").document.object("verification").elements("divergences")
    #expect(items.count == 100)
    #expect(divergences.tables.count == 2)
    #expect(divergences.tables[1].count == items.count)
    for (row, item) in zip(divergences.tables[1], items) {
      let item = try #require(item.objectValue)
      let values = try ["recorded", "derived"].map { PrintableText.json(try item.required($0), bytesMax: 2000) }
      #expect(row == [String(try item.count("ordinal")), try item.text("field")] + values)
    }
    #expect(divergences.tables[0].map { $0[0] } == ["recorded"])
    #expect(divergences.text.contains("more are not listed"))
    #expect(try drills.section("divergences", of: "recorded").text.contains("Every comparison that was made is equal"))
  }

  @Test func `what a log holds is text, whatever it looks like`() throws {
    let drills = try shared()
    let page = try drills.page("hostile")
    #expect(page.section("divergences")?.tables[0][0][3] == "\"\(ReportedDrills.script)\"")
    #expect(
      page.text.contains(#"</td></table>\"><img src=x onerror=alert(2)>\u202e\u0007"#), "control characters are seen")
    #expect(page.section("rejected")?.tables[0].map { $0[1] } == [#"<b onclick=alert(3)>\u202e&amp;"#])
    #expect(page.text.contains(#"<i>'&\"log.jsonl"#), "the log's name")
    #expect(!page.text.unicodeScalars.contains("\u{202E}") && !page.text.unicodeScalars.contains("\u{7}"))
    let source = String(decoding: try drills.reported("hostile").page, as: UTF8.self)
    #expect(
      !source.contains("<script") && !source.contains("<img") && !source.contains("<b onclick")
        && !source.contains("<i>'"))
  }

  @Test func `a damaged and an empty log have whole pages too`() throws {
    let drills = try shared()
    let damage = try drills.reported("damaged").document.object("result").object("damage").text("message")
    #expect(try drills.section("verdict", of: "damaged").text.contains("nothing was applied, and there is no state"))
    #expect(try drills.section("coverage", of: "damaged").text.contains(damage))
    #expect(try drills.section("checks", of: "damaged").tables[0].allSatisfy { $0[1].hasSuffix("not made") })
    #expect(try drills.section("roots", of: "damaged").text.contains("There is no state"))
    #expect(try drills.section("verdict", of: "empty").text.contains("the log has no entries"))
    #expect(try drills.section("recovery", of: "empty").text.contains("no entry was applied"))
  }

  @Test func `what is accepted is said to be there all the same`() throws {
    let drills = try shared()
    let accepted = try drills.section("accepted", of: "accepted")
    let lines = try drills.reported("accepted").document.object("result").object("accepted").count("lines")
    #expect(accepted.tables == [[[String(lines), "7", "UNSUPPORTED"]]], "the last line of the list")
    #expect(accepted.text.contains("at most WARNED"))
    #expect(try drills.section("checks", of: "accepted").tables[0][0][1].contains("equal but for 1 accepted entry"))
    #expect(try drills.section("verdict", of: "accepted").text.contains("speaks of something that is not in the log"))
    #expect(try drills.section("accepted", of: "bad").text.contains("No accept list was given"))
  }

  @Test func `a page says whether the signature was verified, and never more`() throws {
    let drills = try shared()
    let sentences = [
      "verified": "signature verified by key \(drills.keyID)", "unverified": "signature not checked",
      "bare": "signature missing", "recorded": "not signed",
    ]
    let words = ["verified": "verified", "unverified": "not_checked", "bare": "missing", "recorded": "not_signed"]
    #expect(drills.keyID.count == 64)
    for (name, sentence) in sentences {
      #expect(try drills.section("chain", of: name).text.contains(sentence), "\(name)")
      #expect(try drills.page(name).text.contains("signature verified") == (name == "verified"), "\(name)")
      let run = try drills.reported(name).run
      #expect(try run.text("schema") == "eqm-replay/report/1")
      #expect(try run.text("signature") == words[name])
      #expect(run["key_id"] == (name == "verified" ? .text(drills.keyID) : .null))
      #expect(try run.required("verdict") == drills.reported(name).document.required("verdict"))
    }
    let snapshot = try drills.reported("verified").document.object("snapshot").object("sha3_256")
    #expect(
      try drills.section("inputs", of: "verified").tables == [
        snapshot.members.map { [try text($0.key), try text($0.value.stringBytes)] }
      ])
  }

  private func text(_ bytes: [UInt8]?) throws -> String { String(decoding: try #require(bytes), as: UTF8.self) }
}
