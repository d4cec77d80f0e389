import ReplayEvidence
import StorageProtocol
import Testing

/// The file of `--accept`.
@Suite struct AcceptFileTests {
  private static let good = #"{"ordinal":7,"field":"epoch","reason":"known","expires":"2026-11-26"}"#

  private func list(_ text: String, on day: String = "2026-11-26") throws -> AcceptList {
    try AcceptFile.list(parsing: Array(text.utf8), on: #require(CalendarDay(iso8601: Array(day.utf8))))
  }

  private func fault(_ text: String, on day: String = "2026-11-26") throws -> AcceptFault? {
    do {
      _ = try list(text, on: day)
      return nil
    } catch let fault as AcceptFault {
      return fault
    }
  }

  @Test func `lines are read whatever their order, by ordinal then name`() throws {
    let text = """
      {"expires":"2027-01-01","reason":"r","code":"UNSUPPORTED","ordinal":18446744073709551615}\r

      \t
      {"ordinal":7,"field":"replica_sets","reason":"r","expires":"2026-11-26"}
      \(Self.good)
      {"ordinal":3,"code":"SE_ERR_INVALID_INPUT","reason":"r","expires":"9999-12-31"}
      """
    let list = try list(text)
    #expect(list.sha256 == Digest.sha256(Array(text.utf8)))
    #expect(list.lines.map(\.number) == [6, 5, 4, 1], "blank lines have numbers")
    #expect(list.lines.map(\.ordinal.value) == [3, 7, 7, .max])
    #expect(
      list.lines.map(\.finding) == [
        .rejection(.invalidInput), .divergence(field: "epoch"), .divergence(field: "replica_sets"), .unsupported,
      ])
    #expect(try self.list(Self.good + "\n").lines.count == 1)
  }

  @Test func `a line holds through its last day and not one more`() throws {
    #expect(try fault(Self.good, on: "2026-11-26") == nil)
    #expect(try fault(Self.good, on: "2026-11-27") == AcceptFault(.expired("2026-11-26"), line: 1))
    #expect(try fault(Self.good, on: "2027-01-01") == AcceptFault(.expired("2026-11-26"), line: 1))
    #expect(try fault(Self.good, on: "2025-12-31") == nil)
  }

  private static let bad: [(String, AcceptFault.Reason)] = [
    ("[]", .notObject), ("7", .notObject), ("null", .notObject), ("{", .notJSON(byte: 1)),
    (good + good, .notJSON(byte: good.utf8.count)), ("\u{FEFF}" + good, .notJSON(byte: 0)),
    (String(good.dropLast()) + #","reason":"again"}"#, .ambiguousJSON(byte: good.utf8.count)),
    (good.replacing("known", with: #"\ud800"#), .ambiguousJSON(byte: 39)),
    (good.replacing("}", with: #","note":1}"#), .unknownMember("note")),
    (good.replacing("reason", with: "Reason"), .unknownMember("Reason")),
    (good.replacing(#""ordinal":7,"#, with: ""), .missing("ordinal")),
    (good.replacing(#""reason":"known","#, with: ""), .missing("reason")),
    (good.replacing(#","expires":"2026-11-26""#, with: ""), .missing("expires")),
    (good.replacing(#""field":"epoch","#, with: ""), .fieldOrCodeMissing),
    (good.replacing(#""epoch","#, with: #""epoch","code":"UNSUPPORTED","#), .fieldAndCode),
    (good.replacing(#""epoch","#, with: #""epoch","code":null,"#), .fieldAndCode),
    (good.replacing("7", with: "-1"), .ordinal), (good.replacing("7", with: "1.0"), .ordinal),
    (good.replacing("7", with: "1e0"), .ordinal), (good.replacing("7", with: #""7""#), .ordinal),
    (good.replacing("7", with: "null"), .ordinal), (good.replacing("7", with: "18446744073709551616"), .ordinal),
    (good.replacing(#""epoch""#, with: #""Epoch""#), .unknownField),
    (good.replacing(#""epoch""#, with: "1"), .unknownField),
    (good.replacing(#""epoch""#, with: #""SE_ERR_INVALID_INPUT""#), .unknownField),
    (good.replacing(#""field":"epoch""#, with: #""code":"SE_ERR_NOT_FOUND""#), .unknownCode),
    (good.replacing(#""field":"epoch""#, with: #""code":"epoch""#), .unknownCode),
    (good.replacing(#""field":"epoch""#, with: #""code":[]"#), .unknownCode),
    (good.replacing("known", with: ""), .reason), (good.replacing("known", with: #" \t\n"#), .reason),
    (good.replacing(#""known""#, with: "true"), .reason),
  ]

  @Test func `a bad line is named with what is wrong`() throws {
    for (text, reason) in Self.bad {
      let found = try fault("\n" + Self.good.replacing("7", with: "6") + "\n" + text + "\n" + Self.good)
      #expect(found == AcceptFault(reason, line: 3), "\(text)")
      #expect(found?.description.hasPrefix("line 3: ") == true)
    }
  }

  @Test(arguments: [
    "2026-11-31", "2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-1-01", "26-01-01",
    "2026-01-01T00:00:00Z", " 2026-01-01", "2026/01/01", "20260101", "", "never", "٢٠٢٦-01-01",
  ])
  func `a day that is none is refused`(day: String) throws {
    #expect(try fault(Self.good.replacing("2026-11-26", with: day), on: "2020-01-01") == AcceptFault(.expires, line: 1))
  }

  @Test func `leap days are days`() throws {
    for day in ["2028-02-29", "2400-02-29"] {
      #expect(try fault(Self.good.replacing("2026-11-26", with: day)) == nil)
    }
  }

  @Test(arguments: ["", "\n", " \t\r\n\n"])
  func `a file that accepts nothing is refused`(text: String) throws {
    #expect(try fault(text) == AcceptFault(.empty))
  }

  @Test func `no two lines accept the same`() throws {
    let other = Self.good.replacing("known", with: "again")
    let between = Self.good.replacing("epoch", with: "object")
    #expect(try fault([Self.good, between, other].joined(separator: "\n")) == AcceptFault(.repeated(line: 1), line: 3))
    let code = Self.good.replacing(#""field":"epoch""#, with: #""code":"UNSUPPORTED""#)
    #expect(try fault([Self.good, code, code].joined(separator: "\n")) == AcceptFault(.repeated(line: 2), line: 3))
    #expect(try fault([Self.good, code, Self.good.replacing("7", with: "8")].joined(separator: "\n")) == nil)
  }
}
