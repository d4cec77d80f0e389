import GoldenRun
import LogDecoding
import ReplayTestSupport
import StorageProtocol
import Testing

/// The contents of payloads: base64 by vectors of the processor against the golden engine's letter by letter.
@Suite struct Base64Tests {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  private func digits(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in random.choice(Base64Tests.digits) }
  }

  /// Says which of `contents` is decoded otherwise than by the golden engine.
  private func difference(_ contents: [[UInt8]]) throws -> String? {
    let decoded = try DecodedLines()
    for start in stride(from: 0, to: contents.count, by: 500) {
      let part = contents[start..<min(start + 500, contents.count)]
      let text = part.flatMap { content in
        Array(#"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"#.utf8)
          + JSONFormat.canonical.encode(.string(content)) + Array("}}\n".utf8)
      }
      guard try decoded.decode(text) == nil, decoded.batch.count == part.count else { return "not decoded" }
      let faults = Dictionary(uniqueKeysWithValues: decoded.batch.rejections.map { ($0.entry, $0.fault) })
      for (entry, content) in part.enumerated() {
        let golden = Base64.decode(content)
        let record = decoded.batch.records[entry]
        let isEqual =
          golden.map { $0 == record.content.array && record.kind == .store && Int(record.contentBytes) == $0.count }
          ?? (faults[entry] == .contentNotBase64)
        guard isEqual else { return String(decoding: content, as: UTF8.self) }
      }
    }
    return nil
  }

  @Test func `texts of every length, with every amount of padding`() throws {
    var random = SeededGenerator(seed: 64)
    var contents: [[UInt8]] = []
    for length in 0...200 {
      for padding in 0...4 where padding <= length {
        let text = digits(length - padding, &random) + Array(repeating: UInt8(ascii: "="), count: padding)
        contents.append(text)
      }
    }
    #expect(try difference(contents) == nil)
  }

  @Test func `a foreign character is refused wherever it stands`() throws {
    var random = SeededGenerator(seed: 65)
    let foreign = [
      "=", "-", "_", " ", "\n", "\r", ".", ",", "@", "[", "`", "{", "\u{0}", "\u{7F}", "\u{80}", "é", "\"", "\\", ":",
      "*",
    ]
    var contents: [[UInt8]] = []
    for length in [4, 8, 12, 32, 40, 44, 48, 64, 76, 80, 108, 140] {
      for place in 0..<length {
        for character in foreign {
          var text = digits(length, &random)
          text.replaceSubrange(place..<place + 1, with: Array(character.utf8))
          contents.append(text)
          // With a length that is right in bytes too.
          contents.append(Array(text.prefix(length)))
        }
      }
    }
    contents.removeAll { String(validating: $0, as: UTF8.self) == nil }
    #expect(contents.count > 12_000)
    #expect(try difference(contents) == nil)
  }

  @Test func `every character of ASCII at every place of a vector`() throws {
    var contents: [[UInt8]] = []
    for place in 0..<48 {
      for character in UInt8(0)..<0x80 {
        var text = [UInt8](repeating: UInt8(ascii: "A"), count: 92)
        text[place] = character
        contents.append(text)
      }
    }
    #expect(try difference(contents) == nil)
  }

  @Test func `unused low bits may be anything`() throws {
    var random = SeededGenerator(seed: 66)
    var contents: [[UInt8]] = []
    for length in [4, 40, 44, 48, 64, 68, 96] {
      for last in Base64Tests.digits {
        contents.append(digits(length - 2, &random) + [last, UInt8(ascii: "=")])
        contents.append(digits(length - 3, &random) + [last] + Array("==".utf8))
      }
    }
    #expect(try difference(contents) == nil)
    #expect(Base64.decode(Array("QR==".utf8)) == Array("A".utf8))
  }

  @Test func `escaped digits are digits`() throws {
    let decoded = try DecodedLines()
    let content = #"\u0061GVs\u0062\/\u003d"#
    let entry =
      #"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"\#(content)="}}"#
    #expect(try decoded.decode(Array(entry.utf8)) == nil)
    #expect(decoded.batch.rejections.isEmpty)
    #expect(decoded.batch.records[0].content.array == Base64.decode(Array("aGVsb/==".utf8)))
  }

  @Test func `a content just as large as the limit is taken, and one byte more is refused before it is decoded`() throws
  {
    let decoded = try DecodedLines()
    let limit = Int(DecodedLines.configuration.contentBytesMax)
    let texts = [limit, limit + 1, limit + 2].map { count in
      let rest = [0, 2, 3][count % 3]
      return Array(repeating: UInt8(ascii: "A"), count: count / 3 * 4 + rest)
        + Array(repeating: UInt8(ascii: "="), count: rest == 0 ? 0 : 4 - rest)
    }
    let entries = (texts + [texts[2] + Array("!!!!".utf8)]).map { content in
      let text = String(decoding: content, as: UTF8.self)
      return Array(
        #"{"event_type":"STORE","object_id":"o","version":1,"payload":{"metadata":{},"content":"\#(text)"}}"#.utf8)
    }
    #expect(try decoded.difference(entries) == nil)
    #expect(decoded.batch.records[0].contentBytes == UInt64(limit))
    #expect(decoded.batch.rejections.map(\.entry) == [1, 2, 3])
  }
}
