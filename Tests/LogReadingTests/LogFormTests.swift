import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// What a log's container holds, read in every form.
@Suite struct LogFormTests {
  private let entries = [#"{"a": "[,]\"}"}"#, "5", "[]", "null", #""x\\""#, "{\"b\":\n1}", "[[{}],\"]\"]"]

  private var array: String { "[\n" + entries.joined(separator: ",\n") + "\n]\n" }

  /// The entries of `log`, as text.
  private func read(_ log: [UInt8], _ name: String) throws -> [String] {
    let folder = try TemporaryFolder()
    return try all(of: .file(path: folder.write(log, name))).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private func all(of source: LogSource) throws -> [RawEntry] {
    var reader = try LogReader(source, options: LogReadingOptions())
    var entries: [RawEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }

  @Test(arguments: ["log.json", "-", "log"])
  func `an array gives its elements`(name: String) throws {
    #expect(try read(Array(array.utf8), name) == entries)
  }

  @Test(arguments: ["log.jsonl", "log"])
  func `lines give one entry each, blank ones none`(name: String) throws {
    let lines = ["{}", "", " \t\r", "1", "\u{2028}\u{85}\u{B}", "[2"]
    #expect(try read(Array(lines.joined(separator: "\n").utf8), name) == ["{}", "1", "\u{2028}\u{85}\u{B}", "[2"])
  }

  @Test(arguments: [true, false], [true, false])
  func `frames with and without checksums and sizes, one or many, give the same`(
    hasChecksums: Bool, declaresSize: Bool
  ) throws {
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = hasChecksums
    encoder.hasBlockChecksum = hasChecksums
    encoder.declaresContentSize = declaresSize
    let text = Array(array.utf8)
    for frameBytes in [1, 7, text.count] {
      let frames = stride(from: 0, to: text.count, by: frameBytes).flatMap { start in
        encoder.encode(Array(text[start..<min(start + frameBytes, text.count)]))
      }
      #expect(try read(frames, "log.json.lz4") == entries)
      #expect(try read(frames, "log") == entries, "found by the magic number")
    }
  }

  @Test func `frames that readers skip are skipped`() throws {
    let skippable: [UInt8] = [0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let log = skippable + FrameEncoder().encode(Array("1\n".utf8)) + skippable
    #expect(try read(log, "log.jsonl.lz4") == ["1"])
    #expect(try read(log, "log") == ["1"])
  }

  @Test func `offsets and ordinals are those of the decompressed log`() throws {
    let folder = try TemporaryFolder()
    let text = "  {\"a\":1}\n\n\t[2] \n3"
    let frames = FrameEncoder().encode(Array(text.utf8))
    for source in try [folder.write(text, "log.jsonl"), folder.write(frames, "log.jsonl.lz4")] {
      let read = try all(of: .file(path: source))
      #expect(read.map(\.ordinal.value) == [0, 1, 2])
      #expect(read.map(\.byteOffset) == [2, 12, 17])
    }
  }

  @Test func `an empty .jsonl is an empty log, in a frame too`() throws {
    #expect(try read([], "log.jsonl") == [])
    #expect(try read([], "log") == [])
    #expect(try read(FrameEncoder().encode([]), "log.jsonl.lz4") == [])
    #expect(try read(Array("[ ]".utf8), "log.json") == [])
  }

  @Test func `the extent says what was read`() throws {
    let folder = try TemporaryFolder()
    let frames = FrameEncoder().encode(Array("1\n".utf8)) + FrameEncoder().encode(Array("2\n".utf8))
    let source = LogSource.file(path: try folder.write(frames, "log.jsonl.lz4"))
    let extent = try LogReader.scan(source, options: LogReadingOptions())
    #expect(extent.frames == 2)
    #expect(extent.entries == 2)
    #expect(extent.rawBytes == 4)
    #expect(extent.storedBytes == UInt64(frames.count))
    #expect(extent.sha256 == .sha256(frames))
  }
}
