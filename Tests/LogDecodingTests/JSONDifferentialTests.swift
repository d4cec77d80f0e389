import LogDecoding
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// The fast JSON path against the golden engine's reader: the same texts are JSON, with the same fault at the same byte, the
/// same entries are rejected with the same sentence, and the same values are read.
///
/// Not covered: what a derivation finds (integrity of STOREs and proofs, arithmetic of rewards).
@Suite struct JSONDifferentialTests {
  private static let logs = [
    "bad-entries.jsonl.lz4", "live-mixed.jsonl.lz4", "live-aegis.jsonl.lz4", "live-unlogged.jsonl.lz4",
    "vm-trace.jsonl.lz4",
  ]

  /// Lines of the fixtures, short ones mostly: the first of each log's shapes.
  private static let lines: [[UInt8]] = {
    var lines: [[UInt8]] = []
    for log in logs {
      guard let text = try? Fixture.bytes(of: log) else { continue }
      let all = text.split(separator: UInt8(ascii: "\n")).prefix(400).map(Array.init)
      lines += all.filter { $0.count < 1500 }
      lines += all.filter { (1500..<6000).contains($0.count) }.prefix(10)
    }
    return lines
  }()

  /// 60 seeds of 1000 texts each.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `mutated and random texts are taken and refused as the golden engine does`(seed: UInt64) throws {
    let lines = JSONDifferentialTests.lines
    #expect(lines.count > 500)
    var odd = try OddJSON(seed: seed, texts: lines)
    let decoded = try DecodedLines()
    let difference = try decoded.difference((0..<1000).map { _ in odd.text() })
    #expect(difference == nil, "seed \(seed)")
  }

  @Test func `every line of the fixtures is decoded as the golden engine does`() throws {
    let difference = try DecodedLines().difference(JSONDifferentialTests.lines)
    #expect(difference == nil)
  }

  /// Exhaustive: 13^1 + 13^2 + 13^3 texts, and 9^4.
  @Test func `all texts of up to four characters that matter`() throws {
    let (alphabet, smallAlphabet) = (Array("{}[]\",:\\u0-1e".utf8), Array("{}[]\",:\\0".utf8))
    var texts: [[UInt8]] = [[]]
    var all: [[UInt8]] = []
    for _ in 0..<3 {
      texts = texts.flatMap { text in alphabet.map { text + [$0] } }
      all += texts
    }
    texts = [[]]
    for _ in 0..<4 { texts = texts.flatMap { text in smallAlphabet.map { text + [$0] } } }
    let difference = try DecodedLines().difference(all + texts)
    #expect(difference == nil)
  }

  @Test func `bytes around the borders of UTF-8`() throws {
    let quote = UInt8(ascii: "\"")
    let seconds: [UInt8] = [0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
    let others: [UInt8] = [0x22, 0x7F, 0x80, 0xBF, 0xC0]
    var texts: [[UInt8]] = []
    for first in UInt8(0x80)...0xFF {
      texts += [[first], [quote, first], [quote, first, quote]]
      for second in seconds {
        texts += [[quote, first, second, quote]]
        for third in others {
          texts += [[quote, first, second, third], [quote, first, second, third, quote]]
          for fourth in [0x80, 0xBF] as [UInt8] { texts += [[quote, first, second, third, fourth, quote]] }
        }
      }
    }
    let difference = try DecodedLines().difference(texts)
    #expect(difference == nil)
  }

  @Test func `a special character anywhere in a string, and a text that ends anywhere`() throws {
    let specials: [[UInt8]] = [
      Array("\\n".utf8), Array("\\u0041".utf8), Array("\\ud800".utf8), Array("\\ud83d\\ude00".utf8),
      Array("\\ude00".utf8),
      Array("é".utf8), Array("\u{10000}".utf8), [0x1F], [0x00], [0x7F], [0x80], [0xED, 0xA0, 0x80], Array("\\".utf8),
      [0x22],
      Array("\\q".utf8), Array("\\u00".utf8), Array("\\ud83d\\u".utf8), Array("\\ud83d\\u0041".utf8),
    ]
    let head = Array(#"{"event_type":"READ","k":""#.utf8)
    var texts: [[UInt8]] = []
    for before in 0..<70 {
      for special in specials {
        for after in [0, 1, 40] {
          let text = head + Array(repeating: 0x61, count: before) + special + Array(repeating: 0x62, count: after)
          texts += [text + Array("\"}".utf8), text]
        }
      }
    }
    let difference = try DecodedLines().difference(texts)
    #expect(difference == nil)
  }

  @Test
  func `a key that occurs twice is found at its second place, however many keys lie before and whatever is escaped`()
    throws
  {
    let spellings = ["k", "\\u006b", "\\u006B"]
    var texts: [[UInt8]] = []
    for count in [2, 3, 16, 17, 18, 23, 24, 25, 26, 27, 40, 100] {
      for first in Set([0, 1, count / 2, count - 2]) where first >= 0 {
        for second in Set([first + 1, count - 1, 24, 25]) where second > first && second < count {
          for spelling in spellings {
            var keys = (0..<count).map { "key\($0)" }
            keys[first] = "k"
            keys[second] = spelling
            let members = keys.map { "\"\($0)\":0" }.joined(separator: ",")
            texts.append(Array("{\(members)}".utf8))
            // A fault inside the object, before the second key or after it, and one behind the object.
            texts.append(Array(#"{"a":{\#(members),"x":"\ud800"},"event_type":"READ"}"#.utf8))
            texts.append(Array(#"{"a":{"x":"\ud800",\#(members)},"event_type":"READ"}"#.utf8))
            texts.append(Array(#"{"a":{\#(members)},"b":"\ud800","event_type":"READ"}"#.utf8))
            let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
            texts.append(Array(#"{"x":\#(deep),\#(members)}"#.utf8))
            texts.append(Array(#"{\#(members),"x":\#(deep)}"#.utf8))
          }
        }
      }
    }
    let difference = try DecodedLines().difference(texts)
    #expect(difference == nil)
  }

  @Test func `line ends are blanks inside an entry of an array`() throws {
    let decoded = try DecodedLines()
    let text = Array("[\n{\n\"event_type\"\n:\r\n\"READ\"\n,\"x\":[\n]\n}\n,{\"event_type\":\n\"\\ud800\"}]\n".utf8)
    #expect(try decoded.decode(text, name: "log.json") == nil)
    #expect(decoded.batch.count == 2)
    #expect(decoded.batch.records[0].kind == .acknowledged)
    #expect(decoded.batch.byteOffset(of: 0) == 2)
    #expect(decoded.batch.rejections.map(\.fault) == [.json(.loneSurrogate, position: 16)])
    #expect(decoded.batch.rejections.map(\.entry) == [1])
  }

  @Test func `an entry of an array that is not JSON is told by its place in the log`() throws {
    let decoded = try DecodedLines()
    let error = try decoded.decode(Array("[{\"event_type\":\"READ\"}, {\"a\":01}]".utf8), name: "log.json")
    #expect(error == LogError(.notJSON(.unexpectedByte), ordinal: 1, byteOffset: 30))
    #expect(decoded.batch.count == 1)
  }

  /// The canary: a wrong entry that the comparison must catch.
  @Test func `the comparison sees a difference`() throws {
    let decoded = try DecodedLines()
    // A blank at the end is no part of the entry: the texts differ by it.
    let difference = try decoded.difference([Array("{\"event_type\":\"READ\"} ".utf8)])
    #expect(difference?.hasPrefix("another text at byte 0") == true)
  }
}
