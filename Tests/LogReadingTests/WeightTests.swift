import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Batches end where their entries need much memory, and hold the same entries all the same.
@Suite struct WeightTests {
  private static let sizes: [UInt64] = [0, 1, 300_000, 1 << 30, 5, 1 << 33, 1 << 33, 7, 1 << 32, 3]

  private static func entries(_ spelling: String) -> [String] {
    sizes.enumerated().map { #"{"event_type":"STORE","object_id":"\#($0)","version":1,\#(spelling)\#($1)}"# }
  }

  /// The entries of each chunk of a log.
  private static func chunks(_ text: [UInt8], _ name: String, blockBytes: Int) throws -> [Int] {
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(text, name))
    let options = LogReadingOptions()
    var reader = try LogChunkReader(source, options: options, chunkBytes: blockBytes, hashesFile: false)
    var splitter = LogSplitter(source, options: options, chunkBytes: blockBytes)
    let (block, chunk) = (LogBlock(), LogChunk())
    var counts: [Int] = []
    while !splitter.isComplete {
      if splitter.isBlockTaken { reader.read(into: block) }
      guard splitter.split(block, into: chunk) else { continue }
      #expect(chunk.failure == nil)
      counts.append(
        chunk.container == .array
          ? chunk.entries.count
          : chunk.text.split(separator: UInt8(ascii: "\n")).count)
    }
    return counts
  }

  @Test(arguments: [#""content_size":"#, #""content_size" : "#])
  func `a batch ends behind the entry that makes it heavy`(spelling: String) throws {
    // 2^33 bytes are 32,768 shards, and 16,384 are enough.
    let entries = Self.entries(spelling)
    let lines = try Self.chunks(LogText.lines(entries), "log.jsonl", blockBytes: 1 << 20)
    #expect(lines.filter { $0 > 0 } == [6, 1, 2, 1])
    let array = try Self.chunks(Array("[\(entries.joined(separator: ","))]".utf8), "log.json", blockBytes: 1 << 20)
    #expect(array.filter { $0 > 0 } == [6, 1, 2, 1])
  }

  @Test func `blocks of any size hold the same entries`() throws {
    let entries = Self.entries(#""content_size":"#)
    for blockBytes in 1...400 {
      let lines = try Self.chunks(LogText.lines(entries), "log.jsonl", blockBytes: blockBytes)
      #expect(lines.reduce(0, +) == entries.count, "\(blockBytes)")
      let array = try Self.chunks(Array("[\(entries.joined(separator: ","))]".utf8), "log.json", blockBytes: blockBytes)
      #expect(array.reduce(0, +) == entries.count, "\(blockBytes)")
    }
  }
}
