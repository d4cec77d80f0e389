import EpochMerge
import GoldenRun
import LogReading
import ReplayPipeline
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
  /// The events as an export has them; nil where they were not asked for.
  var eventLines: [UInt8]?
  /// As they were handed out.
  var checkpoints: [Checkpoint]
}

extension ReplayOutcome {
  static func golden(_ source: LogSource, _ configuration: ReplayConfiguration) throws(LogError) -> ReplayOutcome {
    var run = try GoldenReplay(source, configuration: configuration, reading: LogReadingOptions())
    var ids: [Digest] = []
    var ordinals: [Ordinal] = []
    var lines: [UInt8] = []
    var ordinal: UInt64 = 0
    while let step = try run.step() {
      if let event = step.entry.event {
        ids.append(event.id)
        ordinals.append(Ordinal(ordinal))
        lines += ReplayOutcome.line(event)
      }
      ordinal += 1
    }
    let (result, extent) = run.outcome
    return ReplayOutcome(
      result: result, extent: extent, objects: run.engine.sortedObjects, nodes: run.engine.sortedNodes,
      eventIDs: ids, eventOrdinals: ordinals, eventLines: lines, checkpoints: result.checkpoints)
  }

  /// The line of an export: the fields in canonical JSON between `kind` and `event_id`.
  private static func line(_ event: StorageEvent) -> [UInt8] {
    let object = event.json
    let hashed = JSONObject(object.members.dropLast().map { ($0.key, $0.value) })
    let fields = JSONFormat.canonical.encode(.object(hashed)).dropFirst().dropLast()
    return Array(#"{"kind":"event","#.utf8) + fields + Array(#","event_id":""#.utf8) + event.id.hexadecimalBytes
      + Array("\"}\n".utf8)
  }

  static func parallel(_ source: LogSource, _ configuration: ParallelConfiguration) async throws(PipelineError)
    -> ReplayOutcome
  {
    let appended = Appended()
    let replay = try await ReplayPipeline.replay(source, configuration, reading: LogReadingOptions()) {
      (batch, checkpoints) throws(PipelineError) in appended.add(batch, checkpoints)
    }
    let content = appended.content
    return ReplayOutcome(
      result: replay.result, extent: replay.extent, objects: replay.sortedObjects, nodes: replay.nodes,
      eventIDs: configuration.events == .ids ? content.ids : nil,
      eventOrdinals: configuration.events == .ids ? content.ordinals : nil,
      eventLines: configuration.events == .lines ? content.lines : nil, checkpoints: content.checkpoints)
  }

  /// What was appended, in the order it was.
  private final class Appended: Sendable {
    struct Content {
      var ids: [Digest] = []
      var ordinals: [Ordinal] = []
      var lines: [UInt8] = []
      var checkpoints: [Checkpoint] = []
    }

    private let state = Mutex(Content())

    var content: Content { state.withLock { $0 } }

    func add(_ batch: MergedBatch, _ checkpoints: [Checkpoint]) {
      state.withLock { content in
        content.ids += batch.eventIDs
        content.ordinals += batch.eventOrdinals
        content.lines += batch.eventLines
        content.checkpoints += checkpoints
      }
    }
  }
}
