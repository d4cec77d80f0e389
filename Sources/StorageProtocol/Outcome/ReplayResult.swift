/// Counters of a state: what the legacy hashes cover (protocol.md 11).
public struct StateSummary: Equatable, Sendable, Codable {
  public let nodeCount: UInt64
  public let objectCount: UInt64
  /// Shards, orphans included.
  public let shardCount: UInt64
  public let currentEpoch: Epoch
  public let totalAtrFees: BigNum128
  public let totalNodRewards: BigNum128
  public let eventLogCount: UInt64

  package init(
    nodeCount: UInt64, objectCount: UInt64, shardCount: UInt64, currentEpoch: Epoch, totalAtrFees: BigNum128,
    totalNodRewards: BigNum128, eventLogCount: UInt64
  ) {
    self.nodeCount = nodeCount
    self.objectCount = objectCount
    self.shardCount = shardCount
    self.currentEpoch = currentEpoch
    self.totalAtrFees = totalAtrFees
    self.totalNodRewards = totalNodRewards
    self.eventLogCount = eventLogCount
  }
}

/// The commitment to a state (protocol.md 12).
public struct StateRoots: Equatable, Sendable {
  public let state: Digest
  public let objects: Digest
  public let nodes: Digest
  public let log: Digest

  package init(state: Digest, objects: Digest, nodes: Digest, log: Digest) {
    self.state = state
    self.objects = objects
    self.nodes = nodes
    self.log = log
  }
}

/// The state right after an applied EPOCH_ADVANCEMENT, without the objects (protocol.md 12).
public struct Checkpoint: Equatable, Sendable, Codable {
  public let ordinal: Ordinal
  public let logRoot: Digest
  public let nodesRoot: Digest
  public let summary: StateSummary

  package init(ordinal: Ordinal, logRoot: Digest, nodesRoot: Digest, summary: StateSummary) {
    self.ordinal = ordinal
    self.logRoot = logRoot
    self.nodesRoot = nodesRoot
    self.summary = summary
  }
}

/// What a replay of a log found and reached. Equal for equal logs, whoever replays them and where.
public struct ReplayResult: Equatable, Sendable {
  public package(set) var entries = EntryCounts()
  public package(set) var stores = StoreCounts()
  public package(set) var proofs = ProofCounts()
  public package(set) var rejects = BoundedList<Rejection>()
  package var divergences = BoundedList<Divergence>()
  /// Nil where nothing was listed as accepted.
  package var acceptance: Acceptance?
  /// Whether at least one applied entry recorded an epoch, a placement or a proof to compare with.
  public package(set) var comparedWithRecorded = false
  public package(set) var recoveryPoint = RecoveryPoint()
  public package(set) var checkpoints: [Checkpoint] = []
  public let state: StateSummary
  public let roots: StateRoots

  package init(state: StateSummary, roots: StateRoots) {
    self.state = state
    self.roots = roots
  }

  /// The first divergence in the log that nobody accepted.
  package var firstDivergence: Divergence? {
    if let acceptance { acceptance.tally.firstUnaccepted } else { divergences.items.first }
  }
}
