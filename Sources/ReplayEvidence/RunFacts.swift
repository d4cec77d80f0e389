package import StorageProtocol

/// What belongs to one run and its machine, not to the result: never part of a comparison.
package struct RunFacts: Sendable {
  package var workers = 1
  package var partitions = 1
  /// From opening the log to the state root.
  package var elapsed = Duration.zero
  package var peakMemoryBytes: UInt64 = 0
  /// The ordinal of the first entry behind the resume point that was gone on from; nil where the start was.
  package var resumedAt: UInt64?
  /// What the process was to stay below; nil for no limit.
  package var memoryLimitBytes: UInt64?
  /// Bytes put on disk for want of memory, and of how many partitions; nil where memory had no limit.
  package var spilled: (bytes: UInt64, partitions: Int)?
  /// Time that all workers together spent in each stage of the flow, in order; empty for a sequential run.
  package var stages: [(name: String, elapsed: Duration)] = []
  /// Bytes hashed in derive; 0 for a sequential run.
  package var hashedBytes: UInt64 = 0
  /// Permutations of Keccak-f in derive; 0 for a sequential run.
  package var permutationCount: UInt64 = 0
  /// Wall time of each step, in order.
  package var steps: [(name: String, elapsed: Duration)] = []
  /// How the replay went, epoch by epoch; nil where nobody watched it.
  package var epochs: [EpochSpan]?
  package init() {}

  /// The `run` part of a result document.
  package func json(entryCount: UInt64) -> JSONObject {
    var json = JSONObject([
      "workers": .integer(workers), "partitions": .integer(partitions), "seconds": elapsed.secondsJSON,
      "entries_per_second": .integer(elapsed.perSecond(entryCount)),
      "peak_memory_bytes": .integer(peakMemoryBytes),
      "hashed_bytes": .integer(hashedBytes), "permutations": .integer(permutationCount),
      "stages": .object(JSONObject(stages.map { (Array($0.name.utf8), $0.elapsed.secondsJSON) })),
      "steps": .object(JSONObject(steps.map { (Array($0.name.utf8), $0.elapsed.secondsJSON) })),
    ])
    if let epochs { json.add("epochs", EpochSpans.json(epochs)) }
    if let resumedAt { json.add("resumed_at_ordinal", .integer(resumedAt)) }
    if let memoryLimitBytes { json.add("memory_limit_bytes", .integer(memoryLimitBytes)) }
    if let spilled {
      json.add("spilled_bytes", .integer(spilled.bytes))
      json.add("spilled_partitions", .integer(spilled.partitions))
    }
    return json
  }
}

extension Duration {
  /// Seconds with six decimals, as a JSON number.
  package var secondsJSON: JSONValue { .number(Array(secondsText.utf8)) }

  /// Seconds with six decimals.
  package var secondsText: String {
    let microseconds = String(components.attoseconds / 1_000_000_000_000)
    return "\(components.seconds)." + String(repeating: "0", count: 6 - microseconds.count) + microseconds
  }

  /// `count` per second, rounded down; 0 where no time passed, or less than none.
  package func perSecond(_ count: UInt64) -> UInt64 {
    guard self > .zero else { return 0 }
    let microseconds = microseconds
    return microseconds == 0 ? 0 : UInt64(clamping: UInt128(count) * 1_000_000 / UInt128(microseconds))
  }

  /// Whole microseconds.
  package var microseconds: Int128 {
    Int128(components.seconds) * 1_000_000 + Int128(components.attoseconds / 1_000_000_000_000)
  }
}
