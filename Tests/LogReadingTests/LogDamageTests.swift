import LogReading
import ReplayTestSupport
import Testing

@Suite struct LogDamageTests {
  /// The error of reading `log` to its end; nil where there is none.
  private func damage(_ log: [UInt8], _ name: String, entryBytesMax: Int? = nil) throws -> LogError? {
    let folder = try TemporaryFolder()
    let path = try folder.write(log, name)
    var options = LogReadingOptions()
    if let entryBytesMax { options.entryBytesMax = entryBytesMax }
    do throws(LogError) {
      _ = try LogReader.scan(.file(path: path), options: options)
      return nil
    } catch {
      return error
    }
  }

  private func damage(array text: String) throws -> LogError? { try damage(Array(text.utf8), "log.json") }

  @Test func `an array cut anywhere is damaged`() throws {
    let text = Array(#"[{"a": "]"}, [1, 2], 3]"#.utf8)
    #expect(try damage(text, "log.json") == nil)
    for length in 0..<text.count {
      let error = try #require(try damage(Array(text.prefix(length)), "log.json"), "cut at \(length)")
      #expect(error.isDamage)
    }
  }

  @Test func `a compressed log cut anywhere is damaged`() throws {
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = true
    let frame = encoder.encode(Array("{}\n{}\n".utf8))
    let frames = frame + frame
    for length in 0..<frames.count where length != frame.count {
      let error = try #require(try damage(Array(frames.prefix(length)), "log.jsonl.lz4"), "cut at \(length)")
      #expect(error.isDamage)
      #expect(error.storedOffset != nil)
    }
  }

  @Test func `what is no array, and what follows one, is damage at its position`() throws {
    #expect(try damage(array: "")?.reason == .notAnArray)
    #expect(try damage(array: " {}")?.reason == .notAnArray)
    #expect(try damage(array: " {}")?.byteOffset == 1)
    #expect(try damage(array: "[1,]")?.reason == .missingValue)
    #expect(try damage(array: "[,1]")?.reason == .missingValue)
    #expect(try damage(array: "[1,,2]") == LogError(.missingValue, ordinal: 1, byteOffset: 3))
    #expect(try damage(array: "[1] 2") == LogError(.bytesAfterArray, ordinal: 1, byteOffset: 4))
    #expect(try damage(array: "[1]]")?.reason == .bytesAfterArray)
    #expect(try damage(array: "\u{FEFF}[1]")?.reason == .notAnArray)
  }

  @Test func `a flipped bit in a frame with checksums is found in its frame`() throws {
    var encoder = FrameEncoder()
    encoder.hasContentChecksum = true
    let frame = encoder.encode(Array(repeating: UInt8(ascii: " "), count: 1000) + Array("{}\n".utf8))
    for index in frame.indices {
      var damaged = frame + frame
      damaged[frame.count + index] ^= 0x10
      let error = try damage(damaged, "log.jsonl.lz4")
      // Bits of the header that change neither content nor sums are the frame's own business.
      guard let error else { continue }
      #expect(error.isDamage)
      #expect(error.storedOffset == UInt64(frame.count))
    }
    var damaged = frame
    damaged[frame.count - 6] ^= 1
    #expect(try damage(damaged, "log.jsonl.lz4")?.isDamage == true)
  }

  @Test func `bytes that are no frame, and frames that need a dictionary, are refused`() throws {
    let frame = FrameEncoder().encode(Array("{}\n".utf8))
    #expect(try damage([], "log.jsonl.lz4")?.reason == .noFrame)
    #expect(try damage(Array("plain text".utf8), "log.jsonl.lz4")?.reason == .notAFrame)
    let trailing = try damage(frame + Array("trailing".utf8), "log.jsonl.lz4")
    #expect(trailing?.reason == .notAFrame)
    #expect(trailing?.storedOffset == UInt64(frame.count))
    var dictionary = frame
    dictionary[4] |= 1
    #expect(try damage(dictionary, "log.jsonl.lz4")?.reason == .frameNeedsDictionary)
  }

  @Test func `a frame that declares an absurd size is refused without reserving it`() throws {
    var encoder = FrameEncoder()
    encoder.declaresContentSize = true
    var frame = encoder.encode(Array("{}\n".utf8))
    frame.replaceSubrange(6..<14, with: [0, 0, 0, 0, 0, 0, 0, 0x10])
    #expect(try damage(frame, "log.jsonl.lz4")?.isDamage == true)
  }

  @Test func `an entry longer than the limit is refused where it starts`() throws {
    let text = Array(("{}\n" + String(repeating: " ", count: 10) + String(repeating: "9", count: 2_000_000)).utf8)
    let error = try damage(text, "log.jsonl", entryBytesMax: 1000)
    #expect(error?.reason == .entryTooLong(bytesMax: 1000))
    #expect(error?.ordinal == 1)
  }

  @Test func `a file that is not there and a folder cannot be opened`() throws {
    let folder = try TemporaryFolder()
    for path in ["\(folder.path)/nothing.jsonl", folder.path] {
      do throws(LogError) {
        _ = try LogReader.scan(.file(path: path), options: LogReadingOptions())
        Issue.record("\(path) was read")
      } catch {
        #expect(!error.isDamage)
      }
    }
  }

  @Test func `an interruption stops reading and is no damage`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("1\n2\n", "log.jsonl")
    var options = LogReadingOptions()
    options.isInterrupted = { true }
    do throws(LogError) {
      _ = try LogReader.scan(.file(path: path), options: options)
      Issue.record("nothing was interrupted")
    } catch {
      #expect(error.reason == .interrupted)
      #expect(!error.isDamage)
    }
  }
}
