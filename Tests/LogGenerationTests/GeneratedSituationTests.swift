import GoldenRun
import LogGeneration
import LogReading
import ReplayTestSupport
import StorageProtocol
import Testing

/// The short logs of ``GeneratorTraits`` hold what they are made for: a property that no log puts to the test proves nothing.
@Suite struct GeneratedSituationTests {
  /// What the logs of some seeds held, by the golden engine.
  private struct Situations {
    var counts: [String: Int] = [:]

    mutating func add(_ name: String) { add(name, 1) }

    mutating func add(_ name: String, _ count: some BinaryInteger) {
      if count > 0 { counts[name, default: 0] += Int(count) }
    }

    mutating func replay(_ log: LogGenerator) throws {
      var engine = GoldenEngine(log.configuration)
      for (ordinal, text) in log.entries.enumerated() {
        let before = engine.entries
        let value = try JSONText.value(text).objectValue
        let type = value?["event_type"]?.stringBytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
        if type == "PROOF_GENERATED", let value { look(at: value, engine) }
        let isKnown = type == "NODE_REGISTRATION" ? engine.sortedNodes.count : -1
        _ = try engine.replay(RawEntry(text, ordinal: UInt64(ordinal)))
        if engine.entries.applied > before.applied {
          add("applied \(type)")
          if engine.entries.diverged > before.diverged { add("diverged \(type)") }
          if engine.sortedNodes.count == isKnown { add("re-registration") }
        } else if let code = ErrorCode.allCases.first(where: { engine.entries.count($0) > before.count($0) }) {
          add("rejected \(code.rawValue)")
          add("rejected \(type) \(code.rawValue)")
        }
      }
      finish(engine, log)
    }

    /// Whose shard a proof is of.
    private mutating func look(at proof: JSONObject, _ engine: GoldenEngine) {
      guard let first = proof["shard_ids"]?.elements?.first?.stringBytes,
        let requested = proof["replica_sets"]?.objectValue?.members.first?.key
      else { return }
      let object = engine.sortedObjects.first { $0.key.hexadecimalBytes == first }
      guard let object else { return add("proof of an absent object") }
      let index = object.shards.firstIndex { $0.id.hexadecimalBytes == requested }
      guard let index else { return add("proof of a foreign shard") }
      add(index < object.currentShardCount ? "proof of a current shard" : "proof of an orphan")
    }

    private mutating func finish(_ engine: GoldenEngine, _ log: LogGenerator) {
      let result = engine.result
      add("acknowledged", result.entries.acknowledged)
      add("unsupported", result.entries.unsupported)
      add("re-executed", result.stores.reexecuted)
      add("carried", result.stores.carried)
      add("placeholder", result.stores.placeholder)
      add("carried proofs", result.proofs.carried)
      add("failed proofs", result.proofs.failed)
      add("checkpoints", result.checkpoints.count)
      for divergence in result.divergences.items { add("diverges in \(divergence.field)") }
      for object in engine.sortedObjects where object.shards.count > object.currentShardCount { add("orphans") }
      if engine.sortedNodes.count > 20 { add("more than 20 nodes") }
      for (alteration, count) in log.alterations { add("\(alteration)", count) }
      for (proof, count) in log.strangeProofs { add("\(proof)", count) }
      if let staging = log.staging { add("\(staging)") }
    }
  }

  private func situations(_ traits: GeneratorTraits, seeds: Range<UInt64>) throws -> [String: Int] {
    var situations = Situations()
    for seed in seeds { try situations.replay(LogGenerator.run(seed: seed, traits: traits)) }
    return situations.counts
  }

  private func expect(_ names: [String], in counts: [String: Int]) {
    for name in names { #expect(counts[name, default: 0] > 0, "no log has: \(name)") }
  }

  @Test func `logs of everything hold every kind of entry, alteration, divergence and rejection`() throws {
    let counts = try situations(.everything, seeds: 0..<100)
    let types = EventType.allCases.map(\.rawValue).filter { !["READ", "GET_PROOF", "LIST_OBJECTS"].contains($0) }
    expect(types.map { "applied \($0)" }, in: counts)
    expect(["STORE", "PROOF_GENERATED", "PROOF_FAILED", "NODE_REGISTRATION"].map { "diverged \($0)" }, in: counts)
    expect(ErrorCode.allCases.map { "rejected \($0.rawValue)" }, in: counts)
    expect(
      ["epoch", "replica_sets", "object", "object_id", "version", "shard_ids", "hash_commit"].map {
        "diverges in \($0)"
      },
      in: counts)
    expect(
      [
        "acknowledged", "unsupported", "re-executed", "carried", "placeholder", "carried proofs", "failed proofs",
        "checkpoints", "orphans", "re-registration", "proof of an absent object", "proof of a foreign shard",
        "proof of a current shard", "proof of an orphan",
      ], in: counts)
    expect(Alteration.allCases.map { "\($0)" }, in: counts)
    expect(StrangeProof.allCases.map { "\($0)" }, in: counts)
    let integrity = ErrorCode.integrityMismatch.rawValue
    expect(
      ["STORE", "PROOF_GENERATED", "PROOF_FAILED", "NODE_REGISTRATION", "EPOCH_ADVANCEMENT"].map {
        "rejected \($0) \(integrity)"
      }, in: counts)
  }

  @Test func `logs of a staged context hold every staging`() throws {
    expect(ContextStaging.allCases.map { "\($0)" }, in: try situations(.sticky, seeds: 0..<60))
  }

  @Test func `logs of huge contents overflow counters of nodes, logs of dear ones fees`() throws {
    for traits in [GeneratorTraits.overflowingCounters, .overflowingFees] {
      let counts = try situations(traits, seeds: 0..<30)
      expect(["rejected STORE SE_ERR_INTERNAL", "applied STORE", "carried", "re-executed", "placeholder"], in: counts)
      #expect(counts["rejected STORE SE_ERR_INTERNAL", default: 0] > 20)
    }
  }

  @Test func `crowded logs have many nodes, replacing ones many orphans`() throws {
    expect(["more than 20 nodes"], in: try situations(.crowded, seeds: 0..<10))
    #expect(try situations(.replacing, seeds: 0..<20)["orphans", default: 0] > 20)
  }

  @Test func `the counter that overflows is a node's, where fees are far from it`() throws {
    let log = LogGenerator.run(seed: 1, traits: .overflowingCounters)
    var engine = GoldenEngine(log.configuration)
    for (ordinal, text) in log.entries.enumerated() { _ = try engine.replay(RawEntry(text, ordinal: UInt64(ordinal))) }
    let limit = BigNum128(raw: .max)
    #expect(try CertifiedMath.multiply(engine.result.state.totalAtrFees, BigNum128(integer: 2)) < limit)
  }
}

extension EntryCounts {
  /// Entries rejected with `code`.
  fileprivate func count(_ code: ErrorCode) -> UInt64 { rejections.first { $0.code == code }?.count ?? 0 }
}
