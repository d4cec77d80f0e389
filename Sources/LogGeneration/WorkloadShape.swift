internal import StorageProtocol

extension Workload {
  /// In what a log differs from others of its kind; nil for what is usual of that kind.
  public struct Shape: Hashable, Sendable {
    /// Nodes of a log: enough for every replica of a shard to have one of its own.
    public static let nodeCounts = GovernedConstants().replicationFactor...100_000
    /// Parts of a hundred that may be hot: a tenth of the entries are proofs.
    public static let hotPercents = 0...90
    /// Bytes of each content: a writer holds some contents and their text in memory.
    public static let contentBytes = 0...64 << 20

    /// Nodes registered at the start.
    public var nodeCount: Int?
    /// Data entries between two EPOCH_ADVANCEMENTs.
    public var epochDataEntryCount: Int?
    /// Of a hundred entries, those that store what is hot: of ``Kind/hotObject`` and ``Kind/hotVersion`` alone.
    public var hotPercent: Int?

    public init() {}

    /// Stops where a log of `kind` cannot have this shape.
    func assertFits(_ kind: Kind) {
      precondition(nodeCount.map(Shape.nodeCounts.contains) ?? true, "a log has \(Shape.nodeCounts) nodes")
      precondition(epochDataEntryCount.map { $0 > 0 } ?? true, "an epoch has data entries")
      precondition(hotPercent.map(Shape.hotPercents.contains) ?? true, "of 100 entries \(Shape.hotPercents) are hot")
      precondition(hotPercent == nil || kind.isHot, "something is hot")
    }
  }

  /// Nodes registered before anything else.
  var nodeCount: Int { shape.nodeCount ?? (kind == .manyNodes ? 5000 : 12) }

  /// Data entries between two EPOCH_ADVANCEMENTs: fewer where entries are large.
  var epochDataEntryCount: Int {
    if let count = shape.epochDataEntryCount { return count }
    if kind == .epochStorm { return 10 }
    return min(1000, max(50, (64 << 20) / max(1, kind.contentBytes ?? 0)))
  }

  /// Of a hundred entries, those that store what is hot.
  var hotPercent: Int { shape.hotPercent ?? 20 }
}

extension Workload.Shape: CustomStringConvertible {
  /// The shape as a part of a file's name: empty for what is usual, else as `-nodes-500-epoch-10-hot-30`.
  public var description: String {
    [("nodes", nodeCount), ("epoch", epochDataEntryCount), ("hot", hotPercent)]
      .compactMap { word, number in number.map { "-\(word)-\($0)" } }.joined()
  }
}

extension Workload.Kind {
  /// Whether a part of the entries stores one object.
  public var isHot: Bool { self == .hotObject || self == .hotVersion }
}
