internal import Benchmarking
internal import Foundation
internal import Glibc
internal import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// The verb `bench run`: named workloads replayed by the sequential engine, one worker, all workers and without SIMD, by turns.
/// No time is judged; every root must be one.
public struct BenchRunning: Sendable {
  private let arguments: BenchArguments
  private let workloads: [NamedWorkload]
  private let services: Services

  /// - Throws: `.usage`.
  public init(_ arguments: BenchArguments, services: Services) throws(ReplayFailure) {
    try arguments.check()
    workloads = try arguments.checkedWorkloads()
    self.arguments = arguments
    self.services = services
  }

  /// - Throws: `.precondition`, `.benchmark`, `.output`.
  public func run() throws(ReplayFailure) -> Report {
    let targets = arguments.outputs.map { TargetFile(path: $0, replaces: arguments.force) }
    let github = arguments.github.map { TargetFile(path: $0, replaces: arguments.force) }
    try OutputConflict.check(outputs: targets.map(\.path) + [github?.path], inputs: arguments.programs)
    for target in targets + [github].compactMap(\.self) {
      try ReplayFailure.checking { () throws(TargetFault) in try target.check(log: nil) }
    }
    let documents = try ReplayFailure.benchmarking { () throws(BenchFault) in try measured() }
    for (document, target) in zip(documents, targets) { try BenchFile.write(document.json, to: target) }
    if let github { try BenchFile.write(BenchmarkAction.json(documents[0]), to: github) }
    return report(documents)
  }

  // MARK: Measuring

  private func measured() throws(BenchFault) -> [BenchDocument] {
    let started = services.now()
    let itself = MeasuredProgram(path: Program.path)
    let programs = arguments.programs.isEmpty ? [itself] : arguments.programs.map { MeasuredProgram(path: $0) }
    let subjects = try programs.map { (program) throws(BenchFault) in
      try BenchDocument.Subject(program, isItself: program == itself, services)
    }
    let cache = WorkloadCache(
      folder: arguments.cache ?? WorkloadCache.usualFolder(temporaryFolder: services.temporaryFolder),
      generator: itself, version: Program.version, discards: arguments.discard)
    let rounds = rounds(of: programs)
    let figures = try workloads.map { (workload) throws(BenchFault) in
      try cache.withLog(workload, wakeDescriptor: services.wakeDescriptor) { (path) throws(BenchFault) in
        try rounds.measure(workload, at: path)
      }
    }
    return subjects.indices.map { index in
      BenchDocument(
        program: subjects[index], machine: .this, command: arguments.command, started: started.iso8601,
        session: "\(started.iso8601) \(getpid())", runs: arguments.runs, workloads: figures.map { $0[index] })
    }
  }

  private func rounds(of programs: [MeasuredProgram]) -> BenchRounds {
    let (services, entryCount) = (services, EntryCount())
    return BenchRounds(
      programs: programs, workers: arguments.workers ?? Program.processorCount, runs: arguments.runs,
      wakeDescriptor: services.wakeDescriptor,
      limit: { (path, messageBytes) throws(BenchFault) in
        try ReplayLimit.measure(path, messageBytes: messageBytes, services)
      },
      onReplay: { replay in
        let entries = entryCount.add(replay.entryCount)
        services.onProgress(Progress(step: .replay, entries: entries, bytesRead: 0, storedBytes: nil))
      })
  }

  /// Entries of all replays so far, for progress.
  private final class EntryCount: Sendable {
    private let count = Mutex<UInt64>(0)

    func add(_ entries: UInt64) -> UInt64 {
      count.withLock { count in
        count += entries
        return count
      }
    }
  }

  // MARK: What is said

  private func report(_ documents: [BenchDocument]) -> Report {
    let json: JSONValue =
      documents.count == 1
      ? documents[0].json
      : .members([
        "schema": .text("eqm-replay/bench-pair/1"), "documents": .array(documents.map(\.json)),
      ])
    let texts = documents.map { BenchTables($0) }.map { arguments.markdown ? $0.markdown : $0.lines }
    return Report(status: .done, json: json, text: Array(texts.joined(separator: [""])))
  }
}

extension BenchDocument.Subject {
  /// Asks a program what it is.
  ///
  /// - Throws: ``BenchFault``.
  init(_ program: MeasuredProgram, isItself: Bool, _ services: Services) throws(BenchFault) {
    let said = try program.run(["--version"], wakeDescriptor: services.wakeDescriptor)
    let file = (try? Array(Data(contentsOf: URL(fileURLWithPath: program.path)))) ?? []
    self.init(
      path: program.path,
      version: PrintableText.plain(Array(said.output.prefix { $0 != UInt8(ascii: "\n") })),
      revision: isItself ? Program.revision : nil, sha256: file.isEmpty ? "" : Digest.sha256(file).hexadecimal)
  }
}

extension BenchDocument.Machine {
  /// The machine that this program runs on.
  static var this: BenchDocument.Machine {
    let names = ReplayEngine.Machine.name
    return BenchDocument.Machine(
      host: names.host, system: names.system, processor: ReplayEngine.Machine.processor,
      cores: Program.processorCount)
  }
}
