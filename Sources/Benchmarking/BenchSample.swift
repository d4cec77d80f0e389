internal import StorageProtocol

/// The figures of one replay of a series.
package struct BenchSample: Equatable, Sendable {
  /// From 0: what was measured in one round can be compared in pairs.
  package let round: Int
  /// From opening the log to the state root.
  package let seconds: Double
  /// From the start of the process to its end.
  package let processSeconds: Double
  package let processorSeconds: Double
  package let peakMemoryBytes: UInt64
  package let hashedBytes: UInt64
  /// Nil of a program that does not count them.
  package let permutationCount: UInt64?
  /// In the order of the flow; none of a sequential run.
  package let stages: [BenchedReplay.Stage]

  package init(round: Int, _ replay: BenchedReplay) {
    self.round = round
    seconds = replay.seconds.inWholeMicroseconds
    processSeconds = replay.processSeconds.inWholeMicroseconds
    processorSeconds = replay.processorSeconds.inWholeMicroseconds
    peakMemoryBytes = replay.peakMemoryBytes
    hashedBytes = replay.hashedBytes
    permutationCount = replay.permutationCount
    stages = replay.stages
  }

  var json: JSONValue {
    .members([
      "round": .integer(round), "seconds": .seconds(seconds), "process_seconds": .seconds(processSeconds),
      "processor_seconds": .seconds(processorSeconds), "peak_memory_bytes": .integer(peakMemoryBytes),
      "hashed_bytes": .integer(hashedBytes), "permutations": permutationCount.map(JSONValue.integer) ?? .null,
      "stages": .object(JSONObject(stages.map { (Array($0.name.utf8), .seconds($0.seconds)) })),
    ])
  }

  init(_ json: BenchJSON) throws(BenchFault) {
    round = try json.index("round")
    seconds = try json.number("seconds")
    processSeconds = try json.number("process_seconds")
    processorSeconds = try json.number("processor_seconds")
    peakMemoryBytes = try json.count("peak_memory_bytes")
    hashedBytes = try json.count("hashed_bytes")
    permutationCount = json.has("permutations") ? try json.count("permutations") : nil
    let stages = try json.object("stages")
    self.stages = try stages.names.map { (name) throws(BenchFault) in
      BenchedReplay.Stage(name: name, seconds: try stages.number(name))
    }
  }
}

/// What the machine could do in a round if nothing but the work itself took time: on one core, without a replay around it.
package struct LimitSample: Equatable, Sendable {
  package let round: Int
  /// Of Keccak-f, in batches of messages of the workload's size.
  package let permutationsPerSecond: Double
  /// All LZ4 frames of the log decompressed.
  package let decompressionSeconds: Double
  /// All entries' texts scanned as JSON.
  package let scanSeconds: Double

  package init(round: Int, permutationsPerSecond: Double, decompressionSeconds: Double, scanSeconds: Double) {
    self.round = round
    self.permutationsPerSecond = permutationsPerSecond.rounded()
    self.decompressionSeconds = decompressionSeconds.inWholeMicroseconds
    self.scanSeconds = scanSeconds.inWholeMicroseconds
  }

  var json: JSONValue {
    .members([
      "round": .integer(round), "permutations_per_second": .integer(Int(permutationsPerSecond)),
      "decompression_seconds": .seconds(decompressionSeconds), "scan_seconds": .seconds(scanSeconds),
    ])
  }

  init(_ json: BenchJSON) throws(BenchFault) {
    round = try json.index("round")
    permutationsPerSecond = try json.number("permutations_per_second")
    decompressionSeconds = try json.number("decompression_seconds")
    scanSeconds = try json.number("scan_seconds")
  }
}

extension Double {
  /// As a document holds it.
  var inWholeMicroseconds: Double { (self * 1e6).rounded() / 1e6 }
}

extension JSONValue {
  /// Seconds with six decimals.
  static func seconds(_ seconds: Double) -> JSONValue { decimals(seconds, count: 6) }

  /// A number that is not negative, with so many decimals.
  static func decimals(_ number: Double, count: Int) -> JSONValue { .number(Array(number.text(decimals: count).utf8)) }
}

extension Double {
  /// The number in digits, rounded to so many decimals.
  package func text(decimals count: Int) -> String {
    let unit = (0..<count).reduce(1.0) { unit, _ in unit * 10 }
    // What is too large for this is no figure of a benchmark.
    let scaled = Int(exactly: (magnitude * unit).rounded()) ?? Int.max
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(unit))
    let digits = String(rest)
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard count > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole)." + String(repeating: "0", count: count - digits.count) + digits
  }
}
