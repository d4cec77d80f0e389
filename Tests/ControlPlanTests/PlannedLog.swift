import ControlPlan
import LogDecoding
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// A log planned batch by batch, with an answer of the test's own to the one question that planning asks.
struct PlannedLog {
  /// A call of `hasPlaced`.
  struct Question: Equatable {
    /// In the batch.
    let entry: Int
    let since: UInt64
  }

  private(set) var plan = ControlPlan()
  private(set) var questions: [Question] = []
  /// Spans of the plan that a question came with.
  private(set) var spansAsked: [Int] = []
  private let answer: Bool
  private let folder: TemporaryFolder

  /// - Parameter hasPlaced: the answer.
  init(hasPlaced: Bool = false) throws {
    answer = hasPlaced
    folder = try TemporaryFolder()
  }

  /// Plans entries as one batch.
  mutating func add(_ entries: [String]) throws -> PlannedBatch {
    let batch = try decode(entries)
    #expect(batch.rejections.isEmpty)
    var asked: [(Question, Int)] = []
    let answer = answer
    let planned = plan.plan(batch) { planned, entry, since in
      asked.append((Question(entry: entry, since: since.value), planned.spans.count))
      return answer
    }
    questions += asked.map(\.0)
    spansAsked += asked.map(\.1)
    return planned
  }

  private func decode(_ entries: [String]) throws -> DecodedBatch {
    let source = LogSource.file(path: try folder.write(LogText.lines(entries), "log.jsonl"))
    var reader = try LogChunkReader(source, options: LogReadingOptions(), chunkBytes: 1 << 20, hashesFile: false)
    var splitter = LogSplitter(source, options: LogReadingOptions(), chunkBytes: 1 << 20)
    let (block, chunk, batch) = (LogBlock(), LogChunk(), DecodedBatch())
    reader.read(into: block)
    #expect(splitter.split(block, into: chunk) && chunk.isLast)
    var decoder = EntryDecoder(ReplayConfiguration())
    try decoder.decode(chunk, into: batch)
    // The batch's views point into the chunk: what planning takes from it, it copies.
    return withExtendedLifetime(chunk) { batch }
  }
}

extension NodeList {
  /// The ids, as text.
  var ids: [String] { (0..<view.count).map { String(decoding: view.nodes[$0].id.array, as: UTF8.self) } }
  var slots: [UInt32] { (0..<view.count).map { view.nodes[$0].slot } }
  var names: [UInt32] { (0..<view.count).map { view.nodes[$0].name } }
}

/// Entries of the control plane.
enum Entry {
  static let store = #"{"event_type":"STORE","object_id":"o","version":1,"content_size":1}"#

  static func register(_ id: String) -> String { #"{"event_type":"NODE_REGISTRATION","node_id":"\#(id)"}"# }
  static func unregister(_ id: String) -> String { #"{"event_type":"NODE_UNREGISTRATION","node_id":"\#(id)"}"# }
  static func uptime(_ id: String) -> String { #"{"event_type":"NODE_UPTIME","node_id":"\#(id)","uptime_bucket":3}"# }
  static func rewards(_ epoch: Int) -> String { #"{"event_type":"NOD_REWARDS","epoch":\#(epoch)}"# }
  static func advance(_ epoch: Int) -> String { #"{"event_type":"EPOCH_ADVANCEMENT","epoch":\#(epoch)}"# }

  static func status(_ id: String, _ status: String) -> String {
    #"{"event_type":"NODE_STATUS","node_id":"\#(id)","status":"\#(status)"}"#
  }

  /// An AEGIS_CONTEXT by which just the nodes `verified` verify.
  static func context(_ verified: [String]) -> String {
    let registry = verified.map { #""\#($0)":{"pqc_public_key":"k","pqc_scheme":"Dilithium5"}"# }
    let telemetry = verified.map { #""\#($0)":{"uptime_ratio":"0.95","health_score":"0.80"}"# }
    let hash = String(repeating: "a", count: 64)
    return
      #"{"event_type":"AEGIS_CONTEXT","payload":{"registry_snapshot":{"nodes":{\#(registry.joined(separator: ","))}},"#
      + #""telemetry_snapshot":{"schema_version":"v1.0","telemetry_hash":"\#(hash)","#
      + #""nodes":{\#(telemetry.joined(separator: ","))}}}}"#
  }
}
