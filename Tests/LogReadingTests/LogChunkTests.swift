import Foundation
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Chunks hold what ``LogReader`` hands out, however the log is cut.
@Suite struct LogChunkTests {
  private static let chunkSizes = [1, 7, 64, 4096, 1 << 20]

  private func expectSame(_ log: [UInt8], _ name: String, _ note: String = "") throws {
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(log, name))
    let expected = LogContent(sequential: source)
    #expect(expected.failure == nil, "\(note)")
    for chunkBytes in LogChunkTests.chunkSizes {
      let content = try LogContent(chunked: source, chunkBytes: chunkBytes)
      #expect(content.difference(from: expected) == nil, "\(name), chunks of \(chunkBytes) bytes \(note)")
    }
  }

  @Test(arguments: Fixture.logs)
  func `every fixture gives the same by chunks of every size`(name: String) throws {
    let source = LogSource.file(path: Fixture.path(name))
    let expected = LogContent(sequential: source)
    for chunkBytes in LogChunkTests.chunkSizes {
      let content = try LogContent(chunked: source, chunkBytes: chunkBytes)
      #expect(content.difference(from: expected) == nil, "\(name), chunks of \(chunkBytes) bytes")
    }
  }

  @Test func `a planted difference is found`() throws {
    let content = LogContent(sequential: .file(path: Fixture.path("runbook-small.json")))
    var moved = content
    moved.entries[3].byteOffset += 1
    var cut = content
    cut.entries.removeLast()
    var broken = content
    broken.failure = LogError(.cutFrame)
    for other in [moved, cut, broken] { #expect(other.difference(from: content) != nil) }
    #expect(content.difference(from: content) == nil)
  }

  @Test(arguments: 0..<24)
  func `odd logs give the same in every form`(seed: Int) throws {
    var log = OddLog(seed: UInt64(seed))
    let count = [0, 1, 2, 3, 5, 40, 400][seed % 7]
    let lines = log.lines(count)
    let array = log.array(count)
    try expectSame(lines, "log.jsonl", "(seed \(seed))")
    try expectSame(array, "log.json", "(seed \(seed))")
    try expectSame(array, "log", "(seed \(seed))")
    for frameBytesMax in [3, 100, 5000, 100_000] {
      let note = "(seed \(seed), frames of \(frameBytesMax) bytes)"
      try expectSame(log.frames(lines, frameBytesMax: frameBytesMax), "log.jsonl.lz4", note)
      try expectSame(log.frames(array, frameBytesMax: frameBytesMax), "log.json.lz4", note)
      try expectSame(log.frames(array, frameBytesMax: frameBytesMax), "log", note)
    }
  }

  @Test func `small logs with every kind of line end give the same`() throws {
    let texts = [
      "", "\n", " \r\n\t", "1", "1\n", "1\r\n2\r\n", "\n\n1\n\n\n2\n\n", "  1 \n\t2", "1\n2\n3\n4\n5\n6\n7\n8\n9",
      "\u{2028}\n\u{B}", "1\n \n", String(repeating: " ", count: 300) + "1\n2",
    ]
    for text in texts {
      for name in ["log.jsonl", "log"] { try expectSame(Array(text.utf8), name) }
      try expectSame(FrameEncoder().encode(Array(text.utf8)), "log.jsonl.lz4")
      try expectSame(FrameEncoder().encode(Array(text.utf8)), "log.lz4")
    }
    for text in ["[]", " [ ] ", "[1]", "[1,2,3,4,5,6]", "[\"]\\\\\",[\"\\\"\"]]"] {
      for name in ["log.json", "log"] { try expectSame(Array(text.utf8), name) }
    }
  }

  @Test func `frames too large to be taken whole give the same, between small ones`() throws {
    let line = Array((String(repeating: #"{"object_id": "abcdefgh", "x": "\\"}, "#, count: 40) + "\n").utf8)
    let lines = Array(repeatElement(line, count: 15_000).joined())
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = true
    // More content than a whole frame may have, and a small stored size.
    let large = encoder.encode(lines)
    let noise = Shake128.squeeze([1], count: 5 << 20).map { $0 == 0x0A ? 0 : $0 }
    // More stored bytes than a whole frame may have: noise does not shrink.
    let log = large + encoder.encode(Array("1\n2".utf8)) + encoder.encode(noise) + encoder.encode([0x0A]) + large
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(log, "log.jsonl.lz4"))
    let expected = LogContent(sequential: source)
    #expect(expected.failure == nil)
    for chunkBytes in [4096, 100_000, 1 << 20, 64 << 20] {
      #expect(try LogContent(chunked: source, chunkBytes: chunkBytes).difference(from: expected) == nil)
    }
  }

  @Test func `a large frame to skip is skipped`() throws {
    let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0x60, 0] + Array(repeating: 7, count: 0x60_0000)
    try expectSame(skippable + FrameEncoder().encode(Array("1\n".utf8)) + skippable, "log.jsonl.lz4")
  }

  @Test func `entries of several blocks are joined, and four of them make a chunk`() throws {
    let long = (0..<9).map { "\"" + String(repeating: "\($0)", count: 1_400_000) + "\"" }
    let folder = try TemporaryFolder()
    for (text, name) in [
      (long.joined(separator: "\n"), "log.jsonl"), ("[" + long.joined(separator: ",") + "]", "log.json"),
    ] {
      let source = LogSource.file(path: try folder.write(text, name))
      let expected = LogContent(sequential: source)
      for chunkBytes in [64, 4096, 1 << 20] {
        #expect(try LogContent(chunked: source, chunkBytes: chunkBytes).difference(from: expected) == nil)
      }
    }
  }

  @Test func `a chunk of entries that are too long to wait for four of them has fewer`() throws {
    let long = (0..<3).map { "\"" + String(repeating: "\($0)", count: 9 << 20) + "\"\n" }.joined()
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write(long, "log.jsonl"))
    let content = try LogContent(chunked: source, chunkBytes: 1 << 20)
    #expect(content.difference(from: LogContent(sequential: source)) == nil)
  }

  @Test func `blocks decompressed side by side and out of order give the same`() async throws {
    var log = OddLog(seed: 77)
    let folder = try TemporaryFolder()
    let frames = log.frames(log.lines(3000), frameBytesMax: 9000)
    let source = LogSource.file(path: try folder.write(frames, "log.jsonl.lz4"))
    for chunkBytes in [1, 20_000] {
      let content = try await LogContent(parallel: source, chunkBytes: chunkBytes)
      #expect(content.difference(from: LogContent(sequential: source)) == nil)
    }
  }

  @Test func `a pipe gives the same as a file`() throws {
    var log = OddLog(seed: 5)
    let lines = log.lines(2000)
    let folder = try TemporaryFolder()
    for (index, bytes) in [lines, log.frames(lines, frameBytesMax: 3000)].enumerated() {
      let expected = LogContent(sequential: .file(path: try folder.write(bytes, "log-\(index)")))
      for chunkBytes in [7, 1 << 20] {
        let pipe = "\(folder.path)/pipe-\(index)-\(chunkBytes)"
        try #require(mkfifo(pipe, 0o600) == 0)
        Thread.detachNewThread {
          let handle = FileHandle(forWritingAtPath: pipe)
          for start in stride(from: 0, to: bytes.count, by: 1001) {
            try? handle?.write(contentsOf: Data(bytes[start..<min(start + 1001, bytes.count)]))
          }
          try? handle?.close()
        }
        let content = try LogContent(chunked: .file(path: pipe), chunkBytes: chunkBytes)
        #expect(content.difference(from: expected) == nil)
      }
    }
  }

  @Test func `the file is hashed only where that is wanted`() throws {
    let folder = try TemporaryFolder()
    let source = LogSource.file(path: try folder.write("1\n", "log.jsonl"))
    for hashesFile in [false, true] {
      var reader = try LogChunkReader(
        source, options: LogReadingOptions(), chunkBytes: 100, hashesFile: hashesFile)
      let block = LogBlock()
      reader.read(into: block)
      #expect(block.isLast && block.textBytes == 2)
      #expect(reader.storedBytesRead == 2)
      #expect(reader.sha256 == (hashesFile ? .sha256(Array("1\n".utf8)) : nil))
    }
  }
}
