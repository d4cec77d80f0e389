import Foundation
import ReplayTestSupport
import Testing

/// Rules of the house that a formatter does not know.
@Suite struct TidyTests {
  /// The stages of the parallel engine, in order.
  private static let parallelStages = [
    "LogDecoding", "ControlPlan", "Derivation", "ShardReplay", "EpochMerge", "ReplayPipeline",
  ]

  /// Every target of the flow, in the order of the package's manifest.
  private static let order =
    ["SystemFiles", "StorageProtocol", "Hashing", "LogReading", "StateCommitment"] + parallelStages + [
      "GoldenRun", "GoldenTrace", "StateSnapshot", "ContentRestore", "PostgresMirror", "PageMarkup", "Signing",
      "ProofFiles", "ReplayEvidence", "ReplayMetrics", "EvidenceReport", "ReplayServing", "ReplayEngine",
    ]

  private struct SourceFile {
    let path: String
    let lines: [String]
  }

  private func sources(under folder: String) throws -> [SourceFile] {
    let root = "\(Fixture.projectFolder)/\(folder)"
    let names = try #require(FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String })
    let files = try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      SourceFile(
        path: "\(folder)/\(name)",
        lines: try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8).components(separatedBy: "\n"))
    }
    #expect(!files.isEmpty)
    return files
  }

  @Test func `no pipeline source reads a clock, a random number or a hash order`() throws {
    let replacements = [
      "Date(": "take the time as an argument", "Double": "use BigNum128 or integers",
      "Float": "use BigNum128 or integers",
      "Task.detached": "use a task group", "hashValue": "use a digest", ".random(": "take a seeded generator",
      "SystemRandomNumberGenerator": "take a seeded generator", "try!": "throw", "as!": "use a conditional cast",
    ]
    let pipeline = TidyTests.order.dropLast()
    for file in try pipeline.flatMap({ try sources(under: "Sources/\($0)") }) {
      for (index, line) in file.lines.enumerated() where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
        for (word, replacement) in replacements where line.contains(word) {
          Issue.record("\(file.path):\(index + 1): \(word): \(replacement)")
        }
      }
    }
  }

  @Test func `files stay small`() throws {
    for file in try sources(under: "Sources") + sources(under: "Tests") {
      #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines")
    }
  }

  @Test func `functions can be seen whole`() throws {
    for file in try sources(under: "Sources") {
      var start: (line: Int, indent: String)?
      for (index, line) in file.lines.enumerated() {
        let indent = String(line.prefix { $0 == " " })
        if line.contains("func ") || line.contains(" init("), !line.contains("//") { start = (index, indent) }
        guard let function = start, line == function.indent + "}" else { continue }
        let length = index - function.line + 1
        #expect(length <= 70, "\(file.path):\(function.line + 1) has \(length) lines")
        start = nil
      }
    }
  }

  @Test func `a stage imports only the stages before it`() throws {
    let order = TidyTests.order
    for (position, stage) in order.enumerated() {
      let later = order[position...]
      for file in try sources(under: "Sources/\(stage)") {
        for line in file.lines where line.contains("import ") {
          let name = line.components(separatedBy: " ").last ?? ""
          #expect(!later.contains(name), "\(file.path): \(line)")
        }
      }
    }
    for file in try sources(under: "Sources/eqm-replay") {
      for line in file.lines where line.contains("import ") {
        let name = line.components(separatedBy: " ").last ?? ""
        #expect(!order.dropLast().contains(name), "\(file.path): the command line sees only ReplayEngine")
      }
    }
  }

  /// The oracle shares no code of a stage with what it judges, in either direction.
  @Test func `the golden engine and the parallel one do not import each other`() throws {
    let parallel = TidyTests.parallelStages + ["Hashing"]
    let golden = ["GoldenRun", "GoldenTrace"]
    for (stages, foreign) in [(golden, parallel), (parallel, golden)] {
      for file in try stages.flatMap({ try sources(under: "Sources/\($0)") }) {
        for line in file.lines where line.contains("import ") {
          let name = line.components(separatedBy: " ").last ?? ""
          #expect(!foreign.contains(name), "\(file.path): \(line)")
        }
      }
    }
  }

  @Test func `the manifest declares the stages in their order`() throws {
    let manifest = try String(contentsOfFile: "\(Fixture.projectFolder)/Package.swift", encoding: .utf8)
    let places = TidyTests.order.map { stage in
      ["stage(\"\(stage)\",", "stage(\n      \"\(stage)\","].compactMap { manifest.range(of: $0)?.lowerBound }.first
    }
    for (stage, place) in zip(TidyTests.order, places) { #expect(place != nil, "\(stage) is declared") }
    let known = places.compactMap(\.self)
    #expect(zip(known, known.dropFirst()).allSatisfy { $0 < $1 }, "\(TidyTests.order)")
  }

  @Test func `every module of C is called from one file, liblz4 from one each way`() throws {
    let callers = [
      "CLZ4": ["Sources/LogReading/FrameContext.swift", "Sources/LogReading/FrameEncoder.swift"],
      "CXXHash": ["Sources/LogReading/Checksum.swift"],
      "CKeccak": ["Sources/Hashing/DigestBatch.swift"], "CSHA256": ["Sources/StateCommitment/TreeHash.swift"],
      "CJSONText": ["Sources/LogDecoding/JSONTape.swift"], "CByteSearch": ["Sources/LogReading/WeightScan.swift"],
      "CHeap": ["Sources/ReplayPipeline/Spilling/Spill.swift"],
      "CPlantedWork": ["Sources/ReplayPipeline/PlantedWork.swift"],
      "CBuildInformation": ["Sources/ReplayEngine/ProcessFacts.swift"],
    ]
    let files = try sources(under: "Sources")
    for (module, callers) in callers {
      let importing = files.filter { $0.lines.contains { $0.hasSuffix("import \(module)") } }
      #expect(importing.map(\.path).sorted() == callers)
    }
  }
}
