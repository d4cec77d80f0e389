internal import LogGeneration
internal import StorageProtocol

/// In what a generated log differs from others of its workload, as typed; nil for what is usual of it.
public struct WorkloadArguments: Sendable {
  /// A size.
  public var contentBytes: String?
  public var nodes: Int?
  public var epochEvery: Int?
  public var hotPercent: Int?

  public init() {}

  /// The workloads by name.
  private static let workloads: [(name: String, kind: Workload.Kind)] = [
    ("uniform", .content(bytes: 1024)), ("zipf", .zipf), ("hot-object", .hotObject), ("epoch-storm", .epochStorm),
    ("many-nodes", .manyNodes), ("tiny", .content(bytes: 16)), ("large-content", .content(bytes: 1 << 20)),
    ("recorded", .recorded(objects: nil)),
  ]

  /// The log that was asked for.
  ///
  /// - Throws: `.usage` for an unknown workload, and for a shape that a log of it cannot have.
  func checked(workload name: String) throws(ReplayFailure) -> (Workload.Kind, Workload.Shape) {
    guard let kind = WorkloadArguments.workloads.first(where: { $0.name == name })?.kind else {
      let names = WorkloadArguments.workloads.map(\.name).joined(separator: ", ")
      throw .usage(UsageError(description: "--workload is one of \(names), not \(name)"))
    }
    var shape = Workload.Shape()
    shape.nodeCount = try number(nodes, in: Workload.Shape.nodeCounts, "--nodes")
    shape.epochDataEntryCount = try number(epochEvery, in: 1...Workload.entryCountLimit, "--epoch-every")
    shape.hotPercent = try number(hotPercent, in: Workload.Shape.hotPercents, "--hot-percent")
    guard hotPercent == nil || kind.isHot else {
      throw .usage(UsageError(description: "--hot-percent is for --workload hot-object: in \(name) nothing is hot"))
    }
    return (try sized(kind, name), shape)
  }

  private func number(_ number: Int?, in range: ClosedRange<Int>, _ option: String) throws(ReplayFailure) -> Int? {
    guard let number, !range.contains(number) else { return number }
    throw .usage(
      UsageError(description: "\(option) is a number from \(range.lowerBound) to \(range.upperBound), not \(number)"))
  }

  private func sized(_ kind: Workload.Kind, _ name: String) throws(ReplayFailure) -> Workload.Kind {
    guard let contentBytes else { return kind }
    guard case .content = kind else {
      throw .usage(UsageError(description: "--content-bytes is for workloads with content: \(name) has none"))
    }
    let range = Workload.Shape.contentBytes
    guard let bytes = ByteSize(contentBytes).flatMap({ Int(exactly: $0.bytes) }), range.contains(bytes) else {
      throw .usage(
        UsageError(description: "--content-bytes is a size from 0 to \(range.upperBound >> 20)MiB, not \(contentBytes)")
      )
    }
    return .content(bytes: bytes)
  }
}
