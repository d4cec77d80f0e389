// swift-tools-version: 6.3
import PackageDescription

/// Warnings stop the build in CI only: a newer compiler's new warning must not stop a newcomer.
let warningsAreErrors: [SwiftSetting] =
  Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

let swiftSettings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + warningsAreErrors

/// Named by the Makefile: a manifest cannot see it.
let revision: [CSetting] =
  Context.environment["EQM_BUILD_REVISION"].map { [.define("EQM_REPLAY_REVISION", to: "\"\($0)\"")] } ?? []

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let database: [Target.Dependency] = [
  .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
]

/// A target of the flow: the names before it in this list are all it may know.
func stage(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let package = Package(
  name: "eqm-replay",
  products: [
    .executable(name: "eqm-replay", targets: ["eqm-replay"]),
    .library(name: "ReplayEngine", targets: ["ReplayEngine"]),
    .library(name: "LogGeneration", targets: ["LogGeneration"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    stage("SystemFiles", []),
    stage("StorageProtocol", [crypto]),
    .target(name: "CKeccak"),
    stage("Hashing", ["StorageProtocol", "CKeccak"]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .target(name: "CXXHash"),
    .target(name: "CByteSearch"),
    stage("LogReading", ["SystemFiles", "StorageProtocol", "CLZ4", "CXXHash", "CByteSearch"]),
    .target(name: "CSHA256"),
    stage("StateCommitment", ["StorageProtocol", "CSHA256"]),
    .target(name: "CJSONText"),
    stage("LogDecoding", ["StorageProtocol", "Hashing", "LogReading", "CJSONText"]),
    stage("ControlPlan", ["StorageProtocol", "LogDecoding"]),
    stage("Derivation", ["StorageProtocol", "Hashing", "LogDecoding", "StateCommitment", "ControlPlan"]),
    .target(name: "CHeap"),
    stage("ShardReplay", ["StorageProtocol", "StateCommitment", "LogDecoding", "ControlPlan", "Derivation", "CHeap"]),
    stage(
      "EpochMerge",
      ["StorageProtocol", "StateCommitment", "LogDecoding", "ControlPlan", "Derivation", "ShardReplay"]),
    .target(name: "CPlantedWork"),
    stage(
      "ReplayPipeline",
      [
        "SystemFiles", "StorageProtocol", "Hashing", "LogReading", "StateCommitment", "LogDecoding", "ControlPlan",
        "Derivation",
        "ShardReplay", "EpochMerge", "CHeap", "CPlantedWork",
      ]),
    stage(
      "LogPacking", ["SystemFiles", "StorageProtocol", "LogReading", "LogDecoding", "ReplayPipeline"]),
    stage("GoldenRun", ["StorageProtocol", "LogReading", "StateCommitment"]),
    stage("GoldenTrace", ["SystemFiles", "StorageProtocol", "LogReading", "StateCommitment", "GoldenRun"]),
    stage(
      "DivergenceSearch",
      ["SystemFiles", "StorageProtocol", "LogReading", "ReplayPipeline", "LogPacking", "GoldenRun", "GoldenTrace"]),
    stage("StateSnapshot", ["SystemFiles", "StorageProtocol", "StateCommitment"] + database),
    stage(
      "ContentRestore", ["SystemFiles", "StorageProtocol", "LogReading", "LogDecoding", "ReplayPipeline"]),
    stage("PostgresMirror", ["SystemFiles", "StorageProtocol", "StateCommitment", "StateSnapshot"]),
    stage("LogGeneration", ["SystemFiles", "StorageProtocol", "Hashing", "LogReading", "GoldenRun"]),
    stage("PageMarkup", []),
    stage("Benchmarking", ["SystemFiles", "StorageProtocol", "GoldenRun", "PageMarkup"]),
    stage("Signing", ["StorageProtocol", crypto]),
    stage("ProofFiles", ["StorageProtocol", "StateCommitment", "GoldenRun", "Signing"]),
    stage("ReplayEvidence", ["StorageProtocol", "StateCommitment", "GoldenRun", "Signing"]),
    stage("ReplayMetrics", ["StorageProtocol", "StateCommitment", "ReplayEvidence"]),
    stage("EvidenceReport", ["StorageProtocol", "PageMarkup", "ReplayEvidence"]),
    .target(name: "CBuildInformation", cSettings: revision),
    stage(
      "ReplayServing",
      [
        "SystemFiles", "StorageProtocol", "PageMarkup", "ReplayEvidence", "ReplayMetrics",
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    stage(
      "ReplayEngine",
      [
        "SystemFiles", "StorageProtocol", "Hashing", "LogReading", "StateCommitment", "LogDecoding", "ShardReplay",
        "EpochMerge", "ReplayPipeline", "LogPacking", "GoldenRun", "GoldenTrace", "DivergenceSearch", "StateSnapshot",
        "ContentRestore", "PostgresMirror", "LogGeneration", "Benchmarking", "Signing",
        "ProofFiles", "ReplayEvidence", "ReplayMetrics", "EvidenceReport", "ReplayServing", "CBuildInformation",
      ]),
    .executableTarget(
      name: "eqm-replay",
      dependencies: [
        "ReplayEngine", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings),

    .target(
      name: "ReplayTestSupport",
      dependencies: ["StorageProtocol", "LogReading", "LogDecoding", "ShardReplay", "GoldenRun", "CLZ4"],
      path: "Tests/ReplayTestSupport", swiftSettings: swiftSettings),
    tests("SystemFilesTests", ["SystemFiles", "ReplayTestSupport"]),
    tests("StorageProtocolTests", ["LogGeneration", "StorageProtocol", "GoldenRun", "ReplayTestSupport"]),
    tests("HashingTests", ["LogGeneration", "StorageProtocol", "Hashing", "ReplayTestSupport"]),
    tests("LogReadingTests", ["StorageProtocol", "LogReading", "ReplayTestSupport"]),
    tests(
      "StateCommitmentTests", ["LogGeneration", "StorageProtocol", "StateCommitment", "CSHA256", "ReplayTestSupport"]),
    tests("LogDecodingTests", ["StorageProtocol", "LogReading", "LogDecoding", "GoldenRun", "ReplayTestSupport"]),
    tests("ControlPlanTests", ["StorageProtocol", "LogReading", "LogDecoding", "ControlPlan", "ReplayTestSupport"]),
    tests("DerivationTests", ["StorageProtocol", "Derivation"]),
    tests(
      "ShardReplayTests",
      [
        "StorageProtocol", "Hashing", "LogReading", "StateCommitment", "LogDecoding", "ControlPlan", "Derivation",
        "ShardReplay", "GoldenRun", "ReplayTestSupport",
      ]),
    tests("ReplayScheduleTests", ["StorageProtocol", "ReplayPipeline"]),
    tests("GoldenRunTests", ["GoldenRun", "StateCommitment", "ReplayTestSupport"]),
    tests(
      "ReplayPipelineTests",
      [
        "ReplayPipeline", "EpochMerge", "ShardReplay", "LogDecoding", "LogGeneration", "GoldenRun", "StateCommitment",
        "StorageProtocol", "SystemFiles", "LogReading", "ReplayTestSupport",
      ]),
    tests(
      "LogGenerationTests", ["StorageProtocol", "LogReading", "LogGeneration", "GoldenRun", "ReplayTestSupport"]),
    tests(
      "DivergenceTests",
      [
        "ReplayEngine", "LogGeneration", "GoldenRun", "StateCommitment", "StorageProtocol", "LogReading",
        "ReplayTestSupport",
      ]),
    tests("SigningTests", ["StorageProtocol", "Signing", "ReplayTestSupport"]),
    tests(
      "ProofFilesTests",
      ["StorageProtocol", "StateCommitment", "GoldenRun", "Signing", "ProofFiles", "ReplayTestSupport"]),
    tests("ReplayMetricsTests", ["ReplayMetrics"]),
    tests("ReplayServingTests", ["StorageProtocol", "ReplayMetrics", "ReplayServing", "ReplayTestSupport"]),
    tests("ReplayEvidenceTests", ["ReplayEvidence", "StateCommitment", "ReplayTestSupport"]),
    tests(
      "EvidenceReportTests",
      ["EvidenceReport", "PageMarkup", "ReplayEvidence", "StorageProtocol", "ReplayTestSupport"]),
    tests(
      "CommandLineTests",
      ["eqm-replay", "LogReading", "StateCommitment", "Signing", "ReplayEvidence", "ReplayTestSupport"]),
    tests(
      "ContentRestoreTests",
      ["eqm-replay", "StorageProtocol", "LogReading", "GoldenRun", "LogGeneration", "ReplayTestSupport"]),
    tests("BenchmarkingTests", ["Benchmarking", "StorageProtocol", "ReplayTestSupport"]),
    tests("ReplayEngineTests", ["ReplayEngine"]),
    tests("TidyTests", ["ReplayTestSupport"]),
  ]
)

// The thread sanitizer watches schedules (`make test-threads`): with this set, nothing is built that they do without, the database
// and the server among it.
if Context.environment["EQM_REPLAY_SCHEDULES_ONLY"] != nil {
  let watched: Set<String> = [
    "SystemFiles", "StorageProtocol", "CKeccak", "Hashing", "CLZ4", "CXXHash", "CByteSearch", "LogReading",
    "CSHA256", "StateCommitment", "CJSONText", "LogDecoding", "ControlPlan", "Derivation", "ShardReplay", "EpochMerge",
    "CHeap", "CPlantedWork", "ReplayPipeline", "GoldenRun", "LogGeneration", "ReplayTestSupport", "ReplayPipelineTests",
  ]
  package.targets.removeAll { !watched.contains($0.name) }
  package.products = []
  package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    return ["GRDB.swift", "FlyingFox"].contains { location.hasSuffix("/\($0)") }
  }
}
