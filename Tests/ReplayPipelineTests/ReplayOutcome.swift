import EpochMerge
import GoldenRun
import LogDecoding
import LogReading
import ReplayPipeline
import ReplayTestSupport
import ShardReplay
import StateCommitment
import StorageProtocol
import Synchronization

/// Everything a replay of a log gives, by either engine: what must not depend on which one, nor on the shape of the run.
struct ReplayOutcome: Sendable {
  var result: ReplayResult
  var extent: LogExtent
  var objects: [StoredObject]
  var nodes: [StorageNode]
  /// The events in order; nil where their ids were not asked for.
  var eventIDs: [Digest]?
  var eventOrdinals: [Ordinal]?
  /// The canonical JSON of the events in order; nil where it was not asked for.
  var eventTexts: [[UInt8]]?
  /// As they were handed out.
  var checkpoints: [Checkpoint]
}

extension ReplayOutcome {
  static func golden(_ source: LogSource, _ configuration: ReplayConfiguration) throws(LogError) -> ReplayOutcome {
    var run = try GoldenReplay(source, configuration: configuration, reading: LogReadingOptions())
    var ids: [Digest] = []
    var ordinals: [Ordinal] = []
    var texts: [[UInt8]] = []
    var ordinal: UInt64 = 0
    while let step = try run.step() {
      if let event = step.entry.event {
        ids.append(event.id)
        ordinals.append(Ordinal(ordinal))
        texts.append(ReplayOutcome.text(event))
      }
      ordinal += 1
    }
    let (result, extent) = run.outcome
    return ReplayOutcome(
      result: result, extent: extent, objects: run.engine.sortedObjects, nodes: run.engine.sortedNodes,
      eventIDs: ids, eventOrdinals: ordinals, eventTexts: texts, checkpoints: result.checkpoints)
  }

  /// What the id of an event hashes.
  private static func text(_ event: StorageEvent) -> [UInt8] {
    let hashed = JSONObject(event.json.members.dropLast().map { ($0.key, $0.value) })
    return JSONFormat.canonical.encode(.object(hashed))
  }

  static func parallel(_ source: LogSource, _ configuration: ParallelConfiguration) async throws(PipelineError)
    -> ReplayOutcome
  {
    let appended = Appended()
    let replay = try await ReplayPipeline.replay(source, configuration, reading: LogReadingOptions()) {
      (batch, checkpoints) throws(PipelineError) in appended.add(batch, checkpoints)
    }
    let content = appended.content
    var objects: [StoredObject] = []
    var rereading = EntryRereading()
    replay.forEachObject { (object, nodeNames) in
      objects.append(StoredObject(object, nodeNames: nodeNames, &rereading))
    }
    return ReplayOutcome(
      result: replay.result, extent: replay.extent,
      objects: objects.sorted { ($0.id, $0.version) < ($1.id, $1.version) }, nodes: replay.nodes,
      eventIDs: configuration.events != .none ? content.ids : nil,
      eventOrdinals: configuration.events != .none ? content.ordinals : nil,
      eventTexts: configuration.events == .texts ? content.texts : nil, checkpoints: content.checkpoints)
  }

  /// What was appended, in the order it was.
  private final class Appended: Sendable {
    struct Content {
      var ids: [Digest] = []
      var ordinals: [Ordinal] = []
      var texts: [[UInt8]] = []
      var checkpoints: [Checkpoint] = []
    }

    private let state = Mutex(Content())

    var content: Content { state.withLock { $0 } }

    func add(_ batch: MergedBatch, _ checkpoints: [Checkpoint]) {
      state.withLock { content in
        content.ids += batch.eventIDs
        content.ordinals += batch.eventOrdinals
        var start = 0
        for end in batch.eventTextEnds {
          content.texts.append(Array(batch.eventTexts[start..<end]))
          start = end
        }
        content.checkpoints += checkpoints
      }
    }
  }
}
