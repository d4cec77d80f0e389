import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Everything that came out of a log: its entries, and why it is broken behind them.
struct LogContent: Equatable {
  struct Entry: Equatable {
    var byteOffset: UInt64
    var bytes: [UInt8]
  }

  var container: LogContainer?
  var entries: [Entry] = []
  var failure: LogError?
  /// Of an undamaged log.
  var rawBytes: UInt64?
  var frames: UInt64?
  var storedBytes: UInt64?
  var sha256: Digest?

  /// Reads entry by entry, with ``LogReader``.
  init(sequential source: LogSource, options: LogReadingOptions = LogReadingOptions()) {
    do throws(LogError) {
      var reader = try LogReader(source, options: options)
      while let entry = try reader.next() {
        #expect(entry.ordinal == Ordinal(UInt64(entries.count)))
        entries.append(Entry(byteOffset: entry.byteOffset, bytes: entry.bytes))
      }
      let extent = reader.extent
      (container, rawBytes, frames) = (extent.container, extent.rawBytes, extent.frames)
      (storedBytes, sha256) = (extent.storedBytes, extent.sha256)
    } catch {
      failure = error
    }
  }

  /// Reads by blocks and chunks; opening must succeed.
  init(chunked source: LogSource, chunkBytes: Int, options: LogReadingOptions = LogReadingOptions()) throws {
    var reader = try LogChunkReader(source, options: options, chunkBytes: chunkBytes, hashesFile: true)
    var splitter = LogSplitter(source, options: options, chunkBytes: chunkBytes)
    let block = LogBlock()
    let chunk = LogChunk()
    while !splitter.isComplete {
      reader.read(into: block)
      block.decompress()
      repeat {
        if splitter.split(block, into: chunk) { add(chunk) }
      } while !splitter.isBlockTaken && !splitter.isComplete
    }
    finish(reader, splitter, chunk)
  }

  /// Reads all blocks, has them decompressed in parallel, the last one first, and then splits them.
  init(parallel source: LogSource, chunkBytes: Int) async throws {
    var reader = try LogChunkReader(source, options: LogReadingOptions(), chunkBytes: chunkBytes, hashesFile: true)
    var splitter = LogSplitter(source, options: LogReadingOptions(), chunkBytes: chunkBytes)
    var blocks: [LogBlock] = []
    while !reader.isComplete {
      let block = LogBlock()
      reader.read(into: block)
      blocks.append(block)
    }
    await withTaskGroup(of: Void.self) { group in
      for block in blocks.reversed() { group.addTask { block.decompress() } }
    }
    let chunk = LogChunk()
    for block in blocks {
      repeat {
        if splitter.split(block, into: chunk) { add(chunk) }
      } while !splitter.isBlockTaken && !splitter.isComplete
    }
    finish(reader, splitter, chunk)
  }

  /// Says where this and `other` part; nil where they are the same. Logs are too long to be printed.
  func difference(from other: LogContent) -> String? {
    let pairs = zip(entries, other.entries)
    if let index = pairs.enumerated().first(where: { $1.0 != $1.1 })?.offset {
      return "entry \(index) at \(entries[index].byteOffset), expected at \(other.entries[index].byteOffset)"
    }
    guard entries.count == other.entries.count else {
      return "\(entries.count) entries, expected \(other.entries.count)"
    }
    var (here, there) = (self, other)
    (here.entries, there.entries) = ([], [])
    return here == there ? nil : "\(here), expected \(there)"
  }

  private mutating func finish(
    _ reader: borrowing LogChunkReader, _ splitter: borrowing LogSplitter, _ chunk: LogChunk
  ) {
    #expect(chunk.isLast)
    failure = chunk.failure(entriesBefore: UInt64(entries.count))
    guard failure == nil else { return }
    (container, rawBytes, frames) = (chunk.container, splitter.rawBytes, reader.frameCount)
    (storedBytes, sha256) = (reader.storedBytesRead, reader.sha256)
  }

  private mutating func add(_ chunk: LogChunk) {
    let count = entries.count
    if chunk.container == .array {
      for range in chunk.entries { add(range, of: chunk) }
      checkSize(of: chunk, entryCount: entries.count - count)
    } else {
      #expect(chunk.entries.isEmpty)
      var lineCount = -1
      var start = 0
      for line in chunk.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        lineCount += 1
        let blankCount = line.prefix(while: isBlank).count
        let text = line.dropFirst(blankCount)
        let length = text.count - text.reversed().prefix(while: isBlank).count
        if length > 0 { add(start + blankCount..<start + blankCount + length, of: chunk) }
        start += line.count + 1
      }
      checkSize(of: chunk, entryCount: lineCount)
      if !chunk.isLast { #expect(chunk.text.last == UInt8(ascii: "\n")) }
    }
  }

  private mutating func add(_ range: Range<Int>, of chunk: LogChunk) {
    entries.append(Entry(byteOffset: chunk.byteOffset + UInt64(range.lowerBound), bytes: Array(chunk.text[range])))
  }

  private func checkSize(of chunk: LogChunk, entryCount: Int) {
    guard !chunk.isLast else { return }
    #expect(
      entryCount >= LogSplitter.chunkEntriesMin
        || (entryCount > 0 && chunk.text.count + 1 >= LogSplitter.chunkBytesEnough / 2))
    #expect(chunk.failure == nil)
  }

  private func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x0A, 0x0D, 0x09].contains(byte) }
}

/// Seeded logs whose entries, separators and frames have every odd shape.
struct OddLog {
  /// SplitMix64.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
  }

  static let skippableFrame: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]

  var generator: Generator

  init(seed: UInt64) { generator = Generator(state: seed) }

  mutating func value(depth: Int = 0) -> String {
    switch Int.random(in: 0..<(depth < 3 ? 6 : 4), using: &generator) {
    case 0: String(Int.random(in: -5...100_000, using: &generator))
    case 1: ["null", "true", "{}", "[]", "[[],{}]"].randomElement(using: &generator) ?? ""
    case 2, 3: "\"" + text() + "\""
    case 4: "[" + (0..<3).map { _ in value(depth: depth + 1) }.joined(separator: " , ") + "]"
    default: "{" + (0..<3).map { _ in "\"\(text())\":" + value(depth: depth + 1) }.joined(separator: ",") + "}"
    }
  }

  private mutating func text() -> String {
    let pieces = ["a", "]", "}", ",", "[{", "\\\"", "\\\\", "\\u0022", "é", "\u{2028}", "0123456789abcdef"]
    return (0..<Int.random(in: 0..<20, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
  }

  mutating func lines(_ count: Int) -> [UInt8] {
    let ends = ["\n", "\n", "\r\n", "\n\n", "\n \t\r\n", " \n"]
    let text = (0..<count).map { _ in value() + (ends.randomElement(using: &generator) ?? "") }.joined()
    return Array((Bool.random(using: &generator) ? text : text + value()).utf8)
  }

  mutating func array(_ count: Int) -> [UInt8] {
    let separators = [",", ", ", "\n,\n", " ,"]
    var text = " [ "
    for index in 0..<count { text += (index == 0 ? "" : separators.randomElement(using: &generator) ?? ",") + value() }
    return Array((text + "\n] \n").utf8)
  }

  /// Frames of up to `frameBytesMax` bytes, with empty ones and ones to skip between them.
  mutating func frames(_ text: [UInt8], frameBytesMax: Int) -> [UInt8] {
    var frames: [UInt8] = []
    var start = 0
    repeat {
      var encoder = FrameEncoder()
      encoder.hasContentChecksum = Bool.random(using: &generator)
      encoder.hasBlockChecksum = Bool.random(using: &generator)
      encoder.declaresContentSize = Bool.random(using: &generator)
      let end = min(text.count, start + Int.random(in: 0...frameBytesMax, using: &generator))
      frames += encoder.encode(Array(text[start..<end]))
      if Int.random(in: 0..<8, using: &generator) == 0 { frames += OddLog.skippableFrame }
      start = end
    } while start < text.count
    return frames
  }
}
