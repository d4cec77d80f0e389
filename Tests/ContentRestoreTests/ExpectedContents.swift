import Foundation
import GoldenRun
import LogReading
import ReplayTestSupport
import StorageProtocol

/// The contents that a log leaves, by the golden engine: what it stores of an object is that of the entry it applied last.
struct ExpectedContents {
  enum Content: Equatable {
    case bytes([UInt8])
    case carried
    case placeholder
  }

  /// By id bytes, then version.
  private(set) var objects: [StoredObject] = []
  private(set) var contents: [Digest: Content] = [:]
  /// By shard id; nil where nobody knows.
  private(set) var shards: [Digest: [UInt8]?] = [:]
  private(set) var hasRejects = false
  private let constants = GovernedConstants()

  /// - Parameter entryCount: entries that count; nil for all.
  init(of log: String, entryCount: Int? = nil) throws {
    var engine = GoldenEngine(ReplayConfiguration())
    var reader = try LogReader(LogSource(argument: log), options: LogReadingOptions())
    while let raw = try reader.next() {
      if let entryCount, raw.ordinal.value >= UInt64(entryCount) { break }
      let outcome = try engine.replay(raw).outcome
      switch outcome {
      case .storeReexecuted, .storeCarried, .storePlaceholder: try note(raw, outcome)
      default: if !outcome.isApplied, outcome != .acknowledged { hasRejects = true }
      }
    }
    objects = engine.sortedObjects
  }

  private mutating func note(_ raw: RawEntry, _ outcome: EntryOutcome) throws {
    guard let entry = try JSONText.value(raw.bytes).objectValue, let id = entry["object_id"]?.stringBytes,
      let version = entry["version"]?.integer(as: UInt64.self)
    else { throw Fixture.FixtureError.unexpectedForm("a STORE") }
    let content: Content =
      switch outcome {
      case .storeReexecuted: .bytes(try ExpectedContents.bytes(of: entry))
      case .storeCarried: .carried
      default: .placeholder
      }
    var byteCount = entry["content_size"]?.integer(as: UInt64.self) ?? 0
    if case .bytes(let bytes) = content { byteCount = UInt64(bytes.count) }
    let name: (UInt64) -> Digest = { index in
      ObjectNaming.shardID(object: Identifier(bytes: id), version: ObjectVersion(version), index: index)
    }
    contents[name(0)] = content
    for index in 0..<constants.chunkCount(contentBytes: byteCount) {
      let start = Int(index * constants.chunkBytes)
      let end = start + Int(constants.chunkBytes(at: index, contentBytes: byteCount))
      if case .bytes(let bytes) = content {
        shards[name(index)] = .some(Array(bytes[start..<end]))
      } else {
        shards[name(index)] = .some(nil)
      }
    }
  }

  private static func bytes(of entry: JSONObject) throws -> [UInt8] {
    guard let text = try entry.object("payload").required("content").stringBytes,
      let data = Data(base64Encoded: Data(text))
    else { throw Fixture.FixtureError.unexpectedForm("a content") }
    return Array(data)
  }

  /// The exit status of a restore of everything.
  var status: Int32 { hasRejects || contents.values.contains { $0 == .carried || $0 == .placeholder } ? 3 : 0 }
}
