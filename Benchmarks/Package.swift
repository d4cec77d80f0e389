// swift-tools-version: 6.3
import PackageDescription

/// Warnings stop the build in CI only: a newer compiler's new warning must not stop a newcomer.
let warningsAreErrors: [SwiftSetting] =
  Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// Measurements of the replay engine, by its public API alone: a package of its own, so that whoever uses the engine
/// neither resolves nor builds it.
let package = Package(
  name: "replay-benchmarks",
  dependencies: [
    .package(name: "eqm-replay", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "replay-benchmarks",
      dependencies: [
        .product(name: "ReplayEngine", package: "eqm-replay"),
        .product(name: "LogGeneration", package: "eqm-replay"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ] + warningsAreErrors)
  ]
)
