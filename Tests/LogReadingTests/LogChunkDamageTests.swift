import LogReading
import ReplayTestSupport
import Testing

/// A broken log is broken in the same way by chunks as entry by entry.
@Suite struct LogChunkDamageTests {
  private static let chunkSizes = [1, 7, 64, 4096, 1 << 20]

  /// Expects the failure of ``LogReader``, at the same place, for chunks of every size.
  ///
  /// - Parameter isExact: whether the same entries must come before it, and every position be the same. A damaged
  ///   frame gives ``LogReader`` as much as was decompressed by then: only the frame is compared.
  private func expectSame(
    _ log: [UInt8], _ name: String, entryBytesMax: Int? = nil, isExact: Bool = true, _ note: String = ""
  ) throws {
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(log, name))
    var options = LogReadingOptions()
    if let entryBytesMax { options.entryBytesMax = entryBytesMax }
    let expected = LogContent(sequential: source, options: options)
    for chunkBytes in LogChunkDamageTests.chunkSizes {
      let content = try LogContent(chunked: source, chunkBytes: chunkBytes, options: options)
      if isExact || expected.failure == nil {
        #expect(content.difference(from: expected) == nil, "chunks of \(chunkBytes) bytes \(note)")
      } else {
        let (failure, other) = (content.failure, expected.failure)
        #expect(failure?.reason == other?.reason, "chunks of \(chunkBytes) bytes \(note)")
        #expect(failure?.storedOffset == other?.storedOffset, "chunks of \(chunkBytes) bytes \(note)")
      }
    }
  }

  @Test func `an array cut anywhere`() throws {
    let text = Array(#"  [{"a": "]"}, [1, 2], "\"\\", {"b": [{}, {"c": "x,y"}]} , 3]  "#.utf8)
    for length in 0...text.count {
      for name in ["log.json", "log"] where length > 2 || name != "log" {
        try expectSame(Array(text.prefix(length)), name, "cut at \(length)")
      }
      try expectSame(FrameEncoder().encode(Array(text.prefix(length))), "log.json.lz4", "cut at \(length)")
    }
  }

  @Test func `what is no array, and what follows one`() throws {
    for text in ["", " {}", "[1,]", "[,1]", "[1,,2]", "[1] 2", "[1]]", "\u{FEFF}[1]", "[1 2]", "[1,2,3,4,5,,6]"] {
      try expectSame(Array(text.utf8), "log.json", text)
      let bytes = Array(text.utf8)
      let frames = bytes.flatMap { FrameEncoder().encode([$0]) } + FrameEncoder().encode([])
      try expectSame(frames, "log.json.lz4", text)
    }
  }

  @Test func `a compressed log cut anywhere`() throws {
    for hasChecksum in [false, true] {
      var encoder = FrameEncoder()
      encoder.hasContentChecksum = hasChecksum
      encoder.hasBlockChecksum = hasChecksum
      let frame = encoder.encode(Array("{}\n{}\n".utf8))
      let frames = frame + OddLog.skippableFrame + frame
      for length in 0...frames.count {
        let cut = Array(frames.prefix(length))
        try expectSame(cut, "log.jsonl.lz4", isExact: false, "cut at \(length)")
        if length >= 4 { try expectSame(cut, "log", isExact: false, "cut at \(length)") }
      }
    }
  }

  @Test func `a large compressed log cut in its blocks`() throws {
    var log = OddLog(seed: 3)
    let frame = FrameEncoder().encode(log.lines(3000))
    for length in stride(from: 1, to: frame.count, by: frame.count / 9) {
      try expectSame(frame + Array(frame.prefix(length)), "log.jsonl.lz4", isExact: false, "cut at \(length)")
    }
  }

  @Test(arguments: 0..<8)
  func `a flipped bit anywhere in the second of three frames`(bit: Int) throws {
    for hasChecksum in [false, true] {
      var encoder = FrameEncoder()
      encoder.hasContentChecksum = hasChecksum
      encoder.declaresContentSize = hasChecksum
      let text = Array((String(repeating: "{\"a\":1}\n", count: 30) + "{\"b\":[2,3]}\n{}\n").utf8)
      let frame = encoder.encode(text)
      for index in frame.indices {
        var damaged = frame + frame + frame
        damaged[frame.count + index] ^= 1 << bit
        try expectSame(damaged, "log.jsonl.lz4", isExact: false, "bit \(bit) of byte \(index), \(hasChecksum)")
      }
    }
  }

  @Test func `bytes that are no frame, absurd sizes, and frames that need a dictionary`() throws {
    let frame = FrameEncoder().encode(Array("{}\n{}\n{}\n{}\n{}\n{\"a\":".utf8))
    try expectSame([], "log.jsonl.lz4", "no frame")
    try expectSame([], "log.lz4", "no frame, and a name that does not tell")
    try expectSame(OddLog.skippableFrame, "log.jsonl.lz4", "only a frame to skip")
    try expectSame(Array("plain text".utf8), "log.jsonl.lz4", "text")
    try expectSame(frame + Array("trailing".utf8), "log.jsonl.lz4", "trailing text")
    try expectSame(frame + Array("tail".utf8), "log.jsonl.lz4", "trailing text, shorter than a header")
    var dictionary = frame
    dictionary[4] |= 1
    try expectSame(frame + dictionary, "log.jsonl.lz4", "a dictionary")
    var encoder = FrameEncoder()
    encoder.declaresContentSize = true
    var absurd = encoder.encode(Array("{}\n".utf8))
    absurd.replaceSubrange(6..<14, with: [0, 0, 0, 0, 0, 0, 0, 0x10])
    try expectSame(frame + absurd, "log.jsonl.lz4", isExact: false, "an absurd content size")
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]
    try expectSame(frame + skippable, "log.jsonl.lz4", "a cut frame of 4 GiB to skip")
  }

  @Test func `what liblz4 finds in whole frames keeps the frames before it`() throws {
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = true
    let frame = encoder.encode(Array("{\"a\": 1}\n".utf8))
    var damaged = frame + frame + frame
    // The content checksum: all of the frame was decompressed when it is found wrong.
    damaged[3 * frame.count - 1] ^= 1
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(damaged, "log.jsonl.lz4"))
    for chunkBytes in LogChunkDamageTests.chunkSizes {
      let content = try LogContent(chunked: source, chunkBytes: chunkBytes)
      #expect(content.entries.map(\.byteOffset) == [0, 9])
      #expect(content.failure?.isDamage == true)
      #expect(content.failure?.ordinal == 2)
      #expect(content.failure?.byteOffset == 18)
      #expect(content.failure?.storedOffset == UInt64(2 * frame.count))
    }
  }

  @Test func `an entry longer than the limit, anywhere`() throws {
    let long = String(repeating: "9", count: 1001)
    let fitting = String(repeating: "8", count: 1000)
    let short = String(repeating: "{}\n", count: 700)
    for text in [short + long, short + long + "\n1\n", long, fitting + "\n" + long + "\n", short + fitting + "\n1\n"] {
      try expectSame(Array(text.utf8), "log.jsonl", entryBytesMax: 1000, "\(text.count) bytes of lines")
    }
    for text in ["[1,\(long)]", "[1,\(fitting),2]", "[ \(long)", "[1,2,3,4,5,6,\"\(fitting)\"]"] {
      try expectSame(Array(text.utf8), "log.json", entryBytesMax: 1000, "\(text.count) bytes of array")
    }
  }

  @Test func `blanks before an entry that is too long do not move its place`() throws {
    let folder = try TemporaryFolder()
    let text = "{}\n" + String(repeating: " ", count: 10) + String(repeating: "9", count: 5000)
    var options = LogReadingOptions()
    options.entryBytesMax = 1000
    for ending in ["", "\n"] {
      let source = LogSource.file(path: try folder.write(text + ending, "log.jsonl"))
      for chunkBytes in LogChunkDamageTests.chunkSizes {
        let failure = try LogContent(chunked: source, chunkBytes: chunkBytes, options: options).failure
        #expect(failure == LogError(.entryTooLong(bytesMax: 1000), ordinal: 1, byteOffset: 13))
      }
    }
  }

  @Test func `an interruption breaks the log off and is no damage`() throws {
    let folder = try TemporaryFolder()
    let text = Array(String(repeating: "{}\n", count: 100).utf8)
    for (log, name) in [(text, "log.jsonl"), (FrameEncoder().encode(text), "log.jsonl.lz4")] {
      let source = LogSource.file(path: try folder.write(log, name))
      let interrupted = Flag()
      var options = LogReadingOptions()
      options.isInterrupted = { interrupted.isSet }
      var reader = try LogChunkReader(source, options: options, chunkBytes: 30, hashesFile: false)
      let block = LogBlock()
      interrupted.isSet = true
      reader.read(into: block)
      #expect(block.isLast && reader.isComplete)
      #expect(block.failure?.reason == .interrupted)
      #expect(block.failure?.isDamage == false)
    }
  }

  @Test func `blocks behind the end of an array are dropped`() throws {
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write("[1]x,2,3,4,5", "log.json"))
    var reader = try LogChunkReader(source, options: LogReadingOptions(), chunkBytes: 4, hashesFile: false)
    var splitter = LogSplitter(source, options: LogReadingOptions(), chunkBytes: 4)
    let (block, chunk) = (LogBlock(), LogChunk())
    var chunkCount = 0
    while !reader.isComplete {
      reader.read(into: block)
      if splitter.split(block, into: chunk) { chunkCount += 1 }
    }
    #expect(chunkCount == 1)
    #expect(chunk.failure(entriesBefore: 1) == LogError(.bytesAfterArray, ordinal: 1, byteOffset: 3))
  }

  @Test func `a file that is not there and a folder cannot be opened`() throws {
    let folder = try TemporaryFolder()
    for path in ["\(folder.path)/nothing.jsonl", folder.path] {
      #expect(throws: LogError.self) {
        _ = try LogChunkReader(
          .file(path: path), options: LogReadingOptions(), chunkBytes: 1, hashesFile: false)
      }
    }
  }

  /// Set and read by one thread.
  private final class Flag: @unchecked Sendable {
    var isSet = false
  }
}
