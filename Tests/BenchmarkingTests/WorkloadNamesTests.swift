import Benchmarking
import Foundation
import ReplayTestSupport
import Testing

/// Names of workloads, and the cache of their logs.
@Suite struct WorkloadNamesTests {
  @Test func `every name is a log, tiny one of each kind, and an unknown name none`() {
    for name in NamedWorkload.names {
      let logs = NamedWorkload.named(name, trace: "trace")
      #expect(logs.count == (name == "tiny" ? NamedWorkload.names.count - 2 : 1), "\(name)")
    }
    #expect(NamedWorkload.named("vm-trace", trace: "trace")[0].source == .file(path: "trace"))
    #expect(NamedWorkload.named("other", trace: "trace").isEmpty)
  }

  @Test func `a scale is of generated logs, and never none of them`() throws {
    func entryCount(_ scale: Double) throws -> Int {
      guard case .generated(let log) = NamedWorkload.named("recorded", trace: "", scale: scale)[0].source else {
        return 0
      }
      return log.entryCount
    }
    #expect(try entryCount(1) == 1_000_000)
    #expect(try entryCount(0.25) == 250_000)
    #expect(try entryCount(1e-9) == 10)
  }

  @Test func `two logs have two names, and contents are in an archive`() {
    let kinds: [GeneratedLog.Kind] = [
      .content(bytes: 1024), .content(bytes: 16), .recorded, .hotObject(percent: 20), .hotObject(percent: 30),
      .epochStorm(dataEntryCount: 10), .manyNodes(count: 50),
    ]
    let logs = kinds.flatMap { [GeneratedLog($0, entryCount: 10), GeneratedLog($0, entryCount: 10, seed: 2)] }
    #expect(Set(logs.map(\.fileName)).count == logs.count)
    for log in logs { #expect(log.fileName.hasSuffix(log.isArchive ? ".eqm" : ".jsonl.lz4")) }
  }

  /// The generator is a script that copies its arguments to where the log is to be.
  @Test func `a log is made once, and taken away only if asked`() throws {
    let folder = try TemporaryFolder()
    let generator = try ShellProgram.make(
      "echo \"$@\" > \"$3\"; echo made >> '\(folder.path)/made'", "generator", in: folder)
    let workload = NamedWorkload.named("hot-object", trace: "", scale: 0.001)[0]
    func use(discards: Bool) throws -> String {
      let cache = WorkloadCache(
        folder: "\(folder.path)/cache", generator: generator, version: "1", discards: discards)
      return try cache.withLog(workload) { path in path }
    }
    let path = try use(discards: false)
    #expect(try use(discards: true) == path)
    #expect(try folder.read("made").count == 5)
    #expect(!FileManager.default.fileExists(atPath: path))
    _ = try use(discards: false)
    let written = String(decoding: try folder.read(String(path.dropFirst(folder.path.count + 1))), as: UTF8.self)
    #expect(written.contains("--entries=1000 --seed=1 --workload=hot-object --hot-percent=20 -q"))
  }

  @Test func `a trace that is not there is said so, and a log that cannot be made`() throws {
    let folder = try TemporaryFolder()
    let cache = WorkloadCache(folder: folder.path, generator: MeasuredProgram(path: "false"), version: "1")
    let workload = NamedWorkload.named("vm-trace", trace: "\(folder.path)/trace")[0]
    #expect(throws: BenchFault.self) { try cache.withLog(workload) { path in path } }
    #expect(throws: BenchFault.self) { try cache.withLog(NamedWorkload.named("recorded", trace: "")[0]) { $0 } }
  }
}
