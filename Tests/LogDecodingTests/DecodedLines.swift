import Glibc
import GoldenRun
import LogDecoding
import LogReading
import ReplayTestSupport
import StorageProtocol

/// Decodes texts as the lines of one log and compares what comes out with the golden engine, text by text.
final class DecodedLines {
  /// Contents are kept small: the golden engine hashes every byte of them.
  static let configuration = {
    var configuration = ReplayConfiguration()
    configuration.contentBytesMax = 1 << 16
    return configuration
  }()

  let batch = DecodedBatch()
  private let block = LogBlock()
  private let chunk = LogChunk()
  private let folder: TemporaryFolder
  private var decoder: EntryDecoder
  private var rereading = EntryRereading()

  init(_ configuration: ReplayConfiguration = DecodedLines.configuration) throws {
    folder = try TemporaryFolder()
    decoder = EntryDecoder(configuration)
  }

  /// Decodes a log of one chunk; `batch` has what came out.
  func decode(_ text: [UInt8], name: String = "log.jsonl") throws -> LogError? {
    // A new file each time: some file systems write a file that was cut and written over to the disk at once.
    unlink("\(folder.path)/\(name)")
    let source = LogSource.file(path: try folder.write(text, name))
    var options = LogReadingOptions()
    // No entry is heavy: a chunk ends with the text.
    options.shardBytes = .max
    var reader = try LogChunkReader(source, options: options, chunkBytes: text.count + 1, hashesFile: false)
    var splitter = LogSplitter(source, options: options, chunkBytes: text.count + 1)
    repeat { reader.read(into: block) } while !splitter.split(block, into: chunk)
    precondition(chunk.isLast, "a chunk holds the whole text")
    do throws(LogError) {
      try decoder.decode(chunk, into: batch)
      return chunk.failure(entriesBefore: UInt64(batch.count))
    } catch {
      return error
    }
  }

  /// Decodes `texts`, none of which has a line end or a blank around it, and says where and how decoder and golden engine
  /// differ; nil where they agree. Texts that are not JSON end a log: another begins after each.
  func difference(_ texts: [[UInt8]]) throws -> String? {
    var log: [[UInt8]] = []
    for text in texts {
      log.append(text)
      if log.count < 64, (try? JSONReader.read(text)) != nil { continue }
      if let difference = try differenceOfLog(log) { return difference }
      log = []
    }
    return try differenceOfLog(log)
  }

  private func differenceOfLog(_ texts: [[UInt8]]) throws -> String? {
    guard !texts.isEmpty else { return nil }
    let error = try decode(Array(texts.joined(separator: [UInt8(ascii: "\n")])))
    var offset: UInt64 = 0
    for (place, text) in texts.enumerated() {
      let entry = RawEntry(text, ordinal: UInt64(place), byteOffset: offset)
      if let difference = difference(entry, error) {
        return "\(difference)\n  entry \(place) of \(texts.count): \(String(decoding: text, as: UTF8.self))"
      }
      offset += UInt64(text.count) + 1
    }
    return nil
  }

  // MARK: One entry

  private func difference(_ entry: RawEntry, _ error: LogError?) -> String? {
    let place = Int(entry.ordinal.value)
    var engine = GoldenEngine(DecodedLines.configuration)
    do throws(LogError) {
      _ = try engine.replay(entry)
    } catch let golden {
      return error == golden && batch.count == place ? nil : "not JSON: \(String(describing: error)), golden \(golden)"
    }
    guard place < batch.count else { return "JSON, and not decoded: \(String(describing: error))" }
    guard batch.byteOffset(of: place) == entry.byteOffset, batch.records[place].text.array == entry.bytes else {
      return "another text at byte \(batch.byteOffset(of: place))"
    }
    return outcomeDifference(place, engine) ?? valueDifference(place, entry.bytes)
  }

  /// What became of the entry. What only a derivation finds, decoding lets pass.
  private func outcomeDifference(_ place: Int, _ engine: GoldenEngine) -> String? {
    let record = batch.records[place]
    let fault = batch.rejections.first { $0.entry == place }?.fault
    guard (record.kind == .rejected) == (fault != nil) else {
      return "\(record.kind) with \(String(describing: fault))"
    }
    if engine.entries.rejected == 1 {
      guard let golden = engine.result.rejects.items.first else { return "the golden engine lists no rejection" }
      if let fault {
        let isEqual = fault.code == golden.code && fault.message == golden.message
        return isEqual ? nil : "\(fault.code) \(fault.message), golden \(golden.code) \(golden.message)"
      }
      let isData = [.store, .proofGenerated, .proofFailed].contains(record.kind)
      let mayPass = golden.code == .internal || (isData && golden.code == .integrityMismatch)
      return mayPass ? nil : "decoded as \(record.kind), golden \(golden.code) \(golden.message)"
    }
    if let fault { return "\(fault.code) \(fault.message), golden none" }
    let counts = engine.entries
    let isEqual =
      counts.acknowledged == (record.kind == .acknowledged ? 1 : 0)
      && counts.unsupported == (record.kind == .unsupported ? 1 : 0)
    return isEqual ? nil : "\(record.kind), golden \(counts)"
  }

  /// What the entry holds: its members, read again, and the columns of a STORE or a proof.
  private func valueDifference(_ place: Int, _ text: [UInt8]) -> String? {
    guard let (value, fault) = try? JSONReader.read(text), fault == nil, let object = value.objectValue else {
      return nil
    }
    let record = batch.records[place]
    guard rereading.object(record.text) == object else { return "the members are \(rereading.object(record.text))" }
    guard [.store, .proofGenerated, .proofFailed].contains(record.kind) else { return nil }
    let version = object["version"]?.integer(as: UInt64.self)
    guard record.version == version else { return "version \(record.version)" }
    guard record.objectID.array == object["object_id"]?.stringBytes else { return "object id" }
    let epoch = record.flags.contains(.isEventDialect) ? object["epoch"]?.integer(as: Int64.self) : nil
    guard epoch == (record.flags.contains(.hasEpoch) ? record.epoch : nil) else { return "epoch" }
    return payloadDifference(record, object) ?? eventDifference(record, object)
  }

  private func payloadDifference(_ record: EntryRecord, _ object: JSONObject) -> String? {
    guard record.kind == .store, record.source == .payload, let payload = object["payload"]?.objectValue,
      let metadata = payload["metadata"], let content = payload["content"]?.stringBytes
    else { return nil }
    guard record.metadata.array == JSONFormat.canonical.encode(metadata) else {
      return "metadata \(String(decoding: record.metadata.array, as: UTF8.self))"
    }
    guard Int(record.metadataKeyCount) == metadata.objectValue?.members.count else { return "count of metadata" }
    return record.content.array == Base64.decode(content) ? nil : "content"
  }

  private func eventDifference(_ record: EntryRecord, _ object: JSONObject) -> String? {
    guard record.flags.contains(.isEventDialect), let id = object["event_id"] else { return nil }
    let fields = EventFields(recordedIn: object)
    guard record.flags.contains(.hasEventID), record.flags.contains(.recordIsComplete) == fields.isComplete else {
      return "event_id"
    }
    let digest = id.stringBytes.flatMap(Digest.init(hexadecimal:))
    guard digest == (record.flags.contains(.eventIDIsDigest) ? record.eventID : nil) else { return "event_id" }
    guard fields.isComplete, record.eventText.array != JSONFormat.canonical.encode(fields.json) else { return nil }
    return "event \(String(decoding: record.eventText.array, as: UTF8.self))"
  }
}
