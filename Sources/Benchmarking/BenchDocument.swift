package import StorageProtocol

/// What one program did on all workloads: `eqm-replay/bench/1`.
package struct BenchDocument: Equatable, Sendable {
  package static let schema = "eqm-replay/bench/1"

  /// The program that was measured.
  package struct Subject: Equatable, Sendable {
    package let path: String
    /// What its `--version` says.
    package let version: String
    /// Of its sources; nil where it is another program than the one that measured.
    package let revision: String?
    /// SHA-256 of its file, in hexadecimal digits.
    package let sha256: String

    package init(path: String, version: String, revision: String?, sha256: String) {
      self.path = path
      self.version = version
      self.revision = revision
      self.sha256 = sha256
    }
  }

  package struct Machine: Equatable, Sendable {
    package let host: String
    package let system: String
    package let processor: String
    package let cores: Int

    package init(host: String, system: String, processor: String, cores: Int) {
      self.host = host
      self.system = system
      self.processor = processor
      self.cores = cores
    }
  }

  package let program: Subject
  package let machine: Machine
  /// As typed.
  package let command: String
  /// ISO 8601, UTC.
  package let started: String
  /// The same in documents whose replays were measured by turns, and in no others.
  package let session: String
  package let runs: Int
  package let workloads: [BenchedWorkload]

  package init(
    program: Subject, machine: Machine, command: String, started: String, session: String, runs: Int,
    workloads: [BenchedWorkload]
  ) {
    self.program = program
    self.machine = machine
    self.command = command
    self.started = started
    self.session = session
    self.runs = runs
    self.workloads = workloads
  }

  // MARK: JSON

  package var json: JSONValue {
    .members([
      "schema": .text(BenchDocument.schema),
      "program": program.json, "machine": machine.json, "command": .text(command), "started": .text(started),
      "session": .text(session), "runs": .integer(runs),
      "workloads": .array(workloads.map(\.json)),
    ])
  }

  /// Reads a document.
  ///
  /// - Parameter path: for messages.
  /// - Throws: `.notADocument`.
  package init(parsing text: [UInt8], path: String) throws(BenchFault) {
    do throws(BenchFault) {
      let json = try BenchJSON(text, saidBy: path)
      guard try json.text("schema") == BenchDocument.schema else {
        throw .notADocument(path: path, "its schema is not \(BenchDocument.schema)")
      }
      try self.init(json)
    } catch {
      guard case .unreadable(_, let reason) = error else { throw error }
      throw .notADocument(path: path, reason)
    }
  }

  private init(_ json: BenchJSON) throws(BenchFault) {
    self.init(
      program: try Subject(json.object("program")), machine: try Machine(json.object("machine")),
      command: try json.text("command"), started: try json.text("started"), session: try json.text("session"),
      runs: try json.index("runs"),
      workloads: try json.objects("workloads").map { (json) throws(BenchFault) in try BenchedWorkload(json) })
  }
}

extension BenchDocument.Subject {
  var json: JSONValue {
    .members([
      "path": .text(path), "version": .text(version), "revision": revision.map(JSONValue.text) ?? .null,
      "sha256": .text(sha256),
    ])
  }

  init(_ json: BenchJSON) throws(BenchFault) {
    self.init(
      path: try json.text("path"), version: try json.text("version"),
      revision: json.has("revision") ? try json.text("revision") : nil, sha256: try json.text("sha256"))
  }
}

extension BenchDocument.Machine {
  var json: JSONValue {
    .members([
      "host": .text(host), "system": .text(system), "processor": .text(processor), "cores": .integer(cores),
    ])
  }

  init(_ json: BenchJSON) throws(BenchFault) {
    self.init(
      host: try json.text("host"), system: try json.text("system"), processor: try json.text("processor"),
      cores: try json.index("cores"))
  }
}

extension BenchedWorkload {
  /// With what follows from the samples, for those who read it without this program.
  fileprivate var json: JSONValue {
    .members([
      "name": .text(name), "log": .text(log), "entries": .integer(entryCount), "bytes": .integer(bytes),
      "state_root": .text(stateRoot),
      "limit": .members([
        "message_bytes": .integer(messageBytes), "permutations": permutationCount.map(JSONValue.integer) ?? .null,
        "hashing_seconds": hashingSeconds.map(JSONValue.seconds) ?? .null,
        "decompression_seconds": .seconds(decompressionSeconds), "scan_seconds": .seconds(scanSeconds),
        "seconds": limitSeconds.map(JSONValue.seconds) ?? .null, "samples": .array(limits.map(\.json)),
      ]),
      "series": .array(series.map(json)),
    ])
  }

  private func json(_ series: BenchSeries) -> JSONValue {
    func ratio(_ ratio: Double?) -> JSONValue { ratio.map { .decimals($0, count: 4) } ?? .null }
    return .members([
      "contender": .text(series.contender), "workers": series.workers.map(JSONValue.integer) ?? .null,
      "median_seconds": .seconds(series.medianSeconds), "spread": ratio(series.seconds.spread),
      "entries_per_second": .integer(Int(entriesPerSecond(series))),
      "bytes_per_second": .integer(Int(bytesPerSecond(series))),
      "processor_seconds": .seconds(series.processorSeconds), "peak_memory_bytes": .integer(series.peakMemoryBytes),
      "stages": .object(JSONObject(series.stages.map { (Array($0.name.utf8), .seconds($0.seconds)) })),
      "to_golden": ratio(speed(series, to: golden)), "to_one_worker": ratio(speed(series, to: oneWorker)),
      "of_limit": ratio(partOfLimit(series)), "samples": .array(series.samples.map(\.json)),
    ])
  }

  fileprivate init(_ json: BenchJSON) throws(BenchFault) {
    let limit = try json.object("limit")
    self.init(
      name: try json.text("name"), log: try json.text("log"), entryCount: try json.count("entries"),
      bytes: try json.count("bytes"), stateRoot: try json.text("state_root"),
      messageBytes: try limit.index("message_bytes"),
      limits: try limit.objects("samples").map { (json) throws(BenchFault) in try LimitSample(json) },
      series: try json.objects("series").map { (json) throws(BenchFault) in try BenchSeries(json) })
  }
}

extension BenchSeries {
  init(_ json: BenchJSON) throws(BenchFault) {
    let samples = try json.objects("samples").map { (json) throws(BenchFault) in try BenchSample(json) }
    // A ratio to nothing, or to a time of nothing, is no ratio.
    guard !samples.isEmpty, samples.allSatisfy({ $0.seconds > 0 }) else {
      throw json.wrong("samples", "an array of replays that took time")
    }
    self.init(
      contender: try json.text("contender"), workers: json.has("workers") ? try json.index("workers") : nil,
      samples: samples)
  }
}
