import EpochMerge
import LogGeneration
import LogReading
import ReplayPipeline
import ReplayTestSupport
import StateCommitment
import StorageProtocol
import Testing

/// What compares the engines must see a defect: here are some, planted.
@Suite struct ComparisonCanaryTests {
  private static let seed: UInt64 = 11

  /// A log with some of everything, and its golden outcome.
  private func log(in folder: TemporaryFolder) throws -> (LogSource, ReplayConfiguration, ReplayOutcome) {
    let log = LogFamily.everything.log(seed: ComparisonCanaryTests.seed)
    let source = LogSource.file(path: try folder.write(log.entries.map { $0 + [0x0A] }.flatMap { $0 }, "log.jsonl"))
    return (source, log.configuration, try ReplayOutcome.golden(source, log.configuration))
  }

  private func parallel(_ source: LogSource, _ configuration: ReplayConfiguration) async throws -> ReplayOutcome {
    var parallel = ParallelConfiguration(configuration, workers: 2, partitions: 5)
    parallel.chunkBytes = 500
    parallel.events = .ids
    parallel.keepsMetadata = true
    return try await ReplayOutcome.parallel(source, parallel)
  }

  @Test func `one altered field of a result is reported by its name, and nothing else is`() async throws {
    let folder = try TemporaryFolder()
    let (source, configuration, golden) = try log(in: folder)
    let sound = try await parallel(source, configuration)
    #expect(sound.differences(from: golden) == [])
    let defects: [(name: String, plant: (inout ReplayOutcome) -> Void)] = [
      ("entries.applied", { $0.result.entries.applied += 1 }),
      ("entries.diverged", { $0.result.entries.diverged += 1 }),
      ("stores", { $0.result.stores.carried += 1 }), ("proofs", { $0.result.proofs.carried += 1 }),
      ("rejects[", { $0.result.rejects = $0.result.rejects.dropping(1) }),
      ("divergences[", { $0.result.divergences = $0.result.divergences.dropping(2) }),
      ("divergences.omittedCount", { $0.result.divergences.omit(1) }),
      ("recoveryPoint", { $0.result.recoveryPoint.note(Tick(.min)) }),
      ("comparedWithRecorded", { $0.result.comparedWithRecorded.toggle() }),
      ("checkpoints[", { $0.result.checkpoints.removeLast() }),
      ("checkpoints handed out[", { $0.checkpoints.removeLast() }),
      ("nodes[", { $0.nodes[0].isAegisVerified.toggle() }),
      ("objects[", { $0.objects[0].createdAtTick = Tick($0.objects[0].createdAtTick.value &+ 1) }),
      ("objects[", { $0.objects[0].metadata = JSONObject(["planted": .null]) }),
      ("objects[", { $0.objects.swapAt(0, 1) }),
      ("event ids[", { $0.eventIDs?.swapAt(0, 1) }), ("event ordinals[", { $0.eventOrdinals?.removeLast() }),
    ]
    for (name, plant) in defects {
      var defective = sound
      plant(&defective)
      let differences = defective.differences(from: golden)
      #expect(differences.contains { $0.hasPrefix(name) }, "\(name): \(differences)")
      #expect(differences.allSatisfy { $0.hasPrefix(name) || $0.hasPrefix("entries: ") }, "\(name): \(differences)")
    }
  }

  @Test func `one entry that only one engine read otherwise is seen in roots, objects and events`() async throws {
    let folder = try TemporaryFolder()
    for seed in 0..<UInt64(20) {
      let log = LogFamily.everything.log(seed: seed)
      let sources = try (0...1).map { timestamp in
        let store =
          #"{"event_type":"STORE","object_id":"canary","version":1,"content_size":1,"timestamp":\#(timestamp)}"#
        var entries = log.entries
        entries.insert(Array(store.utf8), at: entries.count / 2)
        return LogSource.file(path: try folder.write(entries.flatMap { $0 + [0x0A] }, "\(seed)-\(timestamp).jsonl"))
      }
      let golden = try ReplayOutcome.golden(sources[0], log.configuration)
      let differences = try await parallel(sources[1], log.configuration).differences(from: golden)
      for name in ["roots.objects", "roots.log", "roots.state", "objects[", "event ids["] {
        #expect(differences.contains { $0.hasPrefix(name) }, "seed \(seed), \(name): \(differences)")
      }
      #expect(!differences.contains { $0.hasPrefix("entries") || $0.hasPrefix("nodes[") }, "seed \(seed)")
    }
  }

  @Test func `an engine that places on one node too few is caught by most logs`() async throws {
    let folder = try TemporaryFolder()
    var caught = 0
    for seed in 0..<UInt64(20) {
      let log = LogFamily.sticky.log(seed: seed)
      let source = LogSource.file(path: try folder.write(log.entries.flatMap { $0 + [0x0A] }, "\(seed).jsonl"))
      let golden = try ReplayOutcome.golden(source, log.configuration)
      var wrong = log.configuration
      wrong.constants.replicationFactor += 1
      if try await !parallel(source, wrong).differences(from: golden).isEmpty { caught += 1 }
    }
    #expect(caught >= 18)
  }

  @Test func `a failure at another place is no equal failure`() {
    let golden = ReplayVerdict.failed(LogError(.unclosedEntry, ordinal: 3, byteOffset: 100))
    for other in [
      LogError(.unclosedEntry, ordinal: 4, byteOffset: 100), LogError(.unclosedEntry, ordinal: 3, byteOffset: 99),
      LogError(.cutFrame, ordinal: 3, byteOffset: 100),
    ] {
      #expect(!ReplayVerdict.failed(other).differences(from: golden, comparesPlaces: true).isEmpty)
    }
    #expect(golden.differences(from: golden, comparesPlaces: true).isEmpty)
  }
}

extension BoundedList {
  /// The list without its last `count` items.
  fileprivate func dropping(_ count: Int) -> BoundedList {
    var list = BoundedList()
    for item in items.dropLast(count) { list.append(item) }
    list.omit(omittedCount)
    return list
  }
}
