import ReplayTestSupport
import StorageProtocol

/// The form of a log's file, drawn from a seed.
enum LogFile: CaseIterable {
  case lines, array, compressedLines, compressedArray

  /// Mostly plain lines.
  static func drawn(_ random: inout SeededGenerator) -> LogFile {
    random.happens(percent: 60) ? .lines : random.choice(allCases)
  }

  var name: String {
    switch self {
    case .lines: "log.jsonl"
    case .array: "log.json"
    case .compressedLines: "log.jsonl.lz4"
    case .compressedArray: "log.json.lz4"
    }
  }

  var isCompressed: Bool { self == .compressedLines || self == .compressedArray }

  /// The bytes of the file, with blanks where they are allowed.
  func bytes(_ entries: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    switch self {
    case .lines: LogFile.lines(entries, &random)
    case .array: LogFile.array(entries, &random)
    case .compressedLines: LogFile.frames(LogFile.lines(entries, &random), &random)
    case .compressedArray: LogFile.frames(LogFile.array(entries, &random), &random)
    }
  }

  private static func lines(_ entries: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    for entry in entries {
      if random.happens(percent: 3) { text += Array(random.choice(["\n", " \t\r\n", "  "]).utf8) }
      text += entry
      text += Array((random.happens(percent: 3) ? " \r\n" : "\n").utf8)
    }
    if random.happens(percent: 30), text.last == UInt8(ascii: "\n") { text.removeLast() }
    return text
  }

  private static func array(_ entries: [[UInt8]], _ random: inout SeededGenerator) -> [UInt8] {
    let blanks = ["", "", "", "\n", " \n\t"]
    var text = Array(random.choice(blanks).utf8) + [UInt8(ascii: "[")]
    for (index, entry) in entries.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text += Array(random.choice(blanks).utf8) + entry + Array(random.choice(blanks).utf8)
    }
    return text + [UInt8(ascii: "]")] + Array(random.choice(blanks).utf8)
  }

  static func frames(_ text: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = random.happens(percent: 50)
    encoder.hasBlockChecksum = random.happens(percent: 30)
    encoder.declaresContentSize = random.happens(percent: 30)
    let frameBytes = random.choice([text.count + 1, 100, 1000, 5000])
    let starts = stride(from: 0, to: max(1, text.count), by: frameBytes)
    return starts.flatMap { encoder.encode(Array(text[$0..<min($0 + frameBytes, text.count)])) }
  }
}
