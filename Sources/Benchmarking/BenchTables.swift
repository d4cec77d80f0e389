/// What a document says, in tables for people.
package struct BenchTables: Sendable {
  private let document: BenchDocument

  package init(_ document: BenchDocument) { self.document = document }

  package var lines: [String] {
    let program = document.program
    let revision = program.revision.map { " (\($0))" } ?? ""
    return [
      "\(program.version)\(revision): \(program.path)",
      "\(document.machine.processor), \(document.machine.cores) cores, \(document.machine.system)",
      document.command, "",
      "Seconds from opening the log to its root, rounds by turns: \(document.runs); every root is one",
    ] + series.lines + ["", "Stages: busy seconds of all workers together, medians"] + stages.lines
      + ["", "Limit: seconds of one core for the same permutations, LZ4 frames and JSON texts alone"] + limits.lines
  }

  private var series: TextTable {
    var table = TextTable([
      "log", "engine", "runs", "median s", "min", "max", "spread", "entries/s", "MB/s", "CPU s", "MiB", "to golden",
      "to 1 worker", "of limit", "root",
    ])
    for workload in document.workloads {
      for series in workload.series { table.add(row(series, workload)) }
    }
    return table
  }

  private func row(_ series: BenchSeries, _ workload: BenchedWorkload) -> [String] {
    [
      workload.name, series.contender, "\(series.samples.count)", seconds(series.medianSeconds),
      seconds(series.seconds.min() ?? 0), seconds(series.seconds.max() ?? 0), percent(series.seconds.spread),
      Thousands.text(UInt64(workload.entriesPerSecond(series))),
      short(workload.bytesPerSecond(series) / 1e6), series.processorSeconds.text(decimals: 2),
      Thousands.text(series.peakMemoryBytes >> 20), times(workload.speed(series, to: workload.golden)),
      times(workload.speed(series, to: workload.oneWorker)), percent(workload.partOfLimit(series)),
      String(workload.stateRoot.prefix(8)),
    ]
  }

  private var stages: TextTable {
    let names = document.workloads.flatMap(\.series).map(\.stages).max { $0.count < $1.count } ?? []
    var table = TextTable(["log", "engine"] + names.map(\.name))
    for workload in document.workloads {
      for series in workload.series where !series.stages.isEmpty {
        let found = series.stages
        table.add(
          [workload.name, series.contender]
            + names.map { name in found.first { $0.name == name.name }.map { self.seconds($0.seconds) } ?? "-" })
      }
    }
    return table
  }

  private var limits: TextTable {
    var table = TextTable([
      "log", "entries", "bytes", "permutations", "hashed bytes", "hashing s", "LZ4 s", "JSON s", "limit s", "message",
    ])
    for workload in document.workloads {
      table.add([
        workload.name, Thousands.text(workload.entryCount), Thousands.text(workload.bytes),
        workload.permutationCount.map(Thousands.text) ?? "-",
        Thousands.text(workload.oneWorker?.samples.first?.hashedBytes ?? 0),
        workload.hashingSeconds.map(seconds) ?? "-", seconds(workload.decompressionSeconds),
        seconds(workload.scanSeconds), workload.limitSeconds.map(seconds) ?? "-", "\(workload.messageBytes) B",
      ])
    }
    return table
  }

  /// The table of the README.
  package var markdown: [String] {
    let several = document.workloads.first?.series.filter { $0.workers ?? 0 > 1 }.first?.contender
    let engines = [Contender.golden.name, Contender(workers: 1).name] + [several].compactMap(\.self)
    let last = engines.last ?? ""
    var table = TextTable(["log", "entries"] + engines + ["to golden", "to 1 worker", "of limit"])
    for workload in document.workloads {
      let series = workload.series(last)
      table.add(
        [workload.name, Thousands.text(workload.entryCount)]
          + engines.map { engine in workload.series(engine).map { "\(short($0.medianSeconds)) s" } ?? "-" }
          + [
            series.flatMap { workload.speed($0, to: workload.golden) }.map { "\(short($0))×" } ?? "-",
            series.flatMap { workload.speed($0, to: workload.oneWorker) }.map { "\(short($0))×" } ?? "-",
            series.flatMap { workload.partOfLimit($0) }.map { "\((100 * $0).text(decimals: 0)) %" } ?? "-",
          ])
    }
    return table.markdown
  }

  // MARK: Numbers

  private func seconds(_ seconds: Double) -> String { seconds.text(decimals: seconds < 10 ? 4 : 2) }

  /// Three digits that say something.
  private func short(_ number: Double) -> String {
    number.text(decimals: number < 1 ? 3 : number < 10 ? 2 : number < 100 ? 1 : 0)
  }

  private func times(_ ratio: Double?) -> String { ratio.map { "\($0.text(decimals: $0 < 10 ? 2 : 1))x" } ?? "-" }

  private func percent(_ part: Double?) -> String { part.map { "\((100 * $0).text(decimals: 1))%" } ?? "-" }
}
