import GoldenRun
import LogGeneration
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// Properties of a replay that hold for every log, on seeded random ones.
@Suite struct GeneratedLogTests {
  private func replay(_ entries: [[UInt8]]) throws -> (result: ReplayResult, eventIDs: [Digest]) {
    var engine = GoldenEngine(ReplayConfiguration())
    var ids: [Digest] = []
    for (ordinal, entry) in entries.enumerated() {
      if let event = try engine.replay(RawEntry(entry, ordinal: UInt64(ordinal))).event { ids.append(event.id) }
    }
    return (engine.result, ids)
  }

  @Test(arguments: 1...150)
  func `an intact log gives its events back, id by id, without divergence`(seed: Int) throws {
    let log = LogGenerator.run(seed: UInt64(seed), traits: .intact)
    let (result, ids) = try replay(log.entries)
    #expect(result.entries.diverged == 0, "seed \(seed)")
    #expect(result.entries.rejected == log.rejectedCount, "seed \(seed)")
    #expect(ids == log.events.map(\.id), "seed \(seed)")
  }

  @Test(arguments: 1...150)
  func `a log with calls missing and bad entries gives the same events back, and counts everything`(seed: Int) throws {
    let log = LogGenerator.run(seed: UInt64(seed), traits: .damagedByLife)
    var engine = GoldenEngine(ReplayConfiguration())
    for (ordinal, entry) in log.entries.enumerated() {
      let rejected = engine.entries.rejected
      let event = try engine.replay(RawEntry(entry, ordinal: UInt64(ordinal))).event
      guard engine.entries.rejected == rejected, let id = try JSONText.value(entry).objectValue?["event_id"] else {
        continue
      }
      #expect(event.map { .hexadecimal($0.id) } == id, "seed \(seed), entry \(ordinal)")
    }
    let counts = engine.entries
    #expect(counts.total == UInt64(log.entries.count), "seed \(seed)")
    #expect(counts.applied + counts.acknowledged + counts.rejected + counts.unsupported == counts.total)
    #expect(
      engine.result.divergences.items.allSatisfy { ["epoch", "replica_sets"].contains($0.field) }, "seed \(seed)")
  }

  @Test func `the generator makes what the engine must cope with`() throws {
    var total = EntryCounts()
    for seed in 1...60 {
      let counts = try replay(LogGenerator.run(seed: UInt64(seed), traits: .damagedByLife).entries).result.entries
      total.diverged += counts.diverged
      total.applied += counts.applied
      for (code, count) in counts.rejections { for _ in 0..<count { total.countRejected(code) } }
      for (type, count) in counts.unsupportedTypes { for _ in 0..<count { total.countUnsupported(type) } }
    }
    #expect(total.diverged > 0)
    #expect(total.unsupported > 0)
    #expect(Set(total.rejections.map(\.code)) == [.invalidInput, .invalidVersion, .aegisContextMissing, .internal])
  }

  @Test func `one seed gives one log, another another`() {
    let traits = GeneratorTraits.damagedByLife
    #expect(LogGenerator.run(seed: 5, traits: traits).entries == LogGenerator.run(seed: 5, traits: traits).entries)
    #expect(LogGenerator.run(seed: 5, traits: traits).entries != LogGenerator.run(seed: 6, traits: traits).entries)
  }
}
